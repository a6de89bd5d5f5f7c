# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The video demo as users call it."""

from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np
import pytest

from sr4ir_mm.apis.video import open_video, video_writer
from sr4ir_mm.errors import ConfigError, DataError
from tests.utils.tools import tool

FPS = 12.5
pytestmark = pytest.mark.filterwarnings('ignore:There is no checkpoint')


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """Seven frames, each of a brightness of its own."""
    path = tmp_path / 'small.avi'
    with video_writer(path, FPS) as write:
        for number in range(7):
            write(np.full((20, 28, 3), 30 * number, np.uint8))
    return path


@pytest.mark.parametrize(('view', 'width', 'suffix'), [('both', 224, 'avi'), ('sr', 112, 'mp4')])
def test_frames_come_restored_in_their_order_and_rate(
    video: Path, tmp_path: Path, view: str, width: int, suffix: str,
    capsys: pytest.CaptureFixture,
) -> None:  # fmt: skip
    out = tmp_path / f'new/large.{suffix}'
    words = [str(video), 'l2t/cls_cars_x4', str(tmp_path), '--device', 'cpu', '--out', str(out)]
    demo = tool('../demo/video_demo')
    with pytest.MonkeyPatch.context() as patch:
        random_weights(patch, demo)
        assert demo.main([*words, '--view', view]) == 0
    assert f'7 frames at 12.5 per second: {out}' in capsys.readouterr().out
    assert [path.name for path in out.parent.iterdir()] == [out.name]
    restored = open_video(out)
    assert restored.fps == FPS
    assert restored.resolution == (width, 80)
    frames = [frame.mean() for frame in restored]
    # Up-sampled plain frames are what they were; the codec and what is drawn change a little.
    np.testing.assert_allclose(frames, [30 * number for number in range(7)], atol=12)


def random_weights(patch: pytest.MonkeyPatch, demo: object) -> None:
    """Let the demo run without a checkpoint."""
    make = demo.SR4IRInferencer  # type: ignore[attr-defined]
    patch.setattr(demo, 'SR4IRInferencer', lambda config, _, device: make(config, None, device))


def test_what_breaks_off_is_told(
    video: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    demo = tool('../demo/video_demo')
    random_weights(monkeypatch, demo)
    opened = open_video(video)
    opened._frame_cnt = 70
    monkeypatch.setattr(demo, 'open_video', lambda path: opened)
    out = ['--out', str(tmp_path / 'a.avi'), '--device', 'cpu', '--view', 'sr']
    assert demo.main(['small.avi', 'l2t/cls_cars_x4', '-', *out]) == 1
    assert 'small.avi breaks off after 7 of 70 frames' in capsys.readouterr().err


def test_what_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / 'a.avi'
    path.write_text('before')
    with suppress(KeyboardInterrupt), video_writer(path, FPS) as write:
        write(np.zeros((16, 16, 3), np.uint8))
        raise KeyboardInterrupt
    assert path.read_text() == 'before'
    assert list(tmp_path.iterdir()) == [path]
    for width in (4, 9000):
        with (
            pytest.raises(ConfigError, match=rf'b\.mp4 cannot .* frames of {width}x16'),
            video_writer(tmp_path / 'b.mp4', FPS) as write,
        ):
            write(np.zeros((16, width, 3), np.uint8))
    assert list(tmp_path.iterdir()) == [path]


def test_a_video_without_frames_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(DataError, match='is not written: there was no frame'),
        video_writer(tmp_path / 'a.avi', FPS),
    ):
        pass
    assert not list(tmp_path.iterdir())


def test_sides_are_made_even(tmp_path: Path) -> None:
    with video_writer(tmp_path / 'odd.avi', FPS) as write:
        write(np.zeros((17, 19, 3), np.uint8))
    assert open_video(tmp_path / 'odd.avi').resolution == (20, 18)


def test_mistakes_are_named_before_anything_starts(
    video: Path, tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    import matplotlib.pyplot as plt

    plt.switch_backend('agg')
    demo = tool('../demo/video_demo')
    broken = tmp_path / 'broken.mp4'
    broken.write_text('<html>')
    pair = ['l2t/cls_cars_x4', 'none.pth']
    for words, message in (
        (['none.mp4', *pair, '--out', 'a.mp4'], 'There is no video none.mp4'),
        ([str(broken), *pair, '--out', 'a.mp4'], 'broken.mp4 cannot be read: it is no video'),
        ([str(video), *pair, '--out', 'a.txt'], 'a.txt: a video is written as one of .avi'),
        ([str(video), *pair, '--out', str(video)], 'is the video that is read: name another'),
        ([str(video), *pair, '--out', f'{broken}/a.mp4'], f'{broken} is a file'),
        ([str(video), *pair, '--show'], 'there is no screen'),
        ([str(video), *pair, '--out', 'a.mp4'], 'none.pth cannot be read'),
        ([str(video), *pair], 'give --out FILE, --show or both'),
    ):
        with pytest.raises(SystemExit) as end:
            demo.main(words)
        assert end.value.code
        assert message in capsys.readouterr().err
    monkeypatch.setattr('mmcv.VideoReader.fps', 0.0)
    with pytest.raises(DataError, match='frame rate'):
        open_video(video)
    monkeypatch.setattr(cv2, 'imshow', raise_error)
    with pytest.raises(ConfigError, match='This OpenCV shows no windows'):
        demo.show(np.zeros((2, 2, 3), np.uint8))


def raise_error(*args: object) -> None:
    raise cv2.error('not implemented')
