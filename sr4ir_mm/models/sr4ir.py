# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""SR4IR: super-resolution for image recognition (Section 3 of the paper)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import torch
from mmengine.model import BaseModel
from torch import Tensor, nn

from sr4ir_mm.checkpoints import init_net_from
from sr4ir_mm.errors import CheckpointError, ConfigError
from sr4ir_mm.registry import MODELS, TASK_ADAPTERS, TRANSFORMS

from .build_net import NetConfig, build_net
from .phase_batch import PhaseBatch, unwrap
from .task_adapters import TaskAdapter

BICUBIC = dict(type='BicubicDegradation')
CQMIX = dict(type='CQMix')
PREPROCESSOR = dict(type='SRDataPreprocessor')
LOSSES = dict(pixel=dict(type='PixelLoss'), tdp=dict(type='TDPLoss'), task=dict(type='TaskLoss'))
TAKEN = ('sr', 'losses', 'degradation', 'cqmix', 'init', 'predict_on')  # names of its own parts


@MODELS.register_module()
class SR4IR(BaseModel):
    """An SR net S and a task model T, each any model of its library.

    The model makes images, computes named losses on named images and predicts. Which loss is
    minimised on which images for which net, and when, is said by the phases of the training loop.

    Args:
        task (str | dict, optional): The task model; see :func:`build_net`. None where only an SR
            net is trained. Defaults to None.
        sr (str | dict, optional): The SR net, ``(N, 3, h, w)`` to ``(N, 3, scale * h, scale * w)``,
            RGB in [0, 1]. None where no setting needs one. Defaults to None.
        scale (int): The SR factor. Defaults to 1.
        others (dict): Further nets by the name that phases and losses use, each as ``task``; such
            as a discriminator, or a fixed task net. Defaults to none.
        degradation (dict): How LR images are made from HR images.
        cqmix (dict): How SR and HR images are mixed.
        losses (dict): Losses by the name that phases use; merged over pixel, tdp and task.
        init (dict, optional): Work dirs or checkpoints that nets, or parts of them such as
            'task.backbone', start from. None starts from scratch. Defaults to None.
        predict_on (str): Images that the task model is tested on: 'sr', or 'hr' for the oracle; any
            of :attr:`PhaseBatch.IMAGES` but 'lr'. Defaults to 'sr'.
        compare_padded (bool): Hand SR and HR images to the metrics with the padding that makes
            the scale divide them, as the paper's detection does. Defaults to False.
        data_preprocessor (dict): See :class:`SRDataPreprocessor`; it gets the scale.
    """

    def __init__(
        self,
        task: NetConfig | None = None,
        sr: NetConfig | None = None,
        scale: int = 1,
        others: Mapping[str, NetConfig] | None = None,
        degradation: dict = BICUBIC,
        cqmix: dict = CQMIX,
        losses: dict = LOSSES,
        init: Mapping[str, str | None] | None = None,
        predict_on: str = 'sr',
        compare_padded: bool = False,
        data_preprocessor: dict = PREPROCESSOR,
    ) -> None:
        if not isinstance(scale, int) or scale < 1:
            raise ConfigError(f'model.scale is {scale!r}, not a positive integer.')
        super().__init__(MODELS.build(dict(data_preprocessor, scale=scale)))
        self.scale = scale
        self.sr = None if sr is None else build_net(sr, 'model.sr')[0]
        self.task: nn.Module | None = None
        self.adapters = {'task': TaskAdapter()}
        for name, net in {'task': task, **(others or {})}.items():
            if net is not None:
                if name != 'task' and (name in TAKEN or hasattr(self, name)):
                    raise ConfigError(f'model.others names a net {name!r}: that name is taken.')
                built, scope = build_net(net, f'model.{name}')
                setattr(self, name, built)
                self.adapters[name] = _build_adapter(getattr(built, 'scope', scope), name)
        named = ('sr', 'task', *(others or {}))
        self.net_names = tuple(name for name in named if getattr(self, name, None) is not None)
        self.degradation = MODELS.build(dict(degradation, scale=scale))
        self.cqmix = TRANSFORMS.build(cqmix)
        self.losses = nn.ModuleDict({k: MODELS.build(v) for k, v in (LOSSES | losses).items()})
        for loss in self.losses.values():
            if hasattr(loss, 'check'):
                loss.check(self)  # type: ignore[operator]
        self.init = {} if init is None else {k: v for k, v in init.items() if v is not None}
        for name in self.init:
            if name.partition('.')[0] not in named:
                raise ConfigError(
                    f'model.init names {name!r}: its keys are {", ".join(named)} or parts of '
                    "them, such as 'task.backbone'."
                )
        self.predict_on = predict_on
        self.compare_padded = compare_padded
        self._register_state_dict_hook(_drop_wrapper_names)

    @property
    def adapter(self) -> TaskAdapter:
        """TaskAdapter: How the task net is called."""
        return self.adapters['task']

    def bare(self, name: str) -> Any:
        """Give a net without a distributed wrapper."""
        return unwrap(getattr(self, name))

    def init_weights(self) -> None:
        """Initialise as the libraries do, then load what ``init`` names.

        Raises:
            CheckpointError: Weights that a net starts from cannot be had.
        """
        try:
            super().init_weights()
        except (OSError, RuntimeError) as error:  # a download without a network ends in these
            wanted = ', '.join(_pretrained(self)) or 'none named'
            raise CheckpointError(
                f'Weights that a net starts from cannot be had: {wanted} ({error}). Name a file '
                "with init_cfg=dict(type='Pretrained', checkpoint=PATH) where the net has that "
                'name, or set that init_cfg to None.'
            ) from error
        for name, source in self.init.items():
            net, _, part = name.partition('.')
            if net not in self.net_names:
                raise ConfigError(f'model.init names {name!r}, but model.{net} is None.')
            try:
                module = self.bare(net).get_submodule(part)
            except AttributeError as error:
                raise ConfigError(f'model.init names {name!r}, but {error}.') from error
            init_net_from(module, source, name)

    def phase_losses(
        self,
        inputs: dict,
        data_samples: list,
        update: Collection[str],
        losses: Mapping[str, Mapping[str, float]],
    ) -> dict[str, Tensor | list[Tensor]]:
        """Compute a phase's losses.

        Args:
            inputs (dict): From the data preprocessor.
            data_samples (list): From the data preprocessor.
            update (Collection[str]): The nets that the phase updates.
            losses (Mapping): Loss name to image type to weight, such as ``dict(task=dict(sr=0.34,
                hr=0.34, cqmix=0.34))``; computed in that order.

        Returns:
            dict[str, Tensor | list[Tensor]]: Weighted terms; ``loss_pixel``, ``loss_tdp``, and
                the task model's own under ``<image>.<its name>``.
        """
        batch = PhaseBatch(self, inputs, data_samples, update)
        terms: dict[str, Tensor | list[Tensor]] = {}
        for name, weights in losses.items():
            for image, weight in weights.items():
                value = self.losses[name](batch, image)
                if isinstance(value, Tensor):
                    prefix = '' if image == 'sr' else f'{image}.'
                    terms[f'{prefix}loss_{name}'] = value * weight
                else:
                    # Task losses of different nets in one phase must not overwrite each other.
                    prefix = f'{image}.' if name == 'task' else f'{image}.{name}.'
                    terms |= {f'{prefix}{k}': _weigh(k, v, weight) for k, v in value.items()}
        return terms

    def forward(
        self, inputs: dict, data_samples: list | None = None, mode: str = 'tensor'
    ) -> Tensor | list:
        """Restore or predict. Training calls :meth:`phase_losses`.

        Args:
            inputs (dict): From the data preprocessor.
            data_samples (list, optional): From the data preprocessor.
            mode (str): 'tensor' or 'predict'. Defaults to 'tensor'.

        Returns:
            Tensor | list: 'tensor': SR images ``(N, 3, H, W)``, RGB, nominally in [0, 1], padded.
                'predict': data samples with predictions and, for the image metrics, ``sr`` (what
                the task model saw) and ``hr``, ``(3, H_i, W_i)`` each, and ``lr``; ``hr_shape``
                is their (height, width) without padding.

        Raises:
            ConfigError: The mode is 'loss' or unknown.
        """
        batch = PhaseBatch(self, inputs, data_samples or [])
        if mode == 'tensor':
            return batch.image('sr')
        if mode == 'predict':
            return self._predict(batch)
        raise ConfigError(f'SR4IR has no mode {mode!r}: losses belong to phases (phase_losses).')

    @torch.no_grad()
    def _predict(self, batch: PhaseBatch) -> list:
        """Let T see S's output as it is, neither clamped nor rounded."""
        image = self.predict_on
        if self.task is None:
            samples = self.adapter.copy(batch.data_samples)
        else:
            samples = self.adapter.predict(
                batch.net('task'), batch.crops(image), batch.data_samples
            )
        give = batch.image if self.compare_padded else batch.crops
        images = zip(samples, give(image), give('hr'), batch.inputs['sizes'], strict=True)
        for sample, sr, hr, size in images:
            sample.set_data(dict(sr=sr, hr=hr))
            sample.set_metainfo(dict(hr_shape=size))
        if image != 'hr':
            for sample, lr in zip(samples, batch.image('lr'), strict=True):
                sample.set_data(dict(lr=lr))
        return samples


def _build_adapter(scope: str, name: str) -> TaskAdapter:
    # Not TASK_ADAPTERS.get: it would take the library itself for a type of that name.
    TASK_ADAPTERS.import_from_location()
    adapter = TASK_ADAPTERS.module_dict.get(scope)
    if adapter is None:
        raise ConfigError(
            f'model.{name} is of the library {scope!r}, which has no adapter; there are adapters '
            f'for {", ".join(sorted(TASK_ADAPTERS.module_dict))}. A new one is registered in '
            "TASK_ADAPTERS under the library's scope."
        )
    return adapter()


def _pretrained(model: nn.Module) -> list[str]:
    """List the checkpoints that the libraries' own ``init_cfg`` name."""
    configs = [getattr(module, 'init_cfg', None) for module in model.modules()]
    named = [cfg.get('checkpoint') for cfg in configs if isinstance(cfg, dict)]
    return sorted({name for name in named if name})


def _weigh(name: str, value: Tensor | list[Tensor], weight: float) -> Tensor | list[Tensor]:
    """Weigh what will be back-propagated; statistics, such as an accuracy, stay as they are."""
    if 'loss' not in name:
        return value
    return [term * weight for term in value] if isinstance(value, list) else value * weight


def _drop_wrapper_names(model: SR4IR, state: dict, prefix: str, _: dict) -> None:
    """Save the same names from one process and from many, whose nets have wrappers."""
    for name in model.net_names:
        wrapped = f'{prefix}{name}.module.'
        if unwrap(getattr(model, name)) is not getattr(model, name):
            for key in [key for key in state if key.startswith(wrapped)]:
                state[f'{prefix}{name}.{key[len(wrapped) :]}'] = state.pop(key)
