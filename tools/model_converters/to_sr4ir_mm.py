# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Convert published weights: python tools/model_converters/to_sr4ir_mm.py SRC [SRC] DST.

What SRC is, is recognised by the names in it: torchvision's MobileNetV3-Large, ResNet-18, DeepLabV3
and Faster R-CNN with MobileNetV3-Large; EDSR of EDSR-PyTorch; SwinIR; the original SR4IR project's
``net_*.pth`` and ``checkpoint_*.pth``. Two files, an SR net and a task net, make one checkpoint of
both. DST is for ``model.init``, ``load_from`` or tools/test.py. ``--reverse`` goes back.
"""

import argparse
import os
import os.path as osp
import sys
from collections.abc import Sequence

import torch
from expected import check_published
from torch import Tensor

from sr4ir_mm.checkpoints.converters import FORMS, from_mm, recognise, recognise_ours, to_mm
from sr4ir_mm.errors import CheckpointError, SR4IRError

WRAPPERS = ('params_ema', 'params', 'state_dict', 'model')


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


def read(path: str, trust: bool) -> dict:
    """Read a checkpoint without running what may be in it.

    Raises:
        CheckpointError: It cannot be read so.
    """
    if not osp.isfile(path):
        raise CheckpointError(f'There is no file {path}.')
    try:
        content = torch.load(path, map_location='cpu', weights_only=not trust)
    except Exception as error:  # whatever unpickling raises
        raise CheckpointError(
            f'{path} cannot be read as weights: it is cut off, of another kind, or holds more than '
            f'weights ({str(error).splitlines()[0]}). If you trust where it is from, add --trust.'
        ) from error
    if not isinstance(content, dict):
        raise CheckpointError(f'{path} holds a {type(content).__name__}, not weights by name.')
    return content


def nets_of(content: dict, path: str) -> dict[str, dict[str, Tensor]]:
    """Split a file into nets, each in published names, with neither wrapper nor ``module.``.

    Returns:
        dict[str, dict[str, Tensor]]: State dicts by what to call them in messages.
    """
    parts = {key: content[key] for key in content if key.startswith('net_')}
    if not parts:
        inner = next((content[key] for key in WRAPPERS if key in content), content)
        parts = {path: inner}
    return {
        f'{path}, {name}' if name != path else path: {
            key.removeprefix('module.'): value
            for key, value in state.items()
            if isinstance(value, Tensor)
        }
        for name, state in parts.items()
    }


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
        for source, state in nets_of(read(path, trust), path).items():
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
    content = read(path, trust)
    state = content.get('state_dict', content)
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


def save(content: dict, path: str) -> None:
    """Write a file, whole or not at all."""
    os.makedirs(osp.dirname(osp.abspath(path)), exist_ok=True)
    torch.save(content, f'{path}.part')
    os.replace(f'{path}.part', path)


def main(argv: Sequence[str] | None = None) -> int:
    """Convert; give the exit code, 1 for what cannot be converted."""
    args = parse_args(argv)
    try:
        if args.reverse:
            if len(args.src) > 1:
                raise CheckpointError('--reverse takes one file.')
            content, told = reverse(args.src[0], args.trust)
        else:
            state, told = convert(args.src, args.trust)
            content = dict(state_dict=state, meta=dict(converted_from=args.src))
    except SR4IRError as error:
        print(f'error: {error}', file=sys.stderr)
        return 1
    save(content, args.dst)
    print('\n'.join([*told, f'Wrote {args.dst}']))
    return 0


if __name__ == '__main__':
    sys.exit(main())
