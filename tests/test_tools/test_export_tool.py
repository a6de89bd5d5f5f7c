# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Exporting as users do it, and using the file where this package is not."""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from mmengine.registry import init_default_scope
from mmengine.runner.checkpoint import save_checkpoint

from sr4ir_mm.apis import inference_model, init_model
from sr4ir_mm.apis.export import METADATA
from sr4ir_mm.registry import MODELS
from sr4ir_mm.visualization import to_uint8
from tests.utils.exporter import needs_exporter
from tests.utils.tiny import ROOT, tiny_config
from tests.utils.tools import tool

CLASSES = tuple(f'car {number}' for number in range(196))
ALONE = """
import sys
for name in ('sr4ir_mm', 'torch', 'mmengine', 'mmcv'):
    sys.modules[name] = None
"""


@pytest.fixture(scope='module')
def pair(tiny_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The config of a classifier and its work dir."""
    folder = tmp_path_factory.mktemp('cars')
    cfg = tiny_config(tiny_data, folder / 'work', 'sr4ir/cls_cars_edsr_x4')
    cfg.dump(folder / 'mine.py')
    init_default_scope('sr4ir_mm')
    torch.manual_seed(0)
    model = MODELS.build(cfg.model)
    model.init_weights()
    content = dict(state_dict=model.state_dict(), meta=dict(dataset_meta=dict(classes=CLASSES)))
    (folder / 'work').mkdir()
    save_checkpoint(content, str(folder / 'work/epoch_1.pth'))
    pixels = np.random.default_rng(0).integers(0, 256, (13, 17, 3), dtype=np.uint8)
    cv2.imwrite(str(folder / 'photo.png'), pixels)
    return folder / 'mine.py', folder / 'work'


def export(pair: Sequence[Path], *words: str) -> None:
    tool('deployment/export').main([*map(str, pair), *words])


@needs_exporter
def test_a_file_is_used_without_this_package(
    pair: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    folder = pair[0].parent
    monkeypatch.chdir(folder)
    export(pair, '--shape', '9', '14', '--dynamic', '--check', '--images', 'photo.png',
           '--out', 'whole.onnx')  # fmt: skip
    printed = capsys.readouterr().out
    assert 'Exporting EDSRNet and ImageClassifier' in printed
    assert 'Wrote whole.onnx' in printed
    assert re.search(r'1 pictures of photo.png: logits \d\.\de-\d\d, sr \d\.\de-\d\d', printed)

    text = (ROOT / 'docs/export.md').read_text()
    (block,) = re.findall(r'```python\n(.*?)```', text, re.DOTALL)
    done = subprocess.run(
        [sys.executable, '-c', ALONE + block], capture_output=True, text=True, timeout=100
    )
    assert done.returncode == 0, done.stderr
    sample = inference_model(init_model(*pair, 'cpu'), cv2.imread('photo.png'))
    assert done.stdout.strip() == CLASSES[sample.pred_label.item()]
    written = cv2.imread('sr.png')[..., ::-1].astype(int)
    assert np.abs(written - to_uint8(sample.sr)).max() <= 1  # by rounding


@needs_exporter
def test_torch_says_what_it_holds(
    pair: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(pair[0].parent)
    words = ('--part', 'task', '--format', 'torch', '--shape', '36', '56', '--check')
    export(pair, *words)
    printed = capsys.readouterr().out
    assert 'Wrote mine_task.pt2' in printed
    assert '3 pictures made for it (--images takes yours): logits ' in printed
    files = {METADATA: ''}
    program = torch.export.load('mine_task.pt2', extra_files=files)
    assert json.loads(files[METADATA]) == dict(
        part='task',
        task='classification',
        classes=json.dumps(CLASSES),
        channel_order='RGB',
        value_range='[0, 1]',
        layout='NCHW',
        normalization='inside',
        input_shape='1x3x36x56',
        producer=json.loads(files[METADATA])['producer'],
    )
    assert program.module()(torch.rand(1, 3, 36, 56))['logits'].shape == (1, 196)

    # The check fails a file that is not the model's; a file that is there is replaced, and said.
    module = tool('deployment/export')
    monkeypatch.setattr(module, 'differences', lambda *args: dict(logits=0.01))
    with pytest.raises(SystemExit) as end:
        module.main([*map(str, pair), *words])
    assert end.value.code == 1
    printed = capsys.readouterr()
    assert 'Replaced mine_task.pt2' in printed.out
    assert 'mine_task.pt2 differs from PyTorch by more than 0.0001' in printed.err


def test_mistakes_are_named_at_once(
    pair: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    size = ('--shape', '9', '14')
    for given, words, message in (
        (('none.py', pair[1]), size, 'There is no config none.py'),
        ((pair[0], 'none.pth'), size, 'none.pth cannot be read'),
        (pair, (*size, '--check', '--images', str(tmp_path)), 'There is no picture in'),
        (pair, (*size, '--out', str(tmp_path / 'a.pt2')), "a.pt2 cannot be written as 'onnx'"),
    ):
        with pytest.raises(SystemExit) as end:
            export(given, *words)
        assert end.value.code == 1
        assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
