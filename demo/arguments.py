# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Options that the demos share."""

from argparse import ArgumentParser

from sr4ir_mm.apis.arguments import non_negative_int, positive_int


def add_pair_arguments(parser: ArgumentParser, optional: bool = False) -> None:
    """Add the config and the checkpoint of a trained pair, and where it runs."""
    number = '?' if optional else None
    parser.add_argument(
        'config', nargs=number, help='config file, or the name of one, as sr4ir/det_edsr_x4'
    )
    parser.add_argument('checkpoint', nargs=number, help='checkpoint, or a work dir')
    parser.add_argument('--device', help='cpu, cuda, cuda:1, ...; default: a GPU if there is one')


def add_picture_arguments(parser: ArgumentParser) -> None:
    """Add how large pictures are restored, and what is drawn."""
    parser.add_argument(
        '--score-thr', type=float, default=0.3, help='least score of what is drawn (0.3)'
    )
    parser.add_argument(
        '--tile',
        type=positive_int,
        nargs=2,
        metavar=('H', 'W'),
        help='restore by tiles, in LR pixels',
    )
    parser.add_argument(
        '--tile-overlap', type=non_negative_int, default=32, help='in LR pixels (32)'
    )
