# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What pictures of a data set are called."""

import os.path as osp
from collections.abc import Iterable
from itertools import count


class PictureNames:
    """Names of pictures: their paths below the folder that all of them share, without suffix.

    No two pictures get one name, even if a path comes twice.

    Args:
        paths (Iterable[str]): Of all images, as far as they are known.
    """

    def __init__(self, paths: Iterable[str] = ()) -> None:
        folders = {osp.dirname(osp.abspath(path)) for path in paths}
        self.root = osp.commonpath(folders) if folders else osp.abspath('.')
        self._used: set[str] = set()

    def add(self, path: str) -> str:
        """Name the next picture.

        Args:
            path (str): Of its image.

        Returns:
            str: A relative path that stays below any folder it is put in.
        """
        below = osp.relpath(osp.abspath(path), self.root).replace(osp.pardir + osp.sep, '')
        stem = osp.splitext(below)[0]
        name = stem
        for number in count(2):
            if name not in self._used:
                break
            name = f'{stem}_{number}'
        self._used.add(name)
        return name
