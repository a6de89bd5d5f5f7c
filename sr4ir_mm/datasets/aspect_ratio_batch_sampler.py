# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Batches of images of similar shape, as in torchvision's detection references."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from torch.utils.data import BatchSampler, Sampler

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.registry import DATA_SAMPLERS


@DATA_SAMPLERS.register_module()
class AspectRatioBatchSampler(BatchSampler):
    """Group images by their aspect ratio, so that little of a batch is padding.

    An epoch has ``len(sampler) // batch_size`` batches, all of full size: a group that is left
    with too few images at the end is topped up with images of its own, the largest rest first.
    mmdet's sampler of this name knows two groups and makes smaller batches at the end.

    Args:
        sampler (Sampler): Order of the samples, with a ``dataset`` whose samples have 'width' and
            'height'.
        batch_size (int): Images in a batch.
        k (int): Groups for a factor of two in width / height, between 1/2 and 2. Defaults to 3.

    Raises:
        ConfigError: The data set is smaller than a batch.
    """

    def __init__(self, sampler: Sampler, batch_size: int, k: int = 3) -> None:
        super().__init__(sampler, batch_size, drop_last=False)
        self.dataset: Any = sampler.dataset  # type: ignore[attr-defined]
        if len(sampler) < batch_size:  # type: ignore[arg-type]
            raise ConfigError(
                f'The data set has {len(sampler)} images for a process, fewer than the batch_size '  # type: ignore[arg-type]
                f'{batch_size} of train_dataloader. Images without a box of its classes, which are '
                f'{", ".join(_classes(self.dataset)) or "not named"}, may have been left out.'
            )
        self.edges = [2 ** (step / k) for step in range(-k, k + 1)]

    def __iter__(self) -> Iterator[list[int]]:
        """Yield indices of batches, in the order in which they become full."""
        waiting: dict[int, list[int]] = defaultdict(list)
        seen: dict[int, list[int]] = defaultdict(list)
        left = len(self)
        for index in self.sampler:
            group = self._group(index)
            waiting[group].append(index)
            seen[group].append(index)
            if len(waiting[group]) == self.batch_size:
                left -= 1
                yield waiting.pop(group)
        for group in sorted(waiting, key=lambda group: len(waiting[group]), reverse=True)[:left]:
            missing = self.batch_size - len(waiting[group])
            repeated = seen[group] * -(-missing // len(seen[group]))
            yield waiting[group] + repeated[:missing]

    def __len__(self) -> int:
        """Count the batches of an epoch."""
        return len(self.sampler) // self.batch_size  # type: ignore[arg-type]

    def _group(self, index: int) -> int:
        info = self.dataset.get_data_info(index)
        return bisect_right(self.edges, info['width'] / info['height'])


def _classes(dataset: Any) -> list[str]:
    return list(getattr(dataset, 'metainfo', {}).get('classes') or ())[:20]
