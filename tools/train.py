# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Train a setting: python tools/train.py CONFIG."""

import argparse
import os.path as osp
import shlex
import sys
from collections.abc import Sequence

from sr4ir_mm.apis.annotation_files import naming_annotations
from sr4ir_mm.apis.clear_errors import clear_errors
from sr4ir_mm.apis.edit_config import drop_metrics, drop_validation
from sr4ir_mm.apis.interruption import stoppable
from sr4ir_mm.apis.launch import add_launch_arguments, build_runner, load_config
from sr4ir_mm.apis.resuming import resume
from sr4ir_mm.apis.switches import add_switches, apply_switches
from sr4ir_mm.apis.task_config import note_optimizer
from sr4ir_mm.checkpoints import trusting
from sr4ir_mm.errors import ConfigError


def parse_args(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description='Train a setting.')
    parser.add_argument('config', help='config file')
    add_switches(parser)
    parser.add_argument(
        '--auto-scale-lr', action='store_true', help='scale learning rates with the batch size'
    )
    parser.add_argument('--no-validate', action='store_true', help='train without validation')
    parser.add_argument(
        '--without',
        nargs='+',
        default=[],
        metavar='METRIC',
        help='leave metrics out of validation, as LPIPS',
    )
    parser.add_argument(
        '--resume',
        nargs='?',
        const='auto',
        metavar='CKPT',
        help='go on from a checkpoint, or from the last one of the work dir if none is named',
    )
    parser.add_argument(
        '--force', action='store_true', help='resume although the config was changed'
    )
    add_launch_arguments(parser)
    parser.add_argument(
        '--trust', action='store_true', help='also read weights files that run code when read'
    )
    return parser.parse_args(argv)


def command_to_go_on(args: argparse.Namespace, argv: Sequence[str]) -> str:
    """Give the command that resumes what this one trains."""
    if args.launcher != 'none':
        return 'the same command with --resume'
    own = [word for word in argv if not word.startswith('--resume') and word != args.resume]
    return shlex.join(['python', osp.relpath(__file__), *own, '--resume'])


def main(argv: Sequence[str] | None = None) -> None:
    """Train."""
    args = parse_args(argv)
    with clear_errors(), trusting(args.trust):
        cfg = load_config(args)
        apply_switches(cfg, args)
        drop_metrics(cfg, args.without, 'val')
        if args.no_validate:
            drop_validation(cfg)
        if cfg.get('train_cfg') is None:
            raise ConfigError(f'{args.config} has no train_cfg: there is nothing to train.')
        if args.auto_scale_lr:
            if not cfg.get('auto_scale_lr'):
                raise ConfigError(
                    '--auto-scale-lr: the config has no auto_scale_lr, a dict with the '
                    'base_batch_size that its learning rates are for.'
                )
            cfg.auto_scale_lr.enable = True
        source = args.resume or (cfg.get('resume') and (cfg.get('load_from') or 'auto'))
        if source and not resume(cfg, source, args.force):
            return
        runner = build_runner(cfg)
        note_optimizer(cfg)
        go_on = command_to_go_on(args, argv or sys.argv[1:])
        with stoppable(runner, go_on), naming_annotations(cfg):
            runner.train()


if __name__ == '__main__':
    main()
