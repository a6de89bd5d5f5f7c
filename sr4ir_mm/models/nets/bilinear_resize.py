# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Bilinear resizing to a given size, and the same as two matrix products, for export."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor


def resize(images: Tensor, size: tuple[int, int]) -> Tensor:
    """Resize ``(N, C, H, W)``, corners not aligned, without antialiasing."""
    return F.interpolate(images, size, mode='bilinear')


def resize_by_matrices(images: Tensor, size: tuple[int, int]) -> Tensor:
    """Stand in for :func:`resize` where another runtime is to give PyTorch's pixels.

    Each runtime rounds the coordinates of a resize in its own way, which moves pixels far from the
    origin by 1e-4 of their distance; a product has the weights in it.
    """
    rows, columns = (
        torch.from_numpy(_weights(*sides)).to(images)
        for sides in zip(images.shape[-2:], size, strict=True)
    )
    return rows @ images @ columns.T


def _weights(old: int, new: int) -> np.ndarray:
    """Give the weights ``(new, old)`` of the old pixels in each new one, to the bit PyTorch's."""
    factor = np.float32(old) / np.float32(new)
    # PyTorch multiplies and subtracts with one rounding (FMA); in double precision there is none.
    exact = np.float64(factor) * (np.arange(new) + 0.5) - 0.5
    places = np.maximum(exact.astype(np.float32), 0)
    low = np.minimum(places.astype(int), old - 1)
    part = places - low.astype(np.float32)
    weights = np.zeros((new, old), np.float32)
    np.add.at(weights, (np.arange(new), low), 1 - part)
    np.add.at(weights, (np.arange(new), np.minimum(low + 1, old - 1)), part)
    return weights
