# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Options of the tools that change how a config is computed, and not what."""

from argparse import ArgumentParser, Namespace

from mmengine.config import Config

from .edit_config import AMP, AMP_HELP, use_amp


def add_switches(parser: ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument('--amp', nargs='?', const='auto', choices=AMP, help=AMP_HELP)
    parser.add_argument(
        '--fast', action='store_true', help='compute the same, to rounding, in less time'
    )
    parser.add_argument('--compile', action='store_true', help='compile the nets (torch.compile)')


def apply_switches(cfg: Config, args: Namespace) -> None:
    """Write the options that are given into a config.

    Raises:
        ConfigError: They cannot be used here.
    """
    if args.amp:
        use_amp(cfg, args.amp)
    if args.fast:
        cfg.model.fast = True
    if args.compile:
        cfg.compile = cfg.get('compile') or True
