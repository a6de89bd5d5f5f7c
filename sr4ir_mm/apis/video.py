# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Videos, read and written frame by frame."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import mmcv
import numpy as np

from sr4ir_mm.errors import ConfigError, DataError
from sr4ir_mm.utils.files import check_folder

SMALLEST = 16
"""Pixels of a side; OpenCV's MJPG writes beyond its memory below that."""
CODECS = {'.avi': 'MJPG', '.mkv': 'MJPG', '.mov': 'mp4v', '.mp4': 'mp4v'}


def open_video(path: str | Path) -> mmcv.VideoReader:
    """Open a video; iterating over it gives frames ``(h, w, 3)``, BGR, in 0..255.

    Raises:
        DataError: There is no such file, or OpenCV cannot read it.
    """
    if not Path(path).is_file():
        raise DataError(f'There is no video {path}.')
    video = mmcv.VideoReader(str(path), cache_capacity=1)
    if not video.opened or not video.width:
        raise DataError(
            f'{path} cannot be read: it is no video, or OpenCV does not know its codec.'
        )
    if not 0 < video.fps < float('inf'):
        raise DataError(f'{path} does not tell its frame rate: store it anew, such as with ffmpeg.')
    return video


def check_video_name(path: str | Path, source: str | Path | None = None) -> None:
    """Check that a video can be written under a name, before anything long starts.

    Args:
        path (str | Path): The name.
        source (str | Path, optional): The video that is read meanwhile. Defaults to None.

    Raises:
        ConfigError: Its suffix is not one of :data:`CODECS`, its folder cannot be written to, or
            it is the source.
    """
    if Path(path).suffix.lower() not in CODECS:
        raise ConfigError(f'{path}: a video is written as one of {", ".join(CODECS)}.')
    if Path(path).is_dir():
        raise ConfigError(f'{path} is a folder: name the video to write.')
    if source is not None and Path(path).resolve() == Path(source).resolve():
        raise ConfigError(f'{path} is the video that is read: name another one to write.')
    check_folder(Path(path).parent, f'The folder of {path},')


@contextmanager
def video_writer(path: str | Path, fps: float) -> Iterator[Callable[[np.ndarray], None]]:
    """Give a function that appends a frame, ``(h, w, 3)``, BGR, in 0..255.

    The video is written beside its place, which it takes when all is written; whatever goes wrong,
    what was there before stays. Sides are made even, as codecs need them, by repeating the border.

    Args:
        path (str | Path): Of a video; the folder is made if need be.
        fps (float): Frames per second.

    Raises:
        ConfigError: OpenCV cannot write frames of that size in that form.
    """
    path = Path(path)
    check_video_name(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = cv2.VideoWriter()

    def write(frame: np.ndarray) -> None:
        height, width = frame.shape[:2]
        frame = cv2.copyMakeBorder(frame, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
        size = (frame.shape[1], frame.shape[0])
        codec = cv2.VideoWriter.fourcc(*CODECS[path.suffix.lower()])
        if min(size) < SMALLEST or not (
            writer.isOpened() or writer.open(str(part), codec, fps, size)
        ):
            raise ConfigError(
                f'{path} cannot be written with frames of {size[0]}x{size[1]} pixels. A side has '
                f'{SMALLEST} pixels or more and, in .mp4 and .mov, 8191 or less: .avi and .mkv '
                'take larger ones.'
            )
        writer.write(frame)

    with TemporaryDirectory(prefix='.part_', dir=path.parent) as folder:
        part = Path(folder, path.name)
        try:
            yield write
        finally:
            writer.release()
        if not part.is_file():
            raise DataError(f'{path} is not written: there was no frame.')
        os.replace(part, path)
