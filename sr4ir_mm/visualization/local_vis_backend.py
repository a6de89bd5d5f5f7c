# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Pictures on the disk, in folders."""

import os.path as osp
from typing import Any

import mmengine.visualization
import numpy as np
from mmengine.utils import mkdir_or_exist

from sr4ir_mm.registry import VISBACKENDS


@VISBACKENDS.register_module()
class LocalVisBackend(mmengine.visualization.LocalVisBackend):
    """MMEngine's local backend for pictures whose names have folders, as ``val/street/1``.

    MMEngine's own loses those without a word, for it makes no folder.

    Args:
        save_dir (str): Folder of the run's scalars, config and pictures.
        **kwargs: Of :class:`mmengine.visualization.LocalVisBackend`.
    """

    def add_image(self, name: str, image: np.ndarray, step: int = 0, **kwargs: Any) -> None:
        """Write ``<img_save_dir>/<name>_<step>.png``.

        Args:
            name (str): A relative path.
            image (np.ndarray): ``(H, W, 3)``, RGB in 0..255.
            step (int): Iterations that were trained. Defaults to 0.
            **kwargs: Ignored, as in the other backends.
        """
        folder = self.experiment._img_save_dir  # whole once the backend has begun
        mkdir_or_exist(osp.join(folder, osp.dirname(name)))
        super().add_image(name, image, step, **kwargs)
