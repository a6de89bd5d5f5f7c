# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Convert published weights: python tools/model_converters/to_sr4ir_mm.py SRC [SRC] DST.

What SRC is, is recognised by the names in it: torchvision's MobileNetV3-Large, ResNet-18, DeepLabV3
and Faster R-CNN with MobileNetV3-Large; EDSR of EDSR-PyTorch; SwinIR; the original SR4IR project's
``net_*.pth`` and ``checkpoint_*.pth``. Two files, an SR net and a task net, make one checkpoint of
both. DST is for ``model.init``, ``load_from`` or tools/test.py. ``--reverse`` goes back.
"""

import argparse
from collections.abc import Mapping, Sequence
from typing import Any

from mmengine.config import Config
from torch import Tensor

from sr4ir_mm.apis.clear_errors import clear_errors
from sr4ir_mm.checkpoints import check_state_dict, read_checkpoint, save_checkpoint, weights_in
from sr4ir_mm.checkpoints.converters import (
    FORMS,
    Published,
    from_mm,
    recognise,
    recognise_ours,
    to_mm,
)
from sr4ir_mm.errors import CheckpointError
from sr4ir_mm.models.build_net import build_net
from sr4ir_mm.models.num_classes import set_num_classes
from sr4ir_mm.utils.library_configs import load_library_config

# The task models by their last layers, whose rows tell the number of classes.
TASKS = {
    'decode_head.conv_seg.weight': ('deeplabv3_mobilenet_v3', 0),
    'roi_head.bbox_head.fc_cls.weight': ('faster_rcnn_mobilenet_v3', 1),  # and the background
    'head.fc.weight': ('resnet18', 0),
}


def parse_args(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description='Convert published weights.')
    parser.add_argument('src', nargs='+', help='one file, or those of an SR net and a task net')
    parser.add_argument('dst', help='file to write')
    parser.add_argument('--reverse', action='store_true', help='from ours to the published names')
    parser.add_argument(
        '--trust', action='store_true', help='also read files that can run code when they are read'
    )
    return parser.parse_args(argv)


def nets_of(content: dict, path: str) -> dict[str, dict[str, Tensor]]:
    """Split a file into nets, each in published names, with neither wrapper nor ``module.``.

    Returns:
        dict[str, dict[str, Tensor]]: State dicts by what to call them in messages.
    """
    nets = {
        f'{path}, {key}': part
        for key, part in content.items()
        if str(key).startswith('net_') and isinstance(part, Mapping)
    }
    return {name: weights_in(part) for name, part in (nets or {path: content}).items()}


def convert(paths: Sequence[str], trust: bool) -> tuple[dict[str, Tensor], list[str]]:
    """Convert one net, or an SR net and a task net.

    Returns:
        tuple[dict[str, Tensor], list[str]]: Our state dict, of a net alone or, with the prefixes
            ``sr.`` and ``task.``, of both; and what was found.

    Raises:
        CheckpointError: A file is unknown, incomplete, or one net comes twice.
    """
    found: dict[str, dict[str, Tensor]] = {}
    told = []
    for path in paths:
        for source, state in nets_of(read_checkpoint(path, trust), path).items():
            form = recognise(state)
            if form is None:
                known = '; '.join(form.name for form in FORMS)
                raise CheckpointError(
                    f'{source} is nothing that is known. Known are: {known}; and the original '
                    f"SR4IR project's files. It has, for example: {', '.join(list(state)[:3])}."
                )
            if form.net in found:
                raise CheckpointError(f'{source} is a second {form.net} net: {form.name}.')
            found[form.net] = to_mm(form, state, source)
            told.append(f'{source}: {form.name}, {check_published(form, found[form.net], source)}')
    if len(found) == 1:
        return next(iter(found.values())), told
    return {f'{net}.{key}': value for net in found for key, value in found[net].items()}, told


def reverse(path: str, trust: bool) -> tuple[dict, list[str]]:
    """Convert ours back, a net to a state dict and both to ``net_sr`` and ``net_<task>``.

    Raises:
        CheckpointError: There is no published form of it.
    """
    content = read_checkpoint(path, trust)
    state = weights_in(content)
    both = {
        net: {k[len(net) + 1 :]: v for k, v in state.items() if k.startswith(f'{net}.')}
        for net in ('sr', 'task')
    }
    nets = {net: part for net, part in both.items() if part} or {'': state}
    converted, told = {}, []
    for net, part in nets.items():
        form = recognise_ours(part)
        if form is None:
            raise CheckpointError(
                f'{path}: there is no published form of a net with weights such as '
                f'{", ".join(list(part)[:3])}.'
            )
        check_published(form, part, path)
        converted[_original_name(form.name) if net else ''] = from_mm(form, part, path)
        told.append(f'{path}: {form.name}')
    return converted.get('', converted), told


def _original_name(form: str) -> str:
    """Call a net as the original project does."""
    tasks = {'DeepLabV3': 'seg', 'Faster': 'det', 'ResNet': 'cls'}
    return f'net_{next((task for key, task in tasks.items() if form.startswith(key)), "sr")}'


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
        set_num_classes(cfg, dict(num_classes=number), 'the model')
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


@clear_errors()
def main(argv: Sequence[str] | None = None) -> None:
    """Convert."""
    args = parse_args(argv)
    if args.reverse:
        if len(args.src) > 1:
            raise CheckpointError('--reverse takes one file.')
        content, told = reverse(args.src[0], args.trust)
    else:
        state, told = convert(args.src, args.trust)
        content = dict(state_dict=state, meta=dict(converted_from=args.src))
    save_checkpoint(content, args.dst)
    print('\n'.join([*told, f'Wrote {args.dst}']))


if __name__ == '__main__':
    main()
