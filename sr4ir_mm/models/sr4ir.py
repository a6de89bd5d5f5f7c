# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""SR4IR: super-resolution for image recognition (Section 3 of the paper)."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial

import torch
from mmengine.model import BaseModel
from mmengine.structures import BaseDataElement
from torch import Tensor, nn

from sr4ir_mm.checkpoints import init_net_from
from sr4ir_mm.errors import ConfigError
from sr4ir_mm.registry import MODELS, TRANSFORMS
from sr4ir_mm.utils.nets import drop_wrapper_names, unwrap

from .build_net import NetConfig, build_net
from .checkpoint_blocks import checkpoint_blocks
from .init_nets import check_init, find_parts, named_weights, warn_of_untrained
from .memory_format import set_memory_format
from .nets.bilinear_upsampler import BilinearUpsampler
from .phase_batch import PhaseBatch
from .predictions import add_images, in_sr_frame
from .sr_contract import check_contract, restore
from .task_adapters import TaskAdapter, copy_data_samples, find_adapter, keep_full_precision
from .tiles import Tiles

BICUBIC = dict(type='BicubicDegradation')
CQMIX = dict(type='CQMix')
PREPROCESSOR = dict(type='SRDataPreprocessor')
AS_THE_LIBRARIES_SAY: dict = {}
LOSSES = dict(pixel=dict(type='PixelLoss'), tdp=dict(type='TDPLoss'), task=dict(type='TaskLoss'))


@MODELS.register_module()
class SR4IR(BaseModel):
    """An SR net S and a task model T, each any model of its library.

    The model makes images, computes named losses on named images and predicts. Which loss is
    minimised on which images for which net, and when, is up to the phases of the training loop.

    Args:
        task (str | dict, optional): The task model; see :func:`build_net`. None where only an SR
            net is trained. Defaults to None.
        sr (str | dict, optional): The SR net, ``(N, 3, h, w)`` to ``(N, 3, scale * h, scale * w)``,
            RGB in [0, 1]. None where no setting needs one. Defaults to None.
        scale (int): The SR factor. Defaults to 1.
        extra_nets (dict, optional): Further nets by the name that phases and losses use, each as
            ``task``; such as a discriminator, or a fixed task net. Defaults to None.
        degradation (dict): How LR images are made from HR images.
        cqmix (dict): How SR and HR images are mixed.
        losses (dict): Losses by the name that phases use; merged over pixel, tdp and task.
        init (dict, optional): Work dirs or checkpoints that nets, or parts of them such as
            'task.backbone', start from; they take the place of the libraries' own. None, for one
            of them or in place of the dict, starts from scratch. Defaults to {}, all as the
            libraries' configs say.
        predict_on (str): Images that the task model is tested on: 'sr', or 'hr' for the oracle; any
            of :attr:`PhaseBatch.IMAGES` but 'lr'. Defaults to 'sr'.
        compare_padded (bool): Hand SR and HR images to the metrics with the padding that makes
            the scale divide them, as the paper's detection does. Defaults to False.
        fast (bool): Compute the same, to rounding, in less time: faster parts (:func:`accelerate`),
            the memory format 'auto', optimizers that step in one kernel; where S is not updated
            one image type's graph in memory at a time; on CPUs :func:`freed_memory_kept`. Defaults
            to False.
        memory_format (str, optional): Of the nets' weights, 'channels_last', 'contiguous' or
            'auto'; see :func:`set_memory_format`. None is 'auto' if fast, else 'contiguous'.
            Defaults to None.
        checkpoint_sr (bool): Save memory in the training of S, which then computes its blocks
            twice; see :func:`checkpoint_blocks`. Defaults to False.
        data_preprocessor (dict): See :class:`SRDataPreprocessor`; it gets the scale.

    Raises:
        ConfigError: An argument cannot be used.
    """

    net_names: tuple[str, ...] = ()

    def __init__(
        self,
        task: NetConfig | None = None,
        sr: NetConfig | None = None,
        scale: int = 1,
        extra_nets: Mapping[str, NetConfig] | None = None,
        degradation: dict = BICUBIC,
        cqmix: dict = CQMIX,
        losses: dict = LOSSES,
        init: Mapping[str, str | None] | None = AS_THE_LIBRARIES_SAY,
        predict_on: str = 'sr',
        compare_padded: bool = False,
        fast: bool = False,
        memory_format: str | None = None,
        checkpoint_sr: bool = False,
        data_preprocessor: dict = PREPROCESSOR,
    ) -> None:
        if not isinstance(scale, int) or scale < 1:
            raise ConfigError(f'model.scale is {scale!r}, not a positive integer.')
        super().__init__(MODELS.build(dict(data_preprocessor, scale=scale)))
        self.scale = scale
        self.fast = fast
        self.memory_format = memory_format or ('auto' if fast else 'contiguous')
        self.predict_on = predict_on
        self.compare_padded = compare_padded
        self.tiles: Tiles | None = None  # for large images, at inference
        self.with_statistics = True  # whether task losses come with what is for the log alone
        self.degradation = MODELS.build(dict(degradation, scale=scale))
        self.cqmix = TRANSFORMS.build(cqmix)
        self.losses = nn.ModuleDict({k: MODELS.build(v) for k, v in (LOSSES | losses).items()})
        self.init = dict.fromkeys(('sr', 'task', *(extra_nets or ()))) if init is None else init
        self._adapters: dict[str, type[TaskAdapter]] = {}
        tasks: dict[str, NetConfig | None] = {'task': task, **(extra_nets or {})}
        self._build_nets(sr, tasks)
        nets = {name: self.net(name) for name in self.net_names}
        set_memory_format(nets.values(), self.memory_format)
        if checkpoint_sr and self.sr is not None:
            checkpoint_blocks(self.sr)
        for loss in self.losses.values():
            if hasattr(loss, 'check'):
                loss.check(nets)  # type: ignore[operator]
        check_init(self.init, ('sr', *tasks))
        self._register_state_dict_hook(drop_wrapper_names)

    def _build_nets(self, sr: NetConfig | None, tasks: Mapping[str, NetConfig | None]) -> None:
        """Build S and the task nets, each under its name."""
        self.sr = None if sr is None else self._build('sr', sr)[0]
        if self.sr is not None:
            check_contract(self.sr, self.scale)
        for name, cfg in tasks.items():
            if hasattr(self, name):
                raise ConfigError(f'model.extra_nets names a net {name!r}: that name is taken.')
            setattr(self, name, None)
            if cfg is not None:
                net, scope = self._build(name, cfg)
                setattr(self, name, net)
                # A net around a task model says of which library that is.
                scope = getattr(net, 'scope', scope)
                self._adapters[name] = find_adapter(scope, f'model.{name}')
                keep_full_precision(net)
        self.net_names = tuple(n for n in ('sr', *tasks) if getattr(self, n) is not None)

    def _build(self, name: str, cfg: NetConfig) -> tuple[nn.Module, str]:
        keys = [key.partition('.') for key in self.init]
        parts = {part for net, _, part in keys if net == name}
        return build_net(cfg, f'model.{name}', self.fast, parts)

    def net(self, name: str, wrapped: bool = False) -> nn.Module:
        """Give a net by its name, in its distributed wrapper (if it has one) only when asked."""
        net = getattr(self, name)
        return net if wrapped else unwrap(net)

    def adapter(self, name: str, wrapped: bool = False) -> TaskAdapter:
        """Bind an adapter to a task net.

        Each batch has adapters of its own: which nets are called through their distributed wrappers
        changes with the phase.
        """
        return self._adapters[name](self.net(name, wrapped), self.with_statistics)

    def batch(
        self, inputs: dict, data_samples: Sequence[BaseDataElement], update: Collection[str] = ()
    ) -> PhaseBatch:
        """Prepare a batch for a phase.

        A net that is updated is called through its distributed wrapper, which then averages its
        gradients; any other one without, for the wrapper would wait for gradients.

        Args:
            inputs (dict): From the data preprocessor.
            data_samples (Sequence[BaseDataElement]): From the data preprocessor.
            update (Collection[str]): The nets that the phase updates. Defaults to none.
        """
        makers = dict(
            lr=self.degradation,
            bilinear=BilinearUpsampler(self.scale),
            cqmix=lambda sr, hr: self.cqmix(dict(sr=sr, hr=hr))['cqmix'],
        )
        if self.sr is not None:
            net = self.net('sr', 'sr' in update)
            makers['sr'] = partial(restore, net, scale=self.scale, tiles=self.tiles)
        adapters = {name: self.adapter(name, name in update) for name in self._adapters}
        return PhaseBatch(inputs, data_samples, makers, adapters, update)

    def init_weights(self) -> None:
        """Initialise as the libraries do, then load what ``init`` names.

        Raises:
            CheckpointError: A source is missing or does not fit.
            ConfigError: It names a net or a part that there is not.
        """
        parts = find_parts(self, self.init)
        # Random numbers fill weights in the order in which they lie in memory.
        nets = [self.net(name) for name in self.net_names]
        set_memory_format(nets, 'contiguous')
        warn_of_untrained(self, {name: source for name, source in self.init.items() if source})
        with named_weights(self):
            super().init_weights()
        for name, module, source in parts:
            init_net_from(module, source, name)
        set_memory_format(nets, self.memory_format)

    def forward(
        self, inputs: dict, data_samples: list | None = None, mode: str = 'tensor'
    ) -> Tensor | list:
        """Restore or predict. Training calls :meth:`batch` and :meth:`PhaseBatch.terms`.

        Args:
            inputs (dict): From the data preprocessor.
            data_samples (list, optional): From the data preprocessor.
            mode (str): 'tensor' or 'predict'. Defaults to 'tensor'.

        Returns:
            Tensor | list: 'tensor': SR images ``(N, 3, H, W)``, RGB, nominally in [0, 1], padded.
                'predict': data samples with predictions and images; see :func:`add_images`.

        Raises:
            ConfigError: The mode is 'loss' or unknown.
        """
        if mode == 'tensor':
            return self.batch(inputs, data_samples or []).image('sr')
        if mode == 'predict':
            return self.predict(inputs, data_samples or [])
        raise ConfigError(
            f'SR4IR has no mode {mode!r}: losses belong to phases (phases=[...] in the config).'
        )

    @torch.no_grad()
    def predict(
        self, inputs: dict, data_samples: Sequence[BaseDataElement], image: str | None = None
    ) -> list[BaseDataElement]:
        """Let T see S's output as it is, neither clamped nor rounded.

        Args:
            inputs (dict): From the data preprocessor.
            data_samples (Sequence[BaseDataElement]): From the data preprocessor. For LR images
                alone it may be empty, and boxes and label maps are in pixels of the SR images.
            image (str, optional): What T sees in place of :attr:`predict_on`. Defaults to None.

        Returns:
            list[BaseDataElement]: As :meth:`forward` says.
        """
        image = image or self.predict_on
        if 'hr' not in inputs:
            data_samples = in_sr_frame(data_samples, inputs['sizes'], self._adapters.get('task'))
        batch = self.batch(inputs, data_samples)
        if self.task is None:
            samples = copy_data_samples(data_samples)
        else:
            samples = batch.task.predict(image)
        add_images(samples, batch, image, self.compare_padded)
        return samples
