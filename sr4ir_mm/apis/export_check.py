# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Does an exported file give what PyTorch gives?"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor

from sr4ir_mm.compat.export import check_exporter
from sr4ir_mm.models.exported_part import ExportedPart

from .inputs import Input, Picture, list_pictures

BOUND = 1e-4
"""The largest difference that is rounding."""

Outputs = dict[str, np.ndarray]


def load_exported(path: str | Path) -> Callable[[np.ndarray], Outputs]:
    """Load an exported file, to run it on the CPU: ONNX by ONNX Runtime, ``.pt2`` by PyTorch.

    Args:
        path (str | Path): Of :func:`export_model`.

    Returns:
        Callable: From images ``(N, 3, h, w)``, RGB in [0, 1], to the outputs by name.

    Raises:
        ConfigError: ONNX Runtime is not installed.
    """
    if Path(path).suffix == '.pt2':
        module = torch.export.load(str(path)).module()
        return lambda images: _arrays(module(torch.from_numpy(images)))
    check_exporter('onnxruntime')
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=['CPUExecutionProvider'])
    names = [output.name for output in session.get_outputs()]
    given = session.get_inputs()[0].name
    return lambda images: dict(zip(names, session.run(names, {given: images}), strict=True))


def differences(
    part: ExportedPart,
    run: Callable[[np.ndarray], Outputs],
    batches: Iterable[np.ndarray],
) -> dict[str, float]:
    """Compare an exported file with the part that it was made of.

    Args:
        part (ExportedPart): The part.
        run (Callable): Of :func:`load_exported`.
        batches (Iterable[np.ndarray]): Images, ``(N, 3, h, w)`` each, RGB in [0, 1].

    Returns:
        dict[str, float]: The largest difference of each output, over the output's largest value
            where that is above 1; infinite where a number is not finite. Of detections ``boxes``
            alone: infinite if one of a label and a score, but for :data:`BOUND`, is there and not
            here, or the other way.
    """
    largest: dict[str, float] = {}
    for images in batches:
        with torch.no_grad():
            expected = _arrays(part(torch.from_numpy(images)))
        found = run(images)
        pairs = {name: (found[name], expected[name]) for name in expected}
        here = {name: _difference(*pair) for name, pair in pairs.items() if name != 'labels'}
        if 'boxes' in expected:
            here['boxes'] = max(_unmatched(found, expected), _unmatched(expected, found))
        largest = {name: max(value, largest.get(name, 0.0)) for name, value in here.items()}
    return largest


def check_pictures(
    images: Input | Sequence[Input] | None, shape: tuple[int, int], dynamic: bool
) -> list[Picture]:
    """List pictures to compare on; they are read when they are needed.

    Args:
        images (Input | Sequence[Input], optional): A folder of pictures, or what else
            :func:`list_pictures` takes; None makes three.
        shape (tuple[int, int]): Height and width of those that are made.
        dynamic (bool): Make pictures of several sizes, from that one on.

    Raises:
        DataError: There is no such folder, or no picture in it.
    """
    if images is not None:
        return list_pictures(images)
    steps = [index if dynamic else 0 for index in range(3)]
    return [
        Picture(f'made_{seed}', _make(shape[0] + 3 * step, shape[1] + 5 * step, seed))
        for seed, step in enumerate(steps)
    ]


def to_batch(picture: Picture, shape: tuple[int, int], dynamic: bool) -> np.ndarray:
    """Read a picture as an exported file takes it.

    Args:
        picture (Picture): The picture.
        shape (tuple[int, int]): The height and width that it is brought to, unless:
        dynamic (bool): It keeps its size, and comes with its mirror image as a batch of two.

    Returns:
        np.ndarray: ``(N, 3, h, w)``, RGB in [0, 1].

    Raises:
        DataError: The picture cannot be read.
    """
    array = picture.load()
    if not dynamic and array.shape[:2] != tuple(shape):
        array = cv2.resize(array, (shape[1], shape[0]), interpolation=cv2.INTER_AREA)
    rgb = array[..., ::-1].transpose(2, 0, 1)[None].astype(np.float32) / 255
    return np.concatenate([rgb, rgb[..., ::-1]]) if dynamic else np.ascontiguousarray(rgb)


def _make(height: int, width: int, seed: int) -> np.ndarray:
    """Make a picture of soft blots with grain, ``(h, w, 3)``, BGR, in 0..255."""
    generator = np.random.default_rng(seed)
    blots = generator.uniform(0, 255, (5, 7, 3)).astype(np.float32)
    soft = cv2.resize(blots, (width, height), interpolation=cv2.INTER_CUBIC)
    return (soft + generator.normal(0, 8, soft.shape)).clip(0, 255).astype(np.uint8)


def _arrays(outputs: dict[str, Tensor]) -> Outputs:
    return {name: value.detach().numpy() for name, value in outputs.items()}


def _difference(found: np.ndarray, expected: np.ndarray) -> float:
    if found.shape != expected.shape or not np.isfinite([found.sum(), expected.sum()]).all():
        return float('inf')  # NaN is equal to nothing, and lost in a maximum
    return float(np.abs(found - expected).max() / max(1.0, np.abs(expected).max()))


def _unmatched(found: Outputs, expected: Outputs) -> float:
    """Give the largest distance of an expected box to the nearest one of its label and score.

    Equal scores have no order, so rows are not compared one by one.
    """
    largest = 0.0
    for box, score, label in zip(
        *(expected[k] for k in ('boxes', 'scores', 'labels')), strict=True
    ):
        if score > 0:
            alike = (found['labels'] == label) & (np.abs(found['scores'] - score) <= BOUND)
            distances = np.nan_to_num(np.abs(found['boxes'][alike] - box).max(axis=1), nan=np.inf)
            nearest = distances.min() if len(distances) else np.inf
            largest = max(largest, float(nearest / max(1.0, np.abs(box).max())))
    return largest
