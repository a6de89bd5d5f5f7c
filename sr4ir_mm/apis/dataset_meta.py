# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Names and colours of classes, without their data set."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from mmengine.config import Config
from mmengine.registry import DATASETS


def dataset_meta(cfg: Config, checkpoint_meta: Mapping) -> dict[str, Any]:
    """Take what the checkpoint says of the data set or, where it says nothing, the config.

    Args:
        cfg (Config): The config; its data need not be here.
        checkpoint_meta (Mapping): What the checkpoint holds beside the weights.

    Returns:
        dict[str, Any]: ``classes``, if they are known, and a ``palette`` of a colour for each.
    """
    dataset = (cfg.get('test_dataloader') or {}).get('dataset', {})
    known = checkpoint_meta.get('dataset_meta') or meta_of_dataset(dataset)
    meta = {str(key).lower(): value for key, value in known.items()}
    classes, palette = meta.get('classes') or (), meta.get('palette')
    if classes and (palette is None or len(palette) < len(classes)):
        # A palette of the library's own data set may be too short for the user's classes.
        colours = np.random.RandomState(42).randint(0, 256, (len(classes), 3))
        meta['palette'] = [tuple(colour) for colour in colours.tolist()]
    return meta


def meta_of_dataset(dataset: Mapping) -> dict[str, Any]:
    """Give what the config of a data set, or its type, says of its classes."""
    while 'dataset' in dataset:  # RepeatDataset and its like
        dataset = dataset['dataset']
    kind = dataset.get('type')
    if isinstance(kind, str):
        with DATASETS.switch_scope_and_registry(dataset.get('_scope_')) as registry:
            kind = registry.get(kind)
    return dict(getattr(kind, 'METAINFO', {})) | dict(dataset.get('metainfo') or {})
