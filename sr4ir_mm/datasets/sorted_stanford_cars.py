# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Stanford Cars with the class numbers of the paper's nets."""

from mmpretrain.datasets import StanfordCars
from mmpretrain.datasets.categories import STANFORDCARS_CATEGORIES

from sr4ir_mm.registry import DATASETS


@DATASETS.register_module()
class SortedStanfordCars(StanfordCars):
    """mmpretrain's data set, its classes in the order of their sorted names.

    The authors' code reads the images from one folder per class, so the published nets number
    them so; the data set's own order is almost, but not quite, alphabetical. Arguments are those
    of mmpretrain's StanfordCars.
    """

    METAINFO = {'classes': tuple(sorted(STANFORDCARS_CATEGORIES))}

    def load_data_list(self) -> list[dict]:
        """Load images and labels."""
        number = {name: index for index, name in enumerate(self.METAINFO['classes'])}
        return [
            dict(info, gt_label=number[STANFORDCARS_CATEGORIES[info['gt_label']]])
            for info in super().load_data_list()
        ]
