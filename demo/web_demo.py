# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Restore LR pictures, and recognise, in a browser: python demo/web_demo.py [CONFIG CKPT]."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from arguments import add_pair_arguments, add_picture_arguments

from sr4ir_mm.apis import SR4IRInferencer
from sr4ir_mm.apis.clear_errors import clear_errors
from sr4ir_mm.checkpoints import last_checkpoint
from sr4ir_mm.compat import how_to_install
from sr4ir_mm.errors import ConfigError
from sr4ir_mm.models.tiles import Tiles

ROOT = Path(__file__).resolve().parents[1]
DEMO = ROOT / 'work_dirs/demo'  # where `make demo` trains


def parse_args(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(
        description='A page that restores LR pictures and recognises. Without CONFIG and '
        'CHECKPOINT it takes the pair that `make demo` trains.'
    )
    add_pair_arguments(parser, optional=True)
    add_picture_arguments(parser)
    parser.add_argument(
        '--host', default='127.0.0.1', help='0.0.0.0 opens the page to other machines (127.0.0.1)'
    )
    parser.add_argument('--port', type=int, default=7860, help='of the page (7860)')
    parser.add_argument('--max-mb', type=int, default=20, help='largest file that is taken (20)')
    args = parser.parse_args(argv)
    if args.config and not args.checkpoint:
        parser.error(f'{args.config} needs a checkpoint, or a work dir, after it')
    return args


def demo_pair() -> tuple[Path, Path]:
    """Give the config and the work dir of the pair that `make demo` trains.

    Raises:
        ConfigError: It did not yet.
    """
    config, work_dir = ROOT / 'demo/configs/sr4ir.py', DEMO / 'sr4ir'
    if not work_dir.is_dir() or last_checkpoint(work_dir) is None:
        raise ConfigError(
            f'There is no trained pair in {work_dir}: run `make demo`, which trains one, or name '
            'yours: python demo/web_demo.py CONFIG CKPT'
        )
    return config, work_dir


def serve(args: argparse.Namespace) -> Any:
    """Start the page; give it, as Gradio's ``Blocks``.

    Raises:
        ConfigError: Gradio is missing, the port is taken, or the pair cannot be used.
        CheckpointError: The weights cannot be read.
    """
    if find_spec('gradio') is None:
        raise ConfigError(f'The page needs Gradio: {how_to_install("gradio")}')
    examples = []
    if not args.config:
        args.config, args.checkpoint = demo_pair()
        examples = sorted((DEMO / 'lr').glob('*.png'))
    inferencer = SR4IRInferencer(args.config, args.checkpoint, args.device, show_progress=False)
    if args.tile:
        inferencer.model.tiles = Tiles(tuple(args.tile), args.tile_overlap)
    os.environ['GRADIO_ANALYTICS_ENABLED'] = 'False'  # read when Gradio is imported
    from web_page import THEME, WebPage

    title = f'sr4ir_mm: {Path(args.config).stem}'
    blocks = WebPage(inferencer, title, args.score_thr, examples).blocks
    try:
        blocks.launch(
            server_name=args.host,
            server_port=args.port,
            max_file_size=args.max_mb * 2**20,
            prevent_thread_lock=True,
            quiet=True,
            share=False,
            ssr_mode=False,
            footer_links=[],
            theme=THEME,
        )
    except OSError as error:
        raise ConfigError(
            f'The page cannot be served at {args.host}:{args.port}, which is taken or not of this '
            'machine: choose another --port or --host.'
        ) from error
    return blocks


def main(argv: Sequence[str] | None = None) -> int:
    """Serve the page until Ctrl-C."""
    args = parse_args(argv)
    with clear_errors():
        blocks = serve(args)
        print(f'The page is at {blocks.local_url} (Ctrl-C ends it)', flush=True)
        blocks.block_thread()
    return 0


if __name__ == '__main__':
    sys.exit(main())
