# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Configs with checkpoints, without training."""

from pathlib import Path

import torch
from mmengine.registry import init_default_scope

from sr4ir_mm.registry import MODELS
from tests.utils.tiny import tiny_config


def save_pair(data: Path, folder: Path, name: str, **options: object) -> tuple[str, str]:
    """Write a config and a checkpoint of random weights."""
    cfg = tiny_config(data, folder / 'work', name, **options)
    path = folder / f'{name.replace("/", "_")}.py'
    cfg.dump(path)
    init_default_scope('sr4ir_mm')
    torch.manual_seed(0)
    model = MODELS.build(cfg.model)
    torch.save(dict(state_dict=model.state_dict()), path.with_suffix('.pth'))
    return str(path), str(path.with_suffix('.pth'))
