# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What every library's data sets are asked before a long run is spent on them."""

import os.path as osp
from collections.abc import Collection

from mmengine.dataset import BaseDataset
from torch import nn

from sr4ir_mm.errors import ConfigError, DataError


def check_num_classes(task: nn.Module, classes: Collection[str], but: tuple[str, ...] = ()) -> None:
    """Compare the number of classes of a model's heads with a data set's.

    Args:
        task (nn.Module): The task model.
        classes (Collection[str]): The data set's classes; nothing is compared if there are none.
        but (tuple[str, ...]): Heads that count something else, by the ends of their names.

    Raises:
        ConfigError: They differ.
    """
    heads = {
        name: module.num_classes
        for name, module in task.named_modules()
        if 'head' in name
        and not name.endswith(but)
        and isinstance(getattr(module, 'num_classes', None), int)
    }
    wrong = {name: number for name, number in heads.items() if number != len(classes)}
    if wrong and classes:
        some = ', '.join([*list(classes)[:20], *(['...'] if len(classes) > 20 else [])])
        raise ConfigError(
            f'The data set has {len(classes)} classes ({some}), but model.task '
            f'({type(task).__name__}) is built for another number: {wrong}. Set num_classes of '
            'model.task, or metainfo.classes of the data set.'
        )


def check_files(dataset: BaseDataset, *keys: str) -> None:
    """Look for the files of every sample.

    Args:
        dataset (BaseDataset): The data set, loaded.
        *keys (str): Where a sample's paths are, such as 'img_path'. URLs are not looked at.

    Raises:
        DataError: A file is missing.
    """
    for index in range(len(dataset)):
        info = dataset.get_data_info(index)
        for key in keys:
            path = info[key]
            if '://' not in path and not osp.isfile(path):
                raise DataError(
                    f'{path} is missing: check data_root and data_prefix of the data set.'
                )
