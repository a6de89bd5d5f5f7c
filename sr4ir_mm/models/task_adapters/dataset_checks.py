# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What every library's data sets are asked before a long run is spent on them."""

import os.path as osp
from collections.abc import Collection
from random import Random
from typing import Any

from mmengine.dataset import BaseDataset
from torch import nn

from sr4ir_mm.datasets.decode_image import read_size
from sr4ir_mm.datasets.label_map import check_map
from sr4ir_mm.datasets.transforms.load_image import check_size
from sr4ir_mm.errors import ConfigError, DataError
from sr4ir_mm.utils.files import missing_file
from sr4ir_mm.utils.progress import shown


def check_num_classes(
    task: nn.Module,
    classes: Collection[str],
    but: tuple[str, ...] = (),
    things: tuple[int, int] | None = None,
) -> None:
    """Compare the number of classes of a model's heads with a data set's.

    Args:
        task (nn.Module): The task model.
        classes (Collection[str]): The data set's classes; nothing is compared if there are none.
        but (tuple[str, ...]): Heads that count something else, by the ends of their names.
        things (tuple[int, int], optional): How many of the classes are things, and how many stuff.
            Heads that count both are compared with them, others with the things. Defaults to
            None: nothing is told apart.

    Raises:
        ConfigError: They differ.
    """
    wrong: dict[str, Any] = {}
    for name, module in task.named_modules():
        both = tuple(getattr(module, f'num_{kind}_classes', None) for kind in ('things', 'stuff'))
        number = getattr(module, 'num_classes', None)
        if 'head' not in name:
            continue
        if things and None not in both:
            if both != things:
                wrong[name] = f'{both[0]} things and {both[1]} of stuff'
        elif (
            not name.endswith(but)
            and isinstance(number, int)
            and number != (things[0] if things else len(classes))
        ):
            wrong[name] = number
    if wrong and classes:
        some = ', '.join([*list(classes)[:20], *(['...'] if len(classes) > 20 else [])])
        apart = f', {things[0]} of things and {things[1]} of stuff' if things and things[1] else ''
        raise ConfigError(
            f'The data set has {len(classes)} classes ({some}){apart}, but model.task '
            f'({type(task).__name__}) is built for another number: {wrong}. Set num_classes '
            '(num_things_classes and num_stuff_classes of panoptic segmentation) of model.task, or '
            'metainfo.classes (thing_classes and stuff_classes) of the data set.'
        )


def check_files(dataset: BaseDataset, *keys: str) -> None:
    """Look for the files of every sample.

    Args:
        dataset (BaseDataset): The data set, loaded.
        *keys (str): Where a sample's paths are, such as 'img_path'. URLs are not looked at.

    Raises:
        DataError: A file is missing.
    """
    for index in shown(range(len(dataset)), 'Looking for files'):
        info = dataset.get_data_info(index)
        for key in keys:
            path = info[key]
            if '://' not in path and not osp.isfile(path):
                raise DataError(missing_file(path))


def check_images(dataset: BaseDataset, number: int = 1000) -> None:
    """Read the headers of some images: of the first ones, and of others drawn among the rest.

    Data sets that load images by a transform of their own know what they are; nothing is read.

    Args:
        dataset (BaseDataset): The data set, loaded; its files are there.
        number (int): How many. Defaults to 1000, which takes a second.

    Raises:
        DataError: One cannot be read as an image, or is of another size than its annotations or
            its label map.
    """
    loaders = {type(transform).__name__: transform for transform in transforms_of(dataset)}
    loader = loaders.get('LoadImage') or loaders.get('LoadImageFromFile')
    if loader is None:
        return
    scale = getattr(loader, 'scale', None) or 1
    for index in shown(some(len(dataset), number), 'Looking at images'):
        info = dataset.get_data_info(index)
        path = info['img_path']
        if '://' not in path:
            size = read_size(path, f'Image {path}')
            check_size(path, size, info, scale)
            label_map = info.get('seg_map_path')
            if label_map and osp.isfile(label_map):
                annotated = (scale * size[0], scale * size[1])
                check_map(label_map, annotated, segments='segments_info' in info)


def some(length: int, number: int) -> list[int]:
    """Choose indices: the first ones, where whatever is wrong with all shows, and random others."""
    if length <= number:
        return list(range(length))
    first = number // 10
    others = Random(0).sample(range(first, length), number - first)
    return [*range(first), *sorted(others)]


def transforms_of(dataset: BaseDataset) -> list:
    """List the transforms of a data set's pipeline."""
    return list(getattr(dataset.pipeline, 'transforms', ()))
