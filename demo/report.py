# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The demo's report: a table, and a picture of what the classifiers see."""

import json
import os
import platform
from pathlib import Path
from typing import Any

from mmengine.fileio import load
from rich.console import Console
from rich.table import Table

from sr4ir_mm.apis import Setting, compare
from sr4ir_mm.visualization.comparison_figure import save_comparison

COLUMNS = {'top-1': 'accuracy/top1', 'PSNR': 'PSNR', 'LPIPS': 'LPIPS'}
DIGITS = {'top-1': 1, 'PSNR': 2, 'LPIPS': 3}
PREDICTIONS = 'predictions.pkl'
ROWS = 6  # of the picture
MEANING = {
    'h2t': 'T on HR images (the oracle)',
    'l2t': 'T on bilinear up-sampled LR images',
    's2t': 'T on images of S, trained on the pixel loss',
    'sr4ir': 'S and T in alternation, with TDP loss and CQMix',
}


def read_rows(work_dir: Path, settings: list[str]) -> list[dict[str, Any]]:
    """Collect what the steps wrote.

    Args:
        work_dir (Path): The demo's work dir, with one folder a setting.
        settings (list[str]): The rows.

    Returns:
        list[dict[str, Any]]: ``setting``, the columns (None where not measured), ``seconds``.
    """
    rows = []
    for name in settings:
        path = work_dir / name / 'metrics.json'
        metrics = json.loads(path.read_text()) if path.is_file() else {}
        seconds = work_dir / name / 'seconds.json'
        rows.append(
            dict(
                setting=name,
                **{column: metrics.get(key) for column, key in COLUMNS.items()},
                seconds=json.loads(seconds.read_text()) if seconds.is_file() else None,
            )
        )
    return rows


def read_alone(work_dir: Path, one: str, other: str) -> dict[str, list[int]]:
    """Find the test images on which one of two settings is right and the other is not.

    Args:
        work_dir (Path): The demo's work dir.
        one (str): A setting.
        other (str): Another one.

    Returns:
        dict[str, list[int]]: By setting, those that it alone is right on.
    """
    right = {
        name: {
            index
            for index, sample in enumerate(load(work_dir / name / PREDICTIONS))
            if sample['pred_label'].equal(sample['gt_label'])
        }
        for name in (one, other)
    }
    return {one: sorted(right[one] - right[other]), other: sorted(right[other] - right[one])}


def choose_images(alone: dict[str, list[int]], number: int = ROWS) -> list[int]:
    """Choose images on which two settings differ, as many of each kind as their shares say.

    They are evenly spaced, so of different classes. Where the settings never differ it is the first
    image.

    Args:
        alone (dict[str, list[int]]): Of :func:`read_alone`.
        number (int): How many. Defaults to ROWS.
    """
    total = sum(map(len, alone.values()))
    chosen = []
    for indices in alone.values():
        count = min(len(indices), round(number * len(indices) / total)) if total else 0
        chosen += [indices[(2 * i + 1) * len(indices) // (2 * count)] for i in range(count)]
    return chosen or [0]


def cells(row: dict[str, Any]) -> list[str]:
    """Format a row; what was not measured is 'n/a'."""
    values = [
        'n/a' if row[column] is None else f'{row[column]:.{DIGITS[column]}f}' for column in COLUMNS
    ]
    seconds = 'n/a' if row['seconds'] is None else f'{row["seconds"]:.0f}'
    return [row['setting'], MEANING[row['setting']], *values, seconds]


def markdown(rows: list[dict[str, Any]], hardware: str, alone: dict[str, list[int]]) -> str:
    """Write the report as Markdown."""
    counts = ', '.join(f'{name} on {len(indices)}' for name, indices in alone.items())
    head = ['setting', 'what', *COLUMNS, 'seconds']
    lines = [
        '# SR4IR demo',
        '',
        'Command: `make demo`. Seed: 100. Scale: x4. One run a row, validation images; the order '
        'is whatever came out.',
        f'Hardware: {hardware}.',
        '',
        f'| {" | ".join(head)} |',
        f'|{"---|" * len(head)}',
        *(f'| {" | ".join(cells(row))} |' for row in rows),
        '',
        'In place of DIV2K weights, s2t and sr4ir start from an SR net trained on the pixel '
        'loss (demo/configs/s.py). PSNR and LPIPS of h2t are by definition: it sees HR images.',
        '',
        'In the picture are images on which sr4ir and s2t differ, as many of each kind as their '
        f'shares say. Of these one alone is right: {counts}.',
        '',
        '![LR, what each classifier sees with its predictions, HR with ground truth](picture.png)',
        '',
    ]
    return '\n'.join(lines)


def hardware() -> str:
    """Name the processor, its cores and the device."""
    import torch

    device = torch.cuda.get_device_name() if torch.cuda.is_available() else 'no GPU'
    return f'{platform.machine()}, {os.cpu_count()} cores, {device}, torch {torch.__version__}'


def draw_picture(rows: list[dict[str, Any]], work_dir: Path, images: list[int]) -> None:
    """Write ``picture.png``: what each classifier sees on some images, h2t's HR images at last."""
    names = sorted((row['setting'] for row in rows), key=lambda name: name == 'h2t')
    settings = [Setting(name, f'demo/configs/{name}.py', work_dir / name) for name in names]
    measured = [name for name in ('PSNR', 'LPIPS') if all(row[name] is not None for row in rows)]
    save_comparison(compare(settings, images, metrics=measured), work_dir / 'picture.png')


def write_report(work_dir: Path, settings: list[str], console: Console) -> None:
    """Print the table; write report.md, report.json and picture.png."""
    rows = read_rows(work_dir, settings)
    machine = hardware()
    table = Table(title='SR4IR demo, x4')
    for name in ('setting', 'what', *COLUMNS, 'seconds'):
        table.add_column(name)
    for row in rows:
        table.add_row(*cells(row))
    console.print(table)
    (work_dir / 'report.json').write_text(json.dumps(dict(rows=rows, hardware=machine), indent=2))
    alone = read_alone(work_dir, 'sr4ir', 's2t')
    (work_dir / 'report.md').write_text(markdown(rows, machine, alone))
    draw_picture(rows, work_dir, choose_images(alone))
    console.print(f'Written: {work_dir}/report.md, report.json and picture.png')
