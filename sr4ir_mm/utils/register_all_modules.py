# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What OpenMMLab's libraries call so that configs can be built."""


def register_all_modules(init_default_scope: bool = True) -> None:
    """Let configs of ours be built without a runner, as the function of this name in mmdet does.

    Here registries import a type when it is named, so there is nothing to register.

    Args:
        init_default_scope (bool): Whether 'sr4ir_mm' becomes the default scope. Defaults to True.
    """
    if init_default_scope:
        from mmengine.registry import init_default_scope as init_scope

        init_scope('sr4ir_mm')
