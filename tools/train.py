# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Train: python tools/train.py CONFIG."""

import argparse
from collections.abc import Sequence

from mmengine.config import Config

from sr4ir_mm.apis.edit_config import use_amp
from sr4ir_mm.apis.launch import add_launch_arguments, build_runner, clear_errors, load_config
from sr4ir_mm.checkpoints import checkpoint_to_resume, trusting


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
    parser.add_argument(
        '--trust', action='store_true', help='also read weights files that run code when read'
    )
    return parser.parse_args(argv)


def resume(cfg: Config, checkpoint: str) -> None:
    """Go on from a checkpoint, or with 'auto' from the last one that can be read, if there is one.

    MMEngine's own rule is not used: it believes its file ``last_checkpoint`` and, if that is not
    there, starts anew over what is.

    Raises:
        CheckpointError: There are checkpoints, but none can be read.
    """
    if checkpoint != 'auto':
        cfg.resume, cfg.load_from = True, checkpoint
        return
    path, passed_over = checkpoint_to_resume(cfg.work_dir)
    for line in passed_over:
        print(line)
    print(f'Resuming from {path}.' if path else f'Nothing to resume in {cfg.work_dir}: starting.')
    cfg.resume = path is not None
    if path:
        cfg.load_from = str(path)


def main(argv: Sequence[str] | None = None) -> None:
    """Train."""
    args = parse_args(argv)
    with clear_errors(), trusting(args.trust):
        cfg = load_config(args)
        if args.amp:
            use_amp(cfg)
        if args.auto_scale_lr:
            cfg.auto_scale_lr.enable = True
        if args.resume or (cfg.get('resume') and not cfg.get('load_from')):
            resume(cfg, args.resume or 'auto')
        build_runner(cfg).train()


if __name__ == '__main__':
    main()
