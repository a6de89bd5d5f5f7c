# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Cross-quality patch mix (CQMix), Section 3.2 of the paper."""

import torch
import torch.nn.functional as F
from mmcv.transforms import BaseTransform
from torch import Tensor

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.registry import TRANSFORMS


@TRANSFORMS.register_module()
class CQMix(BaseTransform):
    """Mix SR and HR images cell by cell: ``M * sr + (1 - M) * hr``.

    The mask M has one value for each cell of a grid over the image, 1 with the given
    probability, drawn for each image on its own.

    It is a transform of batches, on their device, and not of files in a data pipeline: the SR half
    comes from the SR net of that moment.

    Args:
        grid (int or tuple[int, int]): Cells per side, or (rows, columns). The paper's Section 4:
            64 patches for segmentation and detection, 16 for classification. Defaults to 8.
        prob (float): Probability that a cell is SR. Defaults to 0.5.
        seed (int, optional): Seed of a generator of its own; None draws from PyTorch's global one,
            as training does to be resumed exactly. Defaults to None.
    """

    def __init__(
        self, grid: int | tuple[int, int] = 8, prob: float = 0.5, seed: int | None = None
    ) -> None:
        self.grid = (grid, grid) if isinstance(grid, int) else tuple(grid)
        if len(self.grid) != 2 or min(self.grid) < 1:
            raise ConfigError(f'CQMix: grid is {grid!r}, not one or two positive integers.')
        if not 0 <= prob <= 1:
            raise ConfigError(f'CQMix: prob is {prob}, not a probability in [0, 1].')
        self.prob = prob
        self.seed = seed
        self._generators: dict[torch.device, torch.Generator] = {}

    def transform(self, results: dict) -> dict:
        """Add ``cqmix``, the mix of the batches ``sr`` and ``hr``, to the results."""
        results['cqmix'] = self.mix(results['sr'], results['hr'])
        return results

    def mix(self, sr: Tensor, hr: Tensor) -> Tensor:
        """Mix a batch, on its own device.

        Args:
            sr (Tensor): SR images ``(N, C, H, W)``, of any range.
            hr (Tensor): HR images, of the same shape, range and channel order.

        Returns:
            Tensor: Mixed images ``(N, C, H, W)``.
        """
        return torch.where(self.mask(hr), sr, hr)

    def mask(self, images: Tensor) -> Tensor:
        """Draw M, True where SR goes, of shape ``(N, 1, H, W)``, for ``images (N, C, H, W)``."""
        cells = torch.rand(
            (images.shape[0], 1, *self.grid),
            device=images.device,
            generator=self._generator(images.device),
        )
        # Nearest neighbours of a boolean: 8-bit is the narrowest type that interpolate takes.
        chosen = (cells < self.prob).to(torch.uint8)
        return F.interpolate(chosen, size=images.shape[-2:], mode='nearest').bool()

    def _generator(self, device: torch.device) -> torch.Generator | None:
        if self.seed is None:
            return None
        if device not in self._generators:
            self._generators[device] = torch.Generator(device).manual_seed(self.seed)
        return self._generators[device]

    def __repr__(self) -> str:
        return f'{type(self).__name__}(grid={self.grid}, prob={self.prob}, seed={self.seed})'
