# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Train and compare settings on a small generated data set: python demo/run_demo.py.

It calls the same tools as anybody does, with the configs beside this file. A finished step is
skipped when it is called again, and an interrupted one goes on.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

from make_dataset import MARKER, make_dataset
from report import PREDICTIONS, write_report
from rich.console import Console

from sr4ir_mm.apis.clear_errors import clear_errors
from sr4ir_mm.checkpoints import last_checkpoint

ROOT = Path(__file__).resolve().parents[1]
WORK_DIR = Path('work_dirs/demo')
# Settings in order (s makes the SR net that s2t and sr4ir start from), and how long each takes,
# relative to the others: only for the estimate of the time that is left.
STEPS = {'h2t': 1.0, 'l2t': 1.0, 's': 2.0, 's2t': 1.7, 'sr4ir': 4.8}
PROGRESS = re.compile(r'Epoch\((train|val|test)\)\s+(.*)')

console = Console(highlight=False)


def run(command: list[str]) -> None:
    """Run one of the tools and show its progress; its whole log is in its work dir."""
    environment = dict(os.environ, PYTHONUNBUFFERED='1', PYTHONWARNINGS='ignore')
    tail: list[str] = []
    with subprocess.Popen(
        [sys.executable, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
    ) as process:
        for line in process.stdout or ():
            tail = [*tail[-30:], line]
            match = PROGRESS.search(line)
            if match:
                # Position, time that is left and losses; rates and timings are in the log.
                text = re.sub(r'(\w*\.?lr|time|data_time|grad_norm): \S+\s*', '', match[2])
                console.print(f'      {match[1]:<5} {text.strip()}', soft_wrap=True, style='dim')
    if process.returncode:
        console.print(''.join(tail), markup=False)
        raise SystemExit(f'error: {" ".join(command)} failed; its messages are above.')


def has_lpips_weights() -> bool:
    """Tell whether LPIPS finds its weights without a download."""
    from sr4ir_mm.evaluation.metrics.lpips_weights import find_weights

    return find_weights('vgg') is not None


def write_lr_pictures(source: Path, folder: Path, scale: int = 4) -> Path:
    """Write the first image of each class as a small camera would have taken it."""
    import numpy as np
    from PIL import Image
    from shrink import shrink

    from sr4ir_mm.models import BicubicDegradation

    folder.mkdir(parents=True, exist_ok=True)
    degradation = BicubicDegradation(scale)
    for path in (min(images.iterdir()) for images in source.iterdir()):
        lr = shrink(np.array(Image.open(path).convert('RGB')), degradation)
        Image.fromarray(lr).save(folder / f'{path.parent.name}.png')
    return folder


def is_newer(result: Path, data: Path) -> bool:
    """Tell whether there is a result that was made after the data, and so of them."""
    return result.is_file() and result.stat().st_mtime >= data.stat().st_mtime


@clear_errors()
def main() -> None:
    """Run all steps and write the report."""
    argparse.ArgumentParser(description=__doc__.partition('\n')[0]).parse_args()
    os.chdir(ROOT)
    begin = time.time()
    console.rule('SR4IR demo: does super-resolution help a classifier?')
    data = make_dataset(WORK_DIR / 'data')
    console.print(f'Data set: {data}')
    without = [] if has_lpips_weights() else ['--without', 'LPIPS']
    if without:
        console.print(
            'LPIPS is left out: its VGG16 weights are not here. Set SR4IR_LPIPS_WEIGHTS to '
            "torchvision's vgg16-397923af.pth to have it."
        )
    spent: dict[str, float] = {}
    for number, name in enumerate(STEPS, 1):
        work_dir, started = WORK_DIR / name, time.time()
        predictions = work_dir / PREDICTIONS
        if all(is_newer(path, data / MARKER) for path in (work_dir / 'metrics.json', predictions)):
            console.print(f'[{number}/{len(STEPS)}] {name}: done before', markup=False)
            continue
        estimate = ''
        if spent:
            left = sum(list(STEPS.values())[number - 1 :])
            minutes = left * sum(spent.values()) / sum(STEPS[step] for step in spent) / 60
            estimate = f', about {minutes:.0f} min left in all'
        console.print(
            f'[{number}/{len(STEPS)}] train and test {name}{estimate}', markup=False, style='bold'
        )
        config, place = f'demo/configs/{name}.py', ['--work-dir', str(work_dir)]
        run(['tools/train.py', config, *place, '--resume'])
        checkpoint = str(last_checkpoint(work_dir))
        only = without if name != 's' else []
        out = ['--out', str(predictions)]
        # Training has drawn some validation images already.
        quiet = ['--cfg-options', 'default_hooks.visualization.draw=False']
        run(['tools/test.py', config, checkpoint, *place, *out, *only, *quiet])
        spent[name] = time.time() - started
        (work_dir / 'seconds.json').write_text(json.dumps(spent[name]))
    console.print(f'This call took {(time.time() - begin) / 60:.1f} min.')
    write_report(WORK_DIR, [name for name in STEPS if name != 's'], console)
    pictures = write_lr_pictures(data / 'val', WORK_DIR / 'lr')
    words = [str(pictures), 'demo/configs/sr4ir.py', str(WORK_DIR / 'sr4ir')]
    run(['demo/image_demo.py', *words, '--out-dir', str(WORK_DIR / 'results')])
    console.print(
        f'Used on the LR pictures of {pictures}: see {WORK_DIR}/results/vis. On your own:\n'
        f'  python demo/image_demo.py PICTURES {" ".join(words[1:])}\n'
        '  python demo/web_demo.py    # in a browser'
    )


if __name__ == '__main__':
    main()
