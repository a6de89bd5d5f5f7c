# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Whichever way a trained pair is used, it tells the same of the same LR picture."""

import json
import socket
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from mmengine.runner import Runner
from PIL import Image

from sr4ir_mm.apis import SR4IRInferencer
from sr4ir_mm.apis.export_check import load_exported
from tests.utils.exporter import needs_exporter
from tests.utils.tiny import ROOT, tiny_config
from tests.utils.tools import tool

pytestmark = [
    needs_exporter,
    pytest.mark.skipif(find_spec('gradio') is None, reason='requirements/web.txt is not installed'),
]


@pytest.fixture
def pair(tiny_data: Path, tmp_path: Path) -> tuple[str, str]:
    """The config of a classifier that was trained a little, and its work dir."""
    cfg = tiny_config(tiny_data, tmp_path / 'work', 'sr4ir/cls_cars_edsr_x4', val=False)
    Runner.from_cfg(cfg).train()
    cfg.dump(tmp_path / 'mine.py')
    return str(tmp_path / 'mine.py'), str(tmp_path / 'work')


def by_command(pair: tuple[str, str], picture: str, folder: Path) -> dict:
    """Use the image demo."""
    words = [picture, *pair, '--device', 'cpu', '--out-dir', str(folder)]
    assert tool('../demo/image_demo').main(words) == 0
    return json.loads((folder / f'preds/{Path(picture).stem}.json').read_text())


def by_page(
    pair: tuple[str, str], picture: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> dict:
    """Drop it on the page, and download."""
    from gradio_client import Client, handle_file

    monkeypatch.syspath_prepend(ROOT / 'demo')  # the page is imported when it is served
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        port = str(free.getsockname()[1])
    demo = tool('../demo/web_demo')
    blocks = demo.serve(demo.parse_args([*pair, '--device', 'cpu', '--port', port]))
    try:
        client = Client(blocks.local_url, verbose=False, download_files=folder)
        *_, files = client.predict(handle_file(picture), False, 0.3, api_name='/restore')
    finally:
        blocks.close()
    return json.loads(Path(files[0]).read_text())


def by_file(pair: tuple[str, str], picture: str, folder: Path) -> np.ndarray:
    """Export, and run the file; give the logits."""
    out = folder / 'whole.onnx'
    words = [*pair, '--shape', '13', '17', '--out', str(out)]
    tool('deployment/export').main(words)
    lr = np.array(Image.open(picture).convert('RGB'), np.float32).transpose(2, 0, 1)[None] / 255
    return load_exported(out)(lr)['logits'][0]


def test_four_ways(pair: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (13, 17, 3), dtype=np.uint8)
    picture = str(tmp_path / 'photo.png')
    Image.fromarray(pixels).save(picture)
    inferencer = SR4IRInferencer(*pair, device='cpu', show_progress=False)
    (expected,) = inferencer(picture)['predictions']
    assert by_command(pair, picture, tmp_path / 'results') == expected
    assert by_page(pair, picture, tmp_path, monkeypatch) == expected
    logits = by_file(pair, picture, tmp_path)
    scores = np.exp(logits) / np.exp(logits).sum()
    np.testing.assert_allclose(scores, expected['pred_scores'], rtol=1e-4)
    assert scores.argmax() == expected['pred_label']
