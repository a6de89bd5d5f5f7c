# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The page as a browser's visitor meets it: from dropped files to what can be downloaded."""

import json
import socket
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mmengine.runner import Runner
from PIL import Image

from sr4ir_mm.apis import SR4IRInferencer
from sr4ir_mm.errors import ConfigError
from tests.utils.tiny import ROOT, tiny_config
from tests.utils.tools import tool

needs_gradio = pytest.mark.skipif(
    find_spec('gradio') is None, reason='Gradio is not installed: requirements/web.txt'
)


@pytest.fixture
def pair(coco: Path, tmp_path: Path) -> tuple[str, str]:
    """A config and a work dir with a checkpoint of it."""
    cfg = tiny_config(coco, tmp_path / 'work', train_cfg__max_epochs=1)
    cfg.model.task.test_cfg = dict(score_thr=0.0)
    Runner.from_cfg(cfg).train()
    cfg.dump(tmp_path / 'mine.py')
    return str(tmp_path / 'mine.py'), str(tmp_path / 'work')


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Machines that this process connects to."""
    machines: set[str] = set()
    connect = socket.socket.connect

    def noted(self: socket.socket, address: Any) -> None:
        machines.add(address[0] if isinstance(address, tuple) else 'local')
        connect(self, address)

    monkeypatch.setattr(socket.socket, 'connect', noted)
    return machines


@pytest.fixture
def address(
    pair: tuple[str, str], reached: set[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The page of a trained pair."""
    monkeypatch.syspath_prepend(ROOT / 'demo')  # the page is imported when it is served
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        port = str(free.getsockname()[1])
    demo = tool('../demo/web_demo')
    blocks = demo.serve(demo.parse_args([*pair, '--device=cpu', '--port', port, '--max-mb=1']))
    yield blocks.local_url
    blocks.close()


def save_picture(path: Path, height: int, width: int, **options: Any) -> str:
    pixels = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path, **options)
    return str(path)


def ask(address: str, data: list) -> tuple[str, Any]:
    """Call the page by its bare protocol, as anybody could; give the kind of answer, and it."""
    import httpx

    call = f'{address}gradio_api/call/restore'
    event = httpx.post(call, json=dict(data=data)).json()['event_id']
    kind, content = httpx.get(f'{call}/{event}', timeout=60).text.strip().splitlines()[-2:]
    return kind.removeprefix('event: '), json.loads(content.removeprefix('data: '))


@needs_gradio
def test_page_from_picture_to_files(
    address: str, pair: tuple[str, str], reached: set[str], tmp_path: Path
) -> None:
    import httpx
    from gradio_client import Client, handle_file
    from gradio_client.exceptions import AppError

    assert address.startswith('http://127.0.0.1:')
    client = Client(address, verbose=False, analytics_enabled=False, download_files=tmp_path)

    def restore(file: str | None, is_hr: bool = False) -> tuple:
        given = file and handle_file(file)
        return client.predict(given, is_hr, 0.3, api_name='/restore')

    # The orientation that a camera noted is obeyed.
    turned = Image.Exif()
    turned[0x0112] = 6
    picture = save_picture(tmp_path / 'a.png', 10, 14, exif=turned)
    views, low, high, table, files = restore(picture)
    expected = SR4IRInferencer(*pair, device='cpu', show_progress=False)(picture)
    assert [Path(file).name for file in files] == ['a.json', 'a.png']
    assert json.loads(Path(files[0]).read_text()) == expected['predictions'][0]
    sr = np.asarray(Image.open(files[1]))
    assert sr.shape == (56, 40, 3)
    np.testing.assert_array_equal(sr[..., ::-1], expected['sr'][0])
    for drawn in (*views, low, high):
        assert Image.open(drawn).size == (440, 616)  # 11 times, to be readable
    assert '| LR: 10×14 |' in table
    assert '| SR | 40×56 |' in table

    # An HR picture is degraded as in training, cut to whole LR pixels.
    large = save_picture(tmp_path / 'b.png', 43, 58)
    assert '| LR: 14×10 |' in restore(large, is_hr=True)[3]

    broken = tmp_path / 'c.png'
    broken.write_text('no picture')
    for file, is_hr, message in (
        (str(broken), False, 'c.png cannot be read: it is not a picture'),
        (save_picture(tmp_path / 'd.png', 3, 9), True, 'too small to be shrunk by 4'),
        (save_picture(tmp_path / 'e.jpg', 1025, 1025, quality=1), False, 'image_demo.py --tile'),
        (None, False, 'There is no picture yet'),
    ):
        with pytest.raises(AppError, match=message):
            restore(file, is_hr)

    # No larger file than promised, and none of this machine's that nobody uploaded.
    sent = httpx.post(f'{address}gradio_api/upload', files=dict(files=b'0' * (2**20 + 1)))
    assert sent.status_code == 413
    own = dict(path=picture, meta=dict(_type='gradio.FileData'))
    assert ask(address, [own, False, 0.3])[0] == 'error'
    assert reached <= {'127.0.0.1', 'localhost', 'local', '::1'}


@needs_gradio
def test_without_arguments_it_takes_the_demo_s_pair(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    demo = tool('../demo/web_demo')
    monkeypatch.setattr(demo, 'DEMO', tmp_path)
    with pytest.raises(SystemExit) as end:
        demo.main([])
    assert end.value.code == 1
    assert 'run `make demo`' in capsys.readouterr().err
    (tmp_path / 'sr4ir').mkdir()
    (tmp_path / 'sr4ir/epoch_1.pth').write_bytes(b'')
    monkeypatch.setattr(demo, 'last_checkpoint', lambda work_dir: work_dir / 'epoch_1.pth')
    config, work_dir = demo.demo_pair()
    assert config.is_file()
    assert work_dir == tmp_path / 'sr4ir'


def test_mistakes_are_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    demo = tool('../demo/web_demo')
    with pytest.raises(SystemExit):
        demo.parse_args(['mine.py'])
    assert 'mine.py needs a checkpoint' in capsys.readouterr().err
    monkeypatch.setattr(demo, 'find_spec', lambda name: None)
    with pytest.raises(ConfigError, match=r'pip install "sr4ir-mm\[web\]"'):
        demo.serve(demo.parse_args([]))
