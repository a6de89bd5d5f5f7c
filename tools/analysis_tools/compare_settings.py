# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Compare settings on pictures, as the paper's Figures 1, 4, 5 and 6: CONFIG:CKPT CONFIG:CKPT."""

import argparse
import re
from collections.abc import Sequence
from pathlib import Path

from sr4ir_mm.apis import Setting, compare
from sr4ir_mm.apis.arguments import output_file
from sr4ir_mm.apis.clear_errors import clear_errors
from sr4ir_mm.errors import ConfigError
from sr4ir_mm.utils.layout import mirror
from sr4ir_mm.visualization.comparison_figure import save_comparison
from sr4ir_mm.visualization.comparison_row import Box
from sr4ir_mm.visualization.figure_file import check_figure

COLON = re.compile(r'(?<!:):(?!:|//)')  # not those of sr4ir_mm::... or https://...


def parse_args(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description='Draw what settings restore and recognise.')
    parser.add_argument(
        'settings',
        nargs='+',
        metavar='CONFIG:CKPT',
        help='config, or the name of one of ours, and its checkpoint or work dir',
    )
    parser.add_argument(
        '--images',
        nargs='+',
        default=['0', '1', '2'],
        metavar='IMAGE',
        help="indices of the first config's test set, or HR images or folders (0 1 2)",
    )
    parser.add_argument('--names', nargs='+', metavar='NAME', help='titles of the settings')
    parser.add_argument(
        '--features',
        metavar='LAYER',
        help="show |F(SR) - F(HR)| of the task net's layer: a name, or a position such as -1",
    )
    parser.add_argument('--zoom', metavar='X,Y,W,H', help='show this part, in HR pixels, enlarged')
    parser.add_argument('--score-thr', type=float, default=0.3, help='of what is drawn (0.3)')
    parser.add_argument(
        '--metrics',
        nargs='*',
        default=['PSNR', 'LPIPS'],
        help='image metrics below each picture (PSNR LPIPS)',
    )
    parser.add_argument('--device', help='cpu, cuda, cuda:1, ...; default: a GPU if there is one')
    parser.add_argument(
        '--out', type=output_file, default='comparison.png', help='PNG, PDF, ... (comparison.png)'
    )
    return parser.parse_args(argv)


def parse_settings(texts: Sequence[str], names: Sequence[str] | None) -> list[Setting]:
    """Take configs and checkpoints apart, and name what they are.

    Raises:
        ConfigError: One of both is missing, or there are more or fewer names.
    """
    pairs = [COLON.split(text, maxsplit=1) for text in texts]
    for text, pair in zip(texts, pairs, strict=True):
        if len(pair) < 2 or not all(pair):
            raise ConfigError(f'{text} names no config and checkpoint: write CONFIG:CKPT.')
    if names is not None and len(names) != len(pairs):
        raise ConfigError(f'There are {len(names)} names for {len(pairs)} settings.')
    names = names or short_names([config for config, _ in pairs], [ckpt for _, ckpt in pairs])
    return [Setting(name, *pair) for name, pair in zip(names, pairs, strict=True)]


def short_names(configs: Sequence[str], checkpoints: Sequence[str]) -> list[str]:
    """Name settings by what differs: ``s2t`` and ``sr4ir``, not ``s2t/det_edsr_x4``."""
    stems = []
    for config in configs:
        ours = '::' in config or not config.endswith('.py')
        path = config.rpartition('::')[2].removesuffix('.py') if ours else mirror(config)[1]
        stems.append(path.split('/'))
    while min(map(len, stems)) > 1 and len({stem[-1] for stem in stems}) == 1:
        stems = [stem[:-1] for stem in stems]
    names = ['/'.join(stem) for stem in stems]
    if len(set(names)) == len(names):
        return names
    files = [Path(checkpoint).stem for checkpoint in checkpoints]
    return [f'{name} {file}' for name, file in zip(names, files, strict=True)]


def parse_zoom(text: str | None) -> Box | None:
    """Read ``X,Y,W,H``.

    Raises:
        ConfigError: The text is something else.
    """
    if text is None:
        return None
    try:
        return Box(*map(int, text.split(',')))
    except (TypeError, ValueError) as error:
        raise ConfigError(f'--zoom is {text}: write X,Y,W,H in HR pixels.') from error


def main(argv: Sequence[str] | None = None) -> None:
    """Compare and draw."""
    args = parse_args(argv)
    with clear_errors():
        check_figure(args.out)
        integer = re.compile(r'-?\d+')
        position = args.features is not None and integer.fullmatch(args.features)
        rows = compare(
            parse_settings(args.settings, args.names),
            [int(image) if integer.fullmatch(image) else image for image in args.images],
            layer=int(args.features) if position else args.features,
            zoom=parse_zoom(args.zoom),
            metrics=args.metrics,
            score_thr=args.score_thr,
            device=args.device,
        )
        save_comparison(rows, args.out)
        print(f'written to {args.out}')


if __name__ == '__main__':
    main()
