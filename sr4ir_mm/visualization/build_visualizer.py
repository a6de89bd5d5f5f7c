# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The library's visualizer outside of a run."""

from collections.abc import Mapping
from itertools import count
from typing import Any

from mmengine.config import Config
from mmengine.registry import VISUALIZERS

_NUMBERS = count()  # MMEngine keeps visualizers by name


def build_visualizer(cfg: Config, dataset_meta: Mapping) -> Any:
    """Build a config's visualizer, which draws and stores nothing.

    Args:
        cfg (Config): Its ``visualizer`` is mmdet's, mmseg's or mmpretrain's. Without one MMEngine's
            draws the images alone.
        dataset_meta (Mapping): Classes and, of label maps, the palette.
    """
    name = f'pictures_{next(_NUMBERS)}'
    own = cfg.get('visualizer') or dict(type='Visualizer')
    visualizer = VISUALIZERS.build(dict(own, name=name, vis_backends=None))
    visualizer.dataset_meta = dict(dataset_meta)
    return visualizer
