# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What a detection data set is asked before a long run is spent on it."""

import os.path as osp
from collections.abc import Collection

from mmengine.dataset import BaseDataset
from mmengine.evaluator import BaseMetric

from sr4ir_mm.errors import DataError
from sr4ir_mm.utils.boxes import Box, check_boxes
from sr4ir_mm.utils.coco import check_coco, fault_of_coco, read_json
from sr4ir_mm.utils.faults import Faults
from sr4ir_mm.utils.progress import shown


def check_coco_dataset(dataset: BaseDataset, classes: Collection[str]) -> str:
    """Check a data set in COCO's form by its file.

    Args:
        dataset (BaseDataset): The data set, with ``cat_ids``, the file's categories in use.
        classes (Collection[str]): The data set's classes.

    Returns:
        str: What will be left out; see :func:`check_coco`.

    Raises:
        DataError: Training would be on nothing, or evaluation wrong.
    """
    content = read_json(dataset.ann_file)
    names = {category['id']: category['name'] for category in content['categories']}
    missing = [name for name in classes if name not in names.values()]
    # CocoDataset drops what the file lacks, and shifts the labels after it.
    if missing:
        raise DataError(
            f'{dataset.ann_file} lacks the classes {_some(missing)} of the data set; it has '
            f'{_some(sorted(names.values()))}. Correct metainfo.classes or the file.'
        )
    # It numbers classes in the order of the file; what draws and reports takes that of metainfo.
    ordered = [names[number] for number in dataset.cat_ids]
    if classes and ordered != list(classes):
        raise DataError(
            f'{dataset.ann_file} has the classes in the order {_some(ordered)}, and '
            f'metainfo.classes in the order {_some(list(classes))}: labels follow the file, so '
            'names would be swapped. Give metainfo.classes, and the files of all splits, one order.'
        )
    if fault_of_coco(content):  # a form like it, which its own data set knows, as of LVIS
        return check_instances(dataset)
    return check_coco(content, dataset.ann_file, classes, dataset.test_mode)


def check_coco_metric(metric: BaseMetric, dataset: BaseDataset) -> None:
    """Check that a metric in COCO's form has annotations, and those of the data set's images.

    It finds an image by its number alone, so another file would measure by another one's boxes.

    Args:
        metric (BaseMetric): Any; what has no annotations of its own is left alone.
        dataset (BaseDataset): What it is used on, loaded.

    Raises:
        DataError: It has not.
    """
    coco = getattr(metric, '_coco_api', None)
    if coco is None or getattr(metric, 'format_only', False):
        return
    name = type(metric).__name__
    for index in range(len(dataset)):
        info = dataset.get_data_info(index)
        path, number = info['img_path'], info.get('img_id')
        image = coco.imgs.get(number)
        if image is None or osp.basename(image.get('file_name', path)) != osp.basename(path):
            other = f'{image["file_name"]} there' if image else 'not there'
            raise DataError(
                f'The ann_file of {name} is not that of the images that it is used on, which is '
                f'{dataset.ann_file}: image {number} is {path} here and {other}. Give both the '
                'same file (val_evaluator and val_dataloader, test_evaluator and test_dataloader).'
            )
    if not coco.anns:
        raise DataError(
            f'The ann_file of {name} has no annotations, so there is nothing to measure by: give '
            'one that has, or leave the metric out.'
        )


def check_instances(dataset: BaseDataset) -> str:
    """Check the boxes and labels of any detection data set by what it gives.

    Args:
        dataset (BaseDataset): The data set, loaded.

    Returns:
        str: What will be left out, or may be meant; '' if nothing.

    Raises:
        DataError: Training would be on nothing, or evaluation wrong.
    """
    errors, notes = Faults(), Faults()
    number = len(dataset.metainfo.get('classes') or ())
    boxes, others = [], 0
    for index in shown(range(len(dataset)), 'Looking at boxes'):
        info = dataset.get_data_info(index)
        path = info['img_path']
        size = (info.get('width') or float('inf'), info.get('height') or float('inf'))
        for instance in info.get('instances') or ():
            if instance.get('ignore_flag'):
                continue
            label = instance.get('bbox_label', 0)
            if number and not 0 <= label < number:
                errors.add(f'labels that are none of {number} classes', f'{path}: {label}')
            if len(instance.get('bbox', ())) == 4:
                x1, y1, x2, y2 = (float(value) for value in instance['bbox'])
                boxes.append(Box(path, (x1, y1, x2 - x1, y2 - y1), size))
            else:  # turned boxes, masks alone
                others += 1
    if not check_boxes(boxes, errors, notes) and not others and not dataset.test_mode:
        errors.say('there is no box to learn from')
    name = dataset.ann_file or type(dataset).__name__
    if errors:
        raise DataError(f'{name} cannot be used: {errors}.{f" Also: {notes}." if notes else ""}')
    return f'{name} has {notes}' if notes else ''


def _some(names: list[str], number: int = 10) -> str:
    return ', '.join([*names[:number], *(['...'] if len(names) > number else [])])
