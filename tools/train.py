# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Train: python tools/train.py CONFIG."""

import argparse
from collections.abc import Sequence

from sr4ir_mm.apis.edit_config import use_amp
from sr4ir_mm.apis.launch import add_launch_arguments, build_runner, clear_errors, load_config


def parse_args(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description='Train a setting.')
    parser.add_argument('config', help='config file')
    parser.add_argument('--amp', action='store_true', help='automatic mixed precision')
    parser.add_argument(
        '--auto-scale-lr', action='store_true', help='scale learning rates with the batch size'
    )
    parser.add_argument(
        '--resume',
        nargs='?',
        const='auto',
        metavar='CKPT',
        help='go on from a checkpoint, or from the last one of the work dir if none is named',
    )
    add_launch_arguments(parser)
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Train."""
    args = parse_args(argv)
    with clear_errors():
        cfg = load_config(args)
        if args.amp:
            use_amp(cfg)
        if args.auto_scale_lr:
            cfg.auto_scale_lr.enable = True
        if args.resume is not None:
            cfg.resume = True
            cfg.load_from = None if args.resume == 'auto' else args.resume
        build_runner(cfg).train()


if __name__ == '__main__':
    main()
