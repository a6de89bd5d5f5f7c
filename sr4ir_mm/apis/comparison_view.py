# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What one setting restores and recognises, as panels of a figure."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from mmengine.dataset import pseudo_collate
from mmengine.structures import BaseDataElement
from torch import Tensor

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.evaluation.metrics.image_metric import ImageMetric
from sr4ir_mm.models import SR4IR
from sr4ir_mm.visualization import (
    build_visualizer,
    draw_sample,
    enlarge_sample,
    in_prediction_frame,
    plain_panels,
)
from sr4ir_mm.visualization.comparison_row import Panel

LEGIBLE = 256
"""Pixels of the short side from which the libraries' labels can be read in a figure."""
DIGITS = {'PSNR': 2}


class SettingView:
    """The panels of one setting.

    Args:
        name (str): Of the setting.
        model (SR4IR): Of :func:`init_model`.
        layer (int | str, optional): See :func:`compare`; likewise the others.
        metrics (Sequence[ImageMetric]): Built.
        score_thr (float): Likewise.
    """

    def __init__(
        self,
        name: str,
        model: SR4IR,
        layer: int | str | None,
        metrics: Sequence[ImageMetric],
        score_thr: float,
    ) -> None:
        self.name = name
        self.model = model
        self.visualizer = build_visualizer(model.cfg, model.dataset_meta)
        self.layer = layer
        self.metrics = metrics
        self.score_thr = score_thr

    @torch.no_grad()
    def __call__(self, item: dict) -> dict[str, Panel]:
        """Give ``lr``, ``sr`` and ``hr`` of an image of the data set."""
        model = self.model
        data = model.data_preprocessor(pseudo_collate([self._with_sample(item)]))
        sample = model.predict(**data)[0].cpu()
        titles = dict(lr=f'LR x{model.scale}', sr=self.name, hr='HR')
        panels = {
            name: Panel(titles[name], image, [image])
            for name, image in plain_panels(sample, model.scale).items()
        }
        if 'lr' in panels:
            panels['lr'].caption = [Path(sample.get('img_path', '')).name]
        compared = [sample.to_dict()]
        scores = [(metric.name, metric.compare(compared)[0]) for metric in self.metrics]
        panels['sr'].caption = ['   '.join(_score(*pair) for pair in scores)] if scores else []
        if model.task is not None:
            self._draw(panels['sr'], sample, 'pred')
            self._draw(panels['hr'], sample, 'gt')
            if self.layer is not None:
                panels['sr'].distance = feature_distance_map(model, data, self.layer)
        return panels

    def _with_sample(self, item: dict) -> dict:
        """Give an image that comes from no data set a data sample of the task model's library."""
        given = item['data_samples']
        if self.model.task is None:
            return item
        sample = self.model.adapter('task').new_data_sample()
        if isinstance(given, type(sample)):
            return item
        if type(given) is not BaseDataElement:
            raise ConfigError(
                f'{self.name} is of another task than the first setting, whose test set is used.'
            )
        sample.set_metainfo(given.metainfo)
        return dict(item, data_samples=sample)

    def _draw(self, panel: Panel, sample: BaseDataElement, kind: str) -> None:
        """Draw boxes on a picture, label maps below it; what classifiers say is a caption."""
        if f'{kind}_label' in sample:
            panel.caption.insert(0, self._class(sample, kind))
        elif {f'{kind}_instances', f'{kind}_sem_seg'} & set(sample.keys()):
            picture = in_prediction_frame(panel.plain, sample)
            factor = max(1, round(LEGIBLE / min(picture.shape[:2])))
            drawn = draw_sample(
                self.visualizer,
                picture.repeat(factor, 0).repeat(factor, 1),
                enlarge_sample(sample, factor),
                truth=kind == 'gt',
                score_thr=self.score_thr,
            )
            panel.shown = [panel.plain, drawn] if f'{kind}_sem_seg' in sample else [drawn]
        else:
            return
        if kind == 'gt':
            panel.title = 'HR, ground truth'

    def _class(self, sample: BaseDataElement, kind: str) -> str:
        labels = sample.get(f'{kind}_label').flatten().tolist()
        classes = self.model.dataset_meta.get('classes')
        text = ', '.join(classes[label] if classes else f'class {label}' for label in labels)
        if kind == 'gt':
            return text
        if 'pred_score' in sample:
            text += f' {sample.pred_score.max():.2f}'
        if 'gt_label' not in sample:
            return text
        right = labels == sample.gt_label.flatten().tolist()
        return f'{"✓" if right else "✗"} {text}'


def feature_distance_map(model: SR4IR, data: dict, layer: int | str) -> np.ndarray:
    """Compute where the task model's features of SR and HR images differ.

    Args:
        model (SR4IR): The pair.
        data (dict): One image, from the data preprocessor.
        layer (int | str): See :class:`FeatureTaps`.

    Returns:
        np.ndarray: ``(h, w)``, |F(SR) - F(HR)| averaged over channels, without the places that are
            padding.

    Raises:
        ConfigError: There is no such layer, or it gives no single map.
    """
    task = model.batch(**data).task
    feats, targets = (task.features(image, [layer]) for image in (model.predict_on, 'hr'))
    if len(feats) != 1 or feats[0].dim() != 4:
        raise ConfigError(
            f'The layer {layer!r} gives {", ".join(str(tuple(feat.shape)) for feat in feats)}, not '
            'one map (1, C, h, w): take another one.'
        )
    gap: Tensor = (feats[0].float() - targets[0].float()).abs().mean(1)[0]
    parts = task.extents('hr')[0]
    height, width = (
        max(1, round(side * part)) for side, part in zip(gap.shape, parts, strict=True)
    )
    return gap[:height, :width].cpu().numpy()


def _score(name: str, value: float) -> str:
    number = '∞' if value == float('inf') else f'{value:.{DIGITS.get(name, 3)}f}'
    return f'{name} {number}'
