# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Norms of mmcv that want several processes."""

from pathlib import Path

import torch
from mmengine.model import revert_sync_batchnorm
from torch import distributed

from sr4ir_mm.compat import without_process_group
from sr4ir_mm.models.build_net import build_net

NORM = dict(type='MMSyncBN', stats_mode='N', eps=0.01)
NECK = dict(type='mmdet.FPN', in_channels=[4], out_channels=8, num_outs=1, norm_cfg=NORM)


def test_one_process_builds_batch_norm() -> None:
    """As configs of mmdet's strong baselines ask for in their heads."""
    net, _ = build_net(dict(NECK, norm_cfg=dict(NORM)), 'model.task')
    net = revert_sync_batchnorm(net)
    images = torch.rand(2, 4, 6, 5)
    conv, norm = net.lateral_convs[0].conv, net.lateral_convs[0].bn
    assert norm.eps == 0.01
    mean = conv(images).mean((0, 2, 3), keepdim=True)
    spread = (conv(images) - mean).square().mean((0, 2, 3), keepdim=True)
    torch.testing.assert_close(
        norm(conv(images)), (conv(images) - mean) / (spread + 0.01).sqrt(), rtol=1e-4, atol=1e-5
    )


def test_several_processes_keep_it(tmp_path: Path) -> None:
    distributed.init_process_group(
        'gloo', init_method=f'file://{tmp_path}/store', rank=0, world_size=1
    )
    try:
        cfg = dict(NECK, norm_cfg=[dict(NORM)])
        without_process_group(cfg)
    finally:
        distributed.destroy_process_group()
    assert cfg['norm_cfg'] == [NORM]
