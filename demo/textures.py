# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Images of an object each, whose classes differ in nothing but fine texture.

Shape, size, colour, mean and contrast of an object say nothing about its class. Its texture has a
period of 4.4 to 6 pixels, and sampling at every fourth pixel cannot hold a period below 8: in
LR images it turns into coarser waves (aliasing). Textures are warped, which changes little in HR
but bends those coarser waves a lot, so that a class is hard, yet not impossible, to tell in LR.
"""

import numpy as np

CLASSES = ('checker', 'columns', 'diagonal', 'dots', 'rows')

SIDES = (28, 48)
"""Least and greatest side of an object's box, in pixels."""
PERIODS = (4.4, 6.0)
"""Range of an object's texture period, in pixels."""
CONTRAST = 0.15
"""Root mean square of a texture, of the range [0, 1]."""
WARP = 1.8
"""Root mean square of the warp's shift in x and in y, in pixels."""
WARP_PERIODS = (20.0, 36.0)
"""Range of the periods of the warp's waves, in pixels."""
GRAIN = 0.02
"""Root mean square of the pixels' noise, of the range [0, 1]."""


def make_image(rng: np.random.Generator, name: str, size: int) -> np.ndarray:
    """Draw an image of one object.

    Args:
        rng (np.random.Generator): Where all choices but the class come from.
        name (str): The object's class, one of ``CLASSES``.
        size (int): Height and width of the image in pixels, at least ``SIDES[1]``.

    Returns:
        np.ndarray: The image ``(size, size, 3)``, uint8 RGB.
    """
    tint = 0.05 * rng.normal(size=3)
    image = rng.uniform(0.3, 0.7, 3) + waves(rng, size, size, (40.0, 160.0))[..., None] * tint
    width, height = (int(side) for side in rng.integers(SIDES[0], SIDES[1] + 1, 2))
    x, y = int(rng.integers(size - width + 1)), int(rng.integers(size - height + 1))
    window = np.s_[y : y + height, x : x + width]
    image[window] = _draw(rng, name, image[window])
    image += rng.normal(0, GRAIN, image.shape)
    return np.clip(np.rint(255 * image), 0, 255).astype(np.uint8)


def make_texture(rng: np.random.Generator, name: str, mask: np.ndarray) -> np.ndarray:
    """Make a texture with mean 0 and root mean square 1 inside a mask.

    Args:
        rng (np.random.Generator): Where period, phase and warp come from.
        name (str): One of ``CLASSES``.
        mask (np.ndarray): ``(H, W)``, bool.

    Returns:
        np.ndarray: ``(H, W)``, 0 outside the mask.
    """
    height, width = mask.shape
    period = rng.uniform(*PERIODS)
    shift_x, shift_y = (WARP * waves(rng, height, width, WARP_PERIODS) for _ in range(2))
    y, x = np.mgrid[:height, :width]
    a = 2 * np.pi * ((x + shift_x) / period + rng.random())
    b = 2 * np.pi * ((y + shift_y) / period + rng.random())
    slope = rng.choice([-1, 1])  # drawn for every class: all use the same random numbers
    wave = dict(
        checker=2 * np.sin(a) * np.sin(b),
        columns=np.sin(a),
        diagonal=np.sin(np.sqrt(0.5) * (a + slope * b)),
        dots=np.sin(a) + np.sin(b) - 0.5,
        rows=np.sin(b),
    )[name]
    wave = np.tanh(2 * wave)
    wave -= wave[mask].mean()
    return np.where(mask, wave / np.sqrt(np.square(wave[mask]).mean()), 0)


def waves(
    rng: np.random.Generator, height: int, width: int, periods: tuple[float, float], count: int = 6
) -> np.ndarray:
    """Sum plane waves of random direction and phase: a smooth random field.

    Returns:
        np.ndarray: ``(height, width)``, with an expected mean of 0 and root mean square of 1.
    """
    y, x = np.mgrid[:height, :width]
    field = np.zeros((height, width))
    for _ in range(count):
        angle, phase = 2 * np.pi * rng.random(2)
        along = (x * np.cos(angle) + y * np.sin(angle)) / rng.uniform(*periods)
        field += np.sin(2 * np.pi * along + phase)
    return field * np.sqrt(2 / count)


def _draw(rng: np.random.Generator, name: str, under: np.ndarray) -> np.ndarray:
    """Put an ellipse, a rectangle or a shape between the two over a part of the image."""
    height, width = under.shape[:2]
    x = np.abs(np.linspace(-1 + 1 / width, 1 - 1 / width, width))
    y = np.abs(np.linspace(-1 + 1 / height, 1 - 1 / height, height))
    roundness = rng.choice([2.0, 4.0, 16.0])
    mask = x[None] ** roundness + y[:, None] ** roundness <= 1
    texture = CONTRAST * make_texture(rng, name, mask)
    paint = rng.uniform(0.3, 0.7, 3) + texture[..., None]
    return np.where(mask[..., None], paint, under)
