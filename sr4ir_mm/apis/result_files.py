# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Where the results of a picture are written."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.utils.files import check_folder, whole_file, write_json

from .inputs import Picture

KINDS = dict(sr=('.png',), vis=('.jpg',), preds=('.json', '.png'))
"""Folders of results, and the suffixes of the files in each."""


def check_out_dir(out_dir: Path, pictures: Sequence[Picture]) -> None:
    """Find out whether results can be written, before there are any.

    Raises:
        ConfigError: The folder cannot be written to, or a result would replace a picture.
    """
    check_folder(out_dir, 'out_dir')
    names = {picture.name for picture in pictures}
    sources = [picture.source for picture in pictures]
    inputs = {Path(source).resolve() for source in sources if isinstance(source, str | Path)}
    for kind, suffixes in KINDS.items():
        results = {out_dir / kind / f'{name}{suffix}' for name in names for suffix in suffixes}
        for path in {path.resolve() for path in results} & inputs:
            raise ConfigError(
                f'out_dir {out_dir}: a result would replace the picture {path}. '
                'Name another folder.'
            )


class ResultFiles:
    """``sr/NAME.png``, ``vis/NAME.jpg`` and ``preds/NAME.json``, each written whole or not at all.

    Args:
        out_dir (Path): The folder; it is made if need be.
        name (str): The picture's name, with folders, without a suffix.
    """

    def __init__(self, out_dir: Path, name: str) -> None:
        self.out_dir = out_dir
        self.name = name

    def save_sr(self, sr: np.ndarray) -> None:
        """Write the SR picture, ``(H, W, 3)``, BGR, in 0..255, without loss."""
        self._imwrite('sr', '.png', sr)

    def save_vis(self, vis: np.ndarray) -> None:
        """Write the picture with predictions, ``(H, W, 3)``, RGB, in 0..255."""
        self._imwrite('vis', '.jpg', vis[..., ::-1])

    def save_prediction(self, prediction: dict[str, Any], palette: Sequence | None) -> None:
        """Write a prediction as JSON, its label map, if it has one, as a PNG beside it.

        Args:
            prediction (dict[str, Any]): Of :func:`to_dict`.
            palette (Sequence, optional): A colour (red, green, blue) for each label.
        """
        plain = {key: value for key, value in prediction.items() if key != 'sem_seg'}
        if 'sem_seg' in prediction:
            path = self._path('preds', '.png')
            image = Image.fromarray(prediction['sem_seg'])
            if image.mode == 'L':  # more than 256 labels have no palette
                image = Image.fromarray(prediction['sem_seg'], 'P')
                colours = palette or [(value, value, value) for value in range(256)]
                image.putpalette([value for colour in colours for value in colour])
            with whole_file(path) as file:
                image.save(file, 'PNG')
            plain['sem_seg'] = path.name
        write_json(self._path('preds', '.json'), plain)

    def _imwrite(self, kind: str, suffix: str, bgr: np.ndarray) -> None:
        encoded = cv2.imencode(suffix, np.ascontiguousarray(bgr))[1]
        with whole_file(self._path(kind, suffix)) as file:
            file.write(encoded.data)

    def _path(self, kind: str, suffix: str) -> Path:
        return self.out_dir / kind / f'{self.name}{suffix}'
