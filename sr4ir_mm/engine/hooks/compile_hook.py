# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The config's key ``compile``, for nets that no single ``train_step`` runs through."""

from mmengine.hooks import Hook
from mmengine.runner import Runner

from sr4ir_mm.models.compile_nets import compile_nets
from sr4ir_mm.registry import HOOKS
from sr4ir_mm.utils.nets import unwrap


@HOOKS.register_module()
class CompileHook(Hook):
    """Compile each net before a run; MMEngine compiles a ``train_step``, which phases never call.

    The config's ``compile`` is True or a dict of arguments of ``torch.compile``.
    """

    def before_run(self, runner: Runner) -> None:
        """Compile what the config asks for."""
        model = unwrap(runner.model)
        nets = {name: model.net(name) for name in model.net_names}
        compiled = compile_nets(nets, runner.cfg.get('compile'))
        if compiled:
            runner.logger.info(
                f'To be compiled: {", ".join(compiled)}. The first iterations take longer.'
            )
