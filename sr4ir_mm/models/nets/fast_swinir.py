# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""mmagic's SwinIR block with less traffic: same names, and the same results to rounding."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from mmagic.models.editors.swinir.swinir_rstb import SwinTransformerBlock, WindowAttention
from torch import Tensor


class Windows(NamedTuple):
    """How the tokens of a batch are put into windows, those of one mask side by side.

    Args:
        order (Tensor): ``(N * H * W,)``, the places of the windows' tokens in the batch.
        inverse (Tensor): ``(N * H * W,)``, the way back.
        counts (tuple[int, ...]): How many windows have each mask.
        masks (Tensor): ``(len(counts), L, L)``, added to the scores of L tokens in a window.
    """

    order: Tensor
    inverse: Tensor
    counts: tuple[int, ...]
    masks: Tensor


class FastSwinTransformerBlock(SwinTransformerBlock):
    """Shift and windows in one copy each way, and bias and mask in one for all windows alike.

    An instance is made of mmagic's by assigning ``__class__``.
    """

    def forward(self, x: Tensor, x_size: tuple[int, int]) -> Tensor:
        """Attend within windows, then mix channels.

        Args:
            x (Tensor): ``(N, H * W, C)``.
            x_size (tuple[int, int]): H and W, which the window divides.

        Returns:
            Tensor: ``(N, H * W, C)``.
        """
        if self.training and max(self.attn.attn_drop.p, self.attn.proj_drop.p) > 0:
            return super().forward(x, x_size)  # in its own order, so that the draws are the same
        windows = group_windows(len(x), *x_size, self.window_size, self.shift_size, x.device)
        tokens = _Permute.apply(
            self.norm1(x).flatten(0, 1), windows.order, windows.inverse
        ).unflatten(0, (-1, self.window_size**2))
        tokens = window_attention(self.attn, tokens, windows.masks, windows.counts)
        tokens = _Permute.apply(tokens.flatten(0, 1), windows.inverse, windows.order)
        x = x + self.drop_path(tokens.view_as(x))
        return x + self.drop_path(self.mlp(self.norm2(x)))


@lru_cache(maxsize=64)
@torch.inference_mode(False)  # what is kept may be used in training later
def group_windows(
    number: int, height: int, width: int, window: int, shift: int, device: torch.device
) -> Windows:
    """Order the tokens of a batch by windows, once for each size and device.

    Args:
        number (int): N, the images.
        height (int): H, which the window divides.
        width (int): W, which the window divides.
        window (int): Side of a window.
        shift (int): By how much the windows are shifted; 0 masks nothing.
        device (torch.device): Where the tokens are.
    """
    places = torch.arange(number * height * width).view(number, height, width)
    places = places.roll((-shift, -shift), (1, 2))
    places = places.unflatten(2, (-1, window)).unflatten(1, (-1, window)).transpose(2, 3)
    masks = torch.zeros(1, window**2, window**2)
    kinds = torch.zeros(places.shape[:3], dtype=torch.long)
    if shift:
        # Four windows have all the masks there are: within, at the right, at the bottom, in the
        # corner. So a mask is never repeated for each window and image.
        side = torch.arange(2 * window)
        cut = (side >= window).long() + (side >= 2 * window - shift)
        region = (3 * cut[:, None] + cut).view(2, window, 2, window).transpose(1, 2).reshape(4, -1)
        # Not minus infinity, as in mmagic.
        masks = torch.where(region[:, None] != region[:, :, None], -100.0, 0.0)
        kinds[:, -1] += 2
        kinds[:, :, -1] += 1
    order = places.flatten(0, 2)[kinds.flatten().argsort(stable=True)].flatten()
    counts = tuple(kinds.flatten().bincount(minlength=len(masks)).tolist())
    return Windows(order.to(device), order.argsort().to(device), counts, masks.to(device))


def window_attention(
    attn: WindowAttention, tokens: Tensor, masks: Tensor, counts: tuple[int, ...]
) -> Tensor:
    """Do what mmagic's ``WindowAttention`` does, without its dropout of scores.

    Args:
        attn (WindowAttention): Whose parameters are used.
        tokens (Tensor): ``(windows, L, C)``.
        masks (Tensor): ``(kinds, L, L)``.
        counts (tuple[int, ...]): How many of the windows, in their order, have each mask.

    Returns:
        Tensor: ``(windows, L, C)``.
    """
    length = tokens.shape[1]
    qkv = attn.qkv(tokens).unflatten(-1, (3, attn.num_heads, -1))
    bias = attn.relative_position_bias_table[attn.relative_position_index.flatten()]
    bias = bias.view(length, length, -1).permute(2, 0, 1)
    out = [
        _attend(part, (bias + mask).to(qkv.dtype), attn.scale)
        for part, mask in zip(qkv.split(counts), masks, strict=True)
        if len(part)
    ]
    return attn.proj_drop(attn.proj(torch.cat(out) if len(out) > 1 else out[0]))


def _attend(qkv: Tensor, bias: Tensor, scale: float) -> Tensor:
    """Attend in ``(n, L, 3, heads, d)`` with ``(heads, L, L)`` added; gives ``(n, L, C)``."""
    q, k, v = (part.transpose(1, 2) for part in qkv.unbind(2))
    if bias.requires_grad and not bias.is_cuda:
        # PyTorch has no fused kernel here that learns the bias, and its substitute scales q and k
        # in passes of their own.
        number = len(q)
        q, k, v = (part.flatten(0, 1) for part in (q, k, v))
        scores = torch.baddbmm(bias.repeat(number, 1, 1), q, k.transpose(1, 2), alpha=scale)
        out = torch.bmm(scores.softmax(-1), v).unflatten(0, (number, -1))
    else:
        out = F.scaled_dot_product_attention(q, k, v, attn_mask=bias[None], scale=scale)
    return out.transpose(1, 2).flatten(2)


class _Permute(torch.autograd.Function):
    """Reorder rows; the way back is a look-up too, where PyTorch would add up into zeros."""

    @staticmethod
    def forward(ctx: Any, rows: Tensor, order: Tensor, inverse: Tensor) -> Tensor:
        ctx.save_for_backward(order, inverse)
        return rows.index_select(0, order)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None, None]:
        order, inverse = ctx.saved_tensors
        return _Permute.apply(grads[0], inverse, order), None, None
