# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Settings compared on the same images: what each restores and what it recognises there."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import torch
from mmengine.config import Config
from mmengine.registry import DATASETS, init_default_scope
from mmengine.structures import BaseDataElement
from rich.progress import Progress

from sr4ir_mm.checkpoints import last_checkpoint
from sr4ir_mm.errors import CheckpointError, ConfigError, DataError
from sr4ir_mm.evaluation.metrics.image_metric import ImageMetric
from sr4ir_mm.registry import METRICS
from sr4ir_mm.visualization.comparison_row import Box, Panel, Row, check_zoom

from .comparison_view import SettingView
from .edit_config import metrics_of
from .find_config import find_config
from .inputs import Picture, list_pictures
from .model import init_model


class Setting(NamedTuple):
    """A trained pair: its name, its config and its checkpoint or work dir."""

    name: str
    config: str | Path
    checkpoint: str | Path


def compare(
    settings: Sequence[Setting],
    images: Sequence[int | str | Path],
    layer: int | str | None = None,
    zoom: Box | None = None,
    metrics: Sequence[str] = ('PSNR', 'LPIPS'),
    score_thr: float = 0.3,
    device: str | None = None,
) -> list[Row]:
    """Restore images with each setting and predict on them; one model is in memory at a time.

    Args:
        settings (Sequence[Setting]): Of one task. The first one's config gives the test set.
        images (Sequence[int | str | Path]): Indices of the test set, which has the ground truth;
            or HR images, or folders of them, which are taken as they are.
        layer (int | str, optional): Show |F(SR) - F(HR)|, averaged over channels, of this layer of
            each setting's task model; see :class:`FeatureTaps`. Defaults to None.
        zoom (Box, optional): A part of each image to show enlarged, too. Defaults to None.
        metrics (Sequence[str]): Image metrics, as the config's evaluator sets them, or with their
            defaults if it has none of that type. Defaults to ('PSNR', 'LPIPS').
        score_thr (float): Least score of an object that is drawn. Defaults to 0.3.
        device (str, optional): None takes a GPU if there is one. Defaults to None.

    Returns:
        list[Row]: For :func:`save_comparison`, a row for each image: LR, each setting, HR.

    Raises:
        ConfigError: A config, layer, part or metric cannot be used.
        CheckpointError: A checkpoint is missing or of another model.
        DataError: An image is missing or cannot be read.
    """
    if not settings or not images:
        raise ConfigError('There is nothing to compare: name settings and images.')
    for setting in settings:
        _check_checkpoint(setting)
    cfgs = [find_config(setting.config) for setting in settings]
    built = [_build_metric(cfgs[0], name) for name in metrics]
    items = _load(cfgs[0], images)
    names = [_name(item, zoom) for item in items]
    views = []
    with Progress(transient=True) as progress:
        bar = progress.add_task('Comparing', total=len(settings) * len(items))
        for setting, cfg in zip(settings, cfgs, strict=True):
            model = init_model(cfg, setting.checkpoint, device)
            view = SettingView(setting.name, model, layer, built, score_thr)
            panels = []
            for item in items:
                panels.append(view(item))
                progress.advance(bar)
            views.append(panels)
    rows = [_order(panels) for panels in zip(*views, strict=True)]
    return [Row(name, row, zoom) for name, row in zip(names, rows, strict=True)]


def _order(views: Sequence[dict[str, Panel]]) -> list[Panel]:
    """Order the panels of one image: LR (of each scale), each setting, HR."""
    low = {view['lr'].title: view['lr'] for view in views if 'lr' in view}
    if len(low) == 1:
        next(iter(low.values())).title = 'LR'
    with_truth = [view['hr'] for view in views if view['hr'].title != 'HR']
    return [*low.values(), *(view['sr'] for view in views), (with_truth or [views[0]['hr']])[0]]


def _name(item: dict, zoom: Box | None) -> str:
    """Name an image that can be compared.

    Raises:
        DataError: It is no HR image.
        ConfigError: The part to enlarge is not within it.
    """
    name = Path(item['data_samples'].get('img_path', 'image')).name
    inputs = item['inputs']
    hr = inputs.get('hr') if isinstance(inputs, dict) else inputs
    if hr is None:
        raise DataError(f'There is no HR image of {name} to compare with.')
    if zoom is not None:
        check_zoom(zoom, name, tuple(hr.shape[-2:]))
    return name


def _check_checkpoint(setting: Setting) -> None:
    path = Path(setting.checkpoint)
    if '://' in str(setting.checkpoint) or path.is_file():
        return
    if not path.is_dir() or last_checkpoint(path) is None:
        raise CheckpointError(f'There is no checkpoint {path} for {setting.config}.')


def _build_metric(cfg: Config, name: str) -> ImageMetric:
    """Build an image metric as the config's evaluator has it."""
    init_default_scope(cfg.get('default_scope', 'sr4ir_mm'))
    own = [metric for metric in metrics_of(cfg) if metric['type'].rpartition('.')[2] == name]
    kind = METRICS.get(name)
    if kind is None or not issubclass(kind, ImageMetric):
        raise ConfigError(f'There is no image metric {name}: use PSNR, SSIM or LPIPS.')
    return METRICS.build(dict(own[0]) if own else dict(type=name))


def _load(cfg: Config, images: Sequence[int | str | Path]) -> list[dict]:
    """Load images of the test set, by their indices, and HR images."""
    dataset: Any = None
    items = []
    for image in images:
        if not isinstance(image, int):
            items += [_from_file(picture) for picture in list_pictures(image)]
            continue
        if dataset is None:
            init_default_scope(cfg.get('default_scope', 'sr4ir_mm'))
            dataset = DATASETS.build(cfg.test_dataloader.dataset)
        if not 0 <= image < len(dataset):
            raise DataError(
                f'There is no image {image}: the test set of {cfg.filename} has {len(dataset)}, '
                'counted from 0.'
            )
        items.append(dataset[image])
    return items


def _from_file(picture: Picture) -> dict:
    """Give an HR image as a data set does."""
    hr = torch.from_numpy(picture.load().transpose(2, 0, 1).copy())
    size = tuple(hr.shape[-2:])
    meta = dict(img_path=str(picture.source), ori_shape=size, img_shape=size)
    return dict(inputs=hr, data_samples=BaseDataElement(metainfo=meta))
