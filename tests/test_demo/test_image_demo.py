# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The image demo as users call it."""

import json
from pathlib import Path

import numpy as np
import pytest
from mmengine.runner import Runner
from PIL import Image

from tests.utils.tiny import tiny_config
from tests.utils.tools import tool


@pytest.fixture
def pair(coco: Path, tmp_path: Path) -> tuple[str, str]:
    """A config and a work dir with a checkpoint of it."""
    cfg = tiny_config(coco, tmp_path / 'work', train_cfg__max_epochs=1)
    cfg.model.task.test_cfg = dict(score_thr=0.0)
    Runner.from_cfg(cfg).train()
    cfg.dump(tmp_path / 'mine.py')
    return str(tmp_path / 'mine.py'), str(tmp_path / 'work')


def test_a_folder(pair: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    demo = tool('../demo/image_demo')
    photos = tmp_path / 'photos'
    photos.mkdir()
    pixels = np.random.default_rng(0).integers(0, 256, (10, 14, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(photos / 'a.png')
    words = [str(photos), *pair, '--out-dir', str(tmp_path / 'out'), '--device', 'cpu']
    assert demo.main([*words, '--tile', '8', '8']) == 0
    assert '1 pictures' in capsys.readouterr().out
    assert Image.open(tmp_path / 'out/sr/a.png').size == (56, 40)
    assert Image.open(tmp_path / 'out/vis/a.jpg').size == (112, 40)
    boxes = np.array(json.loads((tmp_path / 'out/preds/a.json').read_text())['bboxes'])
    assert demo.main([*words, '--tile', '8', '8', '--pred-frame', 'lr']) == 0
    shrunk = np.array(json.loads((tmp_path / 'out/preds/a.json').read_text())['bboxes'])
    np.testing.assert_allclose(shrunk * 4, boxes, rtol=1e-5)

    (photos / 'b.jpg').write_text('no picture')
    capsys.readouterr()
    assert demo.main(words) == 1
    printed = capsys.readouterr()
    assert 'b.jpg cannot be read: it is not a picture' in printed.err
    assert '1 pictures' in printed.out


def test_mistakes_are_named(pair: tuple[str, str], capsys: pytest.CaptureFixture) -> None:
    demo = tool('../demo/image_demo')
    for words, message in (
        (['none.png', *pair], 'There is no file or folder none.png'),
        (['none.png', 'none.py', pair[1]], 'There is no config none.py'),
        (['none.png', pair[0], 'none.pth'], 'none.pth cannot be read'),
    ):
        with pytest.raises(SystemExit) as end:
            demo.main(words)
        assert end.value.code == 1
        assert message in capsys.readouterr().err
