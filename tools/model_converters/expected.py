# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What the weights of a published form must be: those of the net that our configs build."""

from collections.abc import Mapping
from typing import Any

from mmengine.config import Config
from torch import Tensor

from sr4ir_mm.checkpoints.converters import Published
from sr4ir_mm.checkpoints.init_from import check_state_dict
from sr4ir_mm.models.build_net import build_net, load_library_config

# The task models by their last layers, whose rows tell the number of classes.
TASKS = {
    'decode_head.conv_seg.weight': ('deeplabv3_mobilenet_v3', 0),
    'roi_head.bbox_head.fc_cls.weight': ('faster_rcnn_mobilenet_v3', 1),  # and the background
    'head.fc.weight': ('resnet18', 0),
}


def check_published(form: Published, state: Mapping[str, Tensor], source: str) -> str:
    """Compare converted weights with the net that they are for.

    Args:
        form (Published): What they are.
        state (Mapping[str, Tensor]): The weights, in our names.
        source (str): Where they are from, for the message.

    Returns:
        str: What they are, in numbers: 'x4', or '21 classes'.

    Raises:
        CheckpointError: One is missing, too many, or of another shape.
    """
    if form.net == 'sr':
        cfg, text = _sr_net(state)
    elif form.from_mm is None:  # a backbone alone
        cfg, text = _load('models/deeplabv3_mobilenet_v3.py').model.task, 'the backbone'
    else:
        layer, (name, background) = next(item for item in TASKS.items() if item[0] in state)
        cfg = _load(f'models/{name}.py').model.task
        number = len(state[layer]) - background
        _set_num_classes(cfg, number)
        text = f'{number} classes'
    net: Any = build_net(cfg, form.name)[0]
    if form.from_mm is None:
        net, state = net.backbone, {k.removeprefix('backbone.'): v for k, v in state.items()}
    check_state_dict(net, dict(state), f'{source}, which looks like {form.name}')
    return text


def _sr_net(state: Mapping[str, Tensor]) -> tuple[dict, str]:
    ups = [key for key in state if key.startswith('upsample.') and key.endswith('.weight')]
    # x3 is one step of nine, x2 one of four times the channels.
    rows, columns = state[ups[0]].shape[:2] if ups else (0, 1)
    scale = 3 if rows == 9 * columns else 2 ** len(ups)
    swinir = 'patch_embed.norm.weight' in state
    cfg = _load(f'sr_nets/{"swinir" if swinir else "edsr"}_x4.py').sr
    if swinir:
        cfg.upscale = scale
    else:
        blocks = sum(key.endswith('.conv2.weight') for key in state)
        width = len(state['conv_first.weight'])
        cfg.update(upscale_factor=scale, num_blocks=blocks, mid_channels=width)
    return cfg, f'x{scale}'


def _load(name: str) -> Config:
    return load_library_config(f'sr4ir_mm::_base_/{name}', name)[0]


def _set_num_classes(node: object, number: int) -> None:
    if isinstance(node, dict):
        if 'num_classes' in node:
            node['num_classes'] = number
        for child in node.values():
            _set_num_classes(child, number)
