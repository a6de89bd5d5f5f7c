# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Export a trained pair: python tools/deployment/export.py CONFIG CKPT --shape H W."""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

from rich.progress import track

from sr4ir_mm.apis.arguments import output_file, positive_int
from sr4ir_mm.apis.clear_errors import clear_errors
from sr4ir_mm.apis.export import SUFFIXES, export_model, load_part
from sr4ir_mm.apis.export_check import (
    BOUND,
    check_pictures,
    differences,
    load_exported,
    to_batch,
)
from sr4ir_mm.errors import ConfigError
from sr4ir_mm.models.exported_part import PARTS


def parse_args(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description='Export a trained pair, or a part of it.')
    parser.add_argument('config', help='config file, or the name of one, as sr4ir/det_edsr_x4')
    parser.add_argument('checkpoint', help='checkpoint, or a work dir')
    parser.add_argument(
        '--part', choices=PARTS, default='whole', help='the SR net, the task net, or both (whole)'
    )
    parser.add_argument(
        '--format', choices=list(SUFFIXES), default='onnx', help='ONNX, or .pt2 of torch.export'
    )
    parser.add_argument(
        '--shape',
        type=positive_int,
        nargs=2,
        required=True,
        metavar=('H', 'W'),
        help='pixels of the images it takes: LR images, of --part task SR images',
    )
    parser.add_argument(
        '--dynamic', action='store_true', help='take any number of images of any size'
    )
    parser.add_argument(
        '--out', type=output_file, help='file to write; default: CONFIG_PART.onnx or .pt2 here'
    )
    parser.add_argument(
        '--check', action='store_true', help='run the file on pictures and compare with PyTorch'
    )
    parser.add_argument('--images', help='pictures for --check, a file or folder; default: made')
    args = parser.parse_args(argv)
    if args.images and not args.check:
        parser.error('--images is for --check')
    return args


def main(argv: Sequence[str] | None = None) -> None:
    """Export, say what was written and, if asked, how far it is from PyTorch.

    Raises:
        SystemExit: With code 1 on an error, or where the difference is more than rounding.
    """
    args = parse_args(argv)
    shape = (args.shape[0], args.shape[1])
    out = args.out or f'{Path(args.config).stem}_{args.part}{SUFFIXES[args.format]}'
    with clear_errors():
        pictures = check_pictures(args.images, shape, args.dynamic) if args.check else []
        for picture in pictures[:1]:  # one that cannot be read is named before minutes are spent
            to_batch(picture, shape, args.dynamic)
        part = load_part(args.config, args.checkpoint, args.part)
        nets = ' and '.join(type(net).__name__ for net in part.nets.values())
        print(f'Exporting {nets}; a large net takes minutes.', flush=True)
        existed, begin = Path(out).exists(), time.perf_counter()
        export_model(part, out, shape, args.format, args.dynamic)
        size = Path(out).stat().st_size / 2**20
        print(
            f'{"Replaced" if existed else "Wrote"} {out} ({size:.1f} MiB) in '
            f'{time.perf_counter() - begin:.0f} s.'
        )
        if args.check:
            shown = track(pictures, 'Checking', transient=True)
            batches = (to_batch(picture, shape, args.dynamic) for picture in shown)
            found = differences(part, load_exported(out), batches)
            listed = ', '.join(f'{name} {value:.1e}' for name, value in found.items())
            source = f'of {args.images}' if args.images else 'made for it (--images takes yours)'
            print(f'Largest difference from PyTorch, {len(pictures)} pictures {source}: {listed}.')
            if not max(found.values()) <= BOUND:
                raise ConfigError(
                    f'{out} differs from PyTorch by more than {BOUND:g}: do not use it. It is left '
                    'there to look at.'
                )


if __name__ == '__main__':
    main()
