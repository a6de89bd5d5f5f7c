# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What label maps are asked before a long run is spent on them."""

import numpy as np
from mmengine.dataset import BaseDataset
from mmengine.registry import TRANSFORMS

from sr4ir_mm.datasets.label_map import read_labels
from sr4ir_mm.errors import DataError
from sr4ir_mm.utils.faults import Faults
from sr4ir_mm.utils.progress import shown

from .dataset_checks import some, transforms_of

MAPS = 64
"""Label maps whose values are looked at; reading all would take minutes."""


def check_labels(dataset: BaseDataset, num_classes: int) -> list[str]:
    """Read some label maps and look at their values.

    Args:
        dataset (BaseDataset): Of mmseg, loaded; its files are there.
        num_classes (int): Number of its classes.

    Returns:
        list[str]: What may be meant.

    Raises:
        DataError: A value is no class, or there is nothing but what is ignored.
    """
    loaders = [t for t in transforms_of(dataset) if type(t).__name__ == 'LoadAnnotations']
    load = loaders[0] if loaders else TRANSFORMS.build(dict(type='mmseg.LoadAnnotations'))
    ignored, notes = dataset.ignore_index, Faults()
    seen: set[int] = set()
    indices = some(len(dataset), MAPS)
    for index in shown(indices, 'Looking at label maps'):
        info = dataset.get_data_info(index)
        path = info['seg_map_path']
        stored = read_labels(path)
        if stored.max() > 255:
            raise DataError(
                f'{path} has the label {stored.max()}: mmseg reads label maps as 8 bits, in which '
                f'it would be {stored.max() % 256}.'
            )
        values = {int(value) for value in np.unique(load(info)['gt_seg_map'])}
        bad = sorted(value for value in values if value >= num_classes and value != ignored)
        if bad:
            raise DataError(
                f'{path} has the label {bad[0]}, but there are {num_classes} classes, 0 to '
                f'{num_classes - 1}, and {ignored} to ignore: correct metainfo.classes, '
                'reduce_zero_label or the file.'
            )
        if values == {ignored}:
            notes.add(f'label maps of nothing but {ignored}, which is ignored', path)
        seen |= values - {ignored}
    if indices and not seen:
        raise DataError(
            f'Nothing can be learnt from {dataset.data_prefix.get("seg_map_path")}: of '
            f'{len(indices)} label maps, {notes}.'
        )
    if len(seen) == 1 < num_classes:
        notes.say(
            f'no label but {next(iter(seen))} and, to be ignored, {ignored}, where there are '
            f'{num_classes} classes: a map of 0 and 255, for example, must be one of 0 and 1'
        )
    return [f'Of {len(indices)} label maps looked at: {notes}'] if notes else []
