# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Restore LR pictures, and recognise: python demo/image_demo.py INPUT CONFIG CKPT."""

import argparse
import sys
from collections.abc import Sequence

from arguments import add_pair_arguments, add_picture_arguments

from sr4ir_mm.apis import SR4IRInferencer
from sr4ir_mm.apis.arguments import output_folder, positive_int
from sr4ir_mm.apis.clear_errors import clear_errors


def parse_args(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description='Restore LR pictures and recognise.')
    parser.add_argument('inputs', metavar='INPUT', help='picture, folder or address')
    add_pair_arguments(parser)
    add_picture_arguments(parser)
    parser.add_argument(
        '--out-dir',
        type=output_folder,
        default='results',
        help='folder of what is written (results)',
    )
    parser.add_argument('--batch-size', type=positive_int, default=1, help='pictures at a time (1)')
    parser.add_argument(
        '--pred-frame', choices=['sr', 'lr'], default='sr', help='pixels of predictions (sr)'
    )
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Infer; give the exit code, 1 if a picture could not be read."""
    args = parse_args(argv)
    with clear_errors():
        results = SR4IRInferencer(args.config, args.checkpoint, args.device)(
            args.inputs,
            batch_size=args.batch_size,
            pred_score_thr=args.score_thr,
            out_dir=args.out_dir,
            tile=args.tile,
            tile_overlap=args.tile_overlap,
            pred_frame=args.pred_frame,
        )
        print(f'{len(results["predictions"])} pictures: {args.out_dir}/sr, vis and preds')
        for failed in results['failed']:
            print(f'error: {failed["error"]}', file=sys.stderr)
        return 1 if results['failed'] else 0


if __name__ == '__main__':
    sys.exit(main())
