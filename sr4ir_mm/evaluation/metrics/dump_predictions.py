# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Predictions for offline evaluation, without the images."""

from collections.abc import Sequence
from typing import Any

from mmengine.evaluator import DumpResults

from sr4ir_mm.registry import METRICS


@METRICS.register_module()
class DumpPredictions(DumpResults):
    """MMEngine's dump of data samples, with the image metrics' scores in place of the images.

    It comes after those metrics in the evaluator.
    """

    IMAGES = ('hr', 'lr', 'sr')

    def process(self, data_batch: Any, predictions: Sequence[dict]) -> None:
        """Keep predictions, on the CPU."""
        kept = [{k: v for k, v in p.items() if k not in self.IMAGES} for p in predictions]
        super().process(data_batch, kept)
