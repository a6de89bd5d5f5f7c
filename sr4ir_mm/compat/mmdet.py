# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""mmdet 3: what its prediction asks of heads that do not have it."""

from typing import Any


def complete_heads(net: Any) -> None:
    """Let dense heads without a module for their classification loss predict.

    mmdet asks ``loss_cls`` of every head whether it activates scores by itself; ``SSDHead``, whose
    loss is a function, has none and fails in ``predict`` (mmdetection#11063).

    Args:
        net (Any): A model of mmdet, just built.
    """
    for module in net.modules():
        if hasattr(module, 'predict_by_feat') and not hasattr(module, 'loss_cls'):
            module.loss_cls = None
