# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""One optimizer wrapper for each net."""

import logging
from collections.abc import Mapping
from copy import deepcopy

from mmengine.logging import print_log
from mmengine.optim import DefaultOptimWrapperConstructor, OptimWrapperDict
from torch import nn

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.registry import OPTIM_WRAPPER_CONSTRUCTORS
from sr4ir_mm.utils.nets import unwrap
from sr4ir_mm.utils.spelling import misspelt, suggest

from .fused import in_one_kernel


@OPTIM_WRAPPER_CONSTRUCTORS.register_module()
class PerNetOptimWrapperConstructor:
    """Build an ``OptimWrapperDict`` with an entry for each net that the config names.

    Optimizers of a model with ``fast`` step in one kernel where PyTorch has it.

    The same ``optim_wrapper`` serves all settings: the loop takes the entries of nets that no
    phase of the setting updates out of it before.

    Args:
        optim_wrapper_cfg (dict): Net name to the config of its wrapper, each as MMEngine's
            default constructor takes it, ``paramwise_cfg`` included.
        paramwise_cfg (None): Not used; each net's own belongs in its entry.

    Examples:
        >>> optim_wrapper = dict(
        ...     constructor='PerNetOptimWrapperConstructor',
        ...     sr=dict(type='OptimWrapper', optimizer=dict(type='AdamW', lr=1e-4)),
        ...     task=dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.02)),
        ... )
    """

    def __init__(self, optim_wrapper_cfg: dict, paramwise_cfg: dict | None = None) -> None:
        if paramwise_cfg is not None:
            raise ConfigError(
                'optim_wrapper.paramwise_cfg has no net: write optim_wrapper.<net>.paramwise_cfg.'
            )
        self.optim_wrapper_cfg = deepcopy(optim_wrapper_cfg)

    def __call__(self, model: nn.Module) -> OptimWrapperDict:
        """Build the wrappers.

        Args:
            model (nn.Module): The algorithm, in its distributed wrapper or not.

        Raises:
            ConfigError: The model lacks a net that is named.
        """
        algorithm = unwrap(model)
        wrappers = {}
        for name, entry in self.optim_wrapper_cfg.items():
            if name not in algorithm.net_names:
                raise ConfigError(
                    f'optim_wrapper.{name} is for no net: the model has '
                    f'{", ".join(algorithm.net_names)}.'
                )
            cfg = dict(entry)
            paramwise_cfg = cfg.pop('paramwise_cfg', None)
            _check_custom_keys(paramwise_cfg or {}, name, algorithm.net(name))
            net = algorithm.net(name, wrapped=True)
            if algorithm.fast:
                cfg['optimizer'] = in_one_kernel(cfg['optimizer'], net)
            wrappers[name] = DefaultOptimWrapperConstructor(cfg, paramwise_cfg)(net)
        return OptimWrapperDict(**wrappers)


def _check_custom_keys(paramwise_cfg: Mapping, name: str, net: nn.Module) -> None:
    """Refuse a key for parameters that is misspelt; one that is for another net may be there."""
    names = [parameter for parameter, _ in net.named_parameters()]
    parts = {part for parameter in names for part in parameter.split('.')}
    for key in paramwise_cfg.get('custom_keys') or ():
        if any(key in parameter for parameter in names):
            continue
        for part in key.split('.'):
            if part not in parts and misspelt(part, parts):
                raise ConfigError(
                    f'optim_wrapper.{name}.paramwise_cfg.custom_keys.{key}: no parameter of the '
                    f'net has that in its name; {suggest(part, parts)}'
                )
        print_log(
            f'optim_wrapper.{name}.paramwise_cfg.custom_keys.{key}: no parameter of the net has '
            'that in its name.',
            logger='current',
            level=logging.WARNING,
        )
