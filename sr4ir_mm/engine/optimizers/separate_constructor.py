# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""One optimizer wrapper for each net."""

from copy import deepcopy

from mmengine.optim import DefaultOptimWrapperConstructor, OptimWrapperDict
from torch import nn

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.models.phase_batch import unwrap
from sr4ir_mm.registry import OPTIM_WRAPPER_CONSTRUCTORS


@OPTIM_WRAPPER_CONSTRUCTORS.register_module()
class SeparateOptimWrapperConstructor:
    """Build an ``OptimWrapperDict`` with one entry for each net that is trained.

    The same ``optim_wrapper`` serves all settings: entries of nets that no phase of the setting
    updates (the loop has frozen those) are left out.

    Args:
        optim_wrapper_cfg (dict): Net name to the config of its wrapper, each as MMEngine's
            default constructor takes it, ``paramwise_cfg`` included.
        paramwise_cfg (None): Not used; each net's own belongs in its entry.

    Example:
        >>> optim_wrapper = dict(
        ...     constructor='SeparateOptimWrapperConstructor',
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
            ConfigError: A net that is trained has no entry.
        """
        algorithm = unwrap(model)
        wrappers = {}
        for name in algorithm.net_names:
            net = getattr(algorithm, name)
            if not any(param.requires_grad for param in net.parameters()):
                continue
            if name not in self.optim_wrapper_cfg:
                raise ConfigError(
                    f'A phase updates model.{name}, but optim_wrapper has no entry {name!r}; it '
                    f'has {", ".join(self.optim_wrapper_cfg)}.'
                )
            cfg = dict(self.optim_wrapper_cfg[name])
            paramwise_cfg = cfg.pop('paramwise_cfg', None)
            wrappers[name] = DefaultOptimWrapperConstructor(cfg, paramwise_cfg)(net)
        return OptimWrapperDict(**wrappers)
