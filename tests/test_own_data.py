# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Each config of docs/own_data.md trains, on data in the form that the page asks for."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
from mmengine.config import Config
from PIL import Image

from sr4ir_mm.utils.library_configs import load_library_config
from tests.utils.timm_stand_in import TimmStandIn
from tests.utils.tiny import ROOT
from tests.utils.tiny_data import save_noise
from tests.utils.tools import tool

SIZE = (64, 80)
BOXES = ((4, 8, 30, 40), (44, 12, 28, 36))
CLASSES = ('car', 'person', 'road')
OPTIONS = (
    'train_cfg.max_epochs=1', 'train_cfg.val_interval=1',
    'train_dataloader.batch_size=2', 'train_dataloader.num_workers=0',
    'val_dataloader.num_workers=0', 'model.sr.num_blocks=1', 'model.sr.mid_channels=8',
    'default_hooks.logger.interval=1',
    'train_dataloader.dataset.indices=2', 'val_dataloader.dataset.indices=2',
)  # fmt: skip
OPTIONAL = ('LPIPS', 'mmdet.CocoPanopticMetric')
"""Metrics that need what a test may lack: weights, a package that is in no index."""


def sections() -> Iterator[tuple[str, str]]:
    """Give the titles of the page that have a config, with it."""
    page = (ROOT / 'docs/own_data.md').read_text()
    for title, body in re.findall(r'^## (.*?)\n(.*?)(?=^## |\Z)', page, re.MULTILINE | re.DOTALL):
        for block in re.findall(r'```python\n(_base_.*?)```', body, re.DOTALL):
            yield title, block


CONFIGS = dict(sections())


def write_boxes(root: Path) -> None:
    """Write images, with LR files, boxes and masks in COCO's form, and PNGs of segments."""
    images: list[dict] = []
    boxes: list[dict] = []
    segments: list[dict] = []
    for index in range(2):
        file = dict(id=index, file_name=f'{index}.png', height=SIZE[0], width=SIZE[1])
        images.append(file)
        pixels = save_noise(root / 'images' / f'{index}.png', SIZE, index)
        ids = np.full(SIZE, 3, np.uint8)
        for label, (x, y, w, h) in enumerate(BOXES, 1):
            ids[y : y + h, x : x + w] = label
            polygon = [x, y, x + w, y, x + w, y + h, x, y + h]
            place = dict(bbox=[x, y, w, h], area=w * h, iscrowd=0, segmentation=[polygon])
            boxes.append(dict(id=len(boxes) + 1, image_id=index, category_id=label, **place))
        found = [
            dict(id=label, category_id=label, iscrowd=0, area=int((ids == label).sum()))
            | dict(bbox=[*BOXES[label - 1]] if label < 3 else [0, 0, *SIZE[::-1]])
            for label in (1, 2, 3)
        ]
        segments.append(dict(image_id=index, file_name=f'{index}.png', segments_info=found))
        for folder, content in (
            ('lr', pixels[::4, ::4]),
            ('panoptic', np.stack([ids, ids * 0, ids * 0], 2)),
        ):
            (root / folder).mkdir(exist_ok=True)
            Image.fromarray(content).save(root / folder / f'{index}.png')
    kinds = [dict(id=i + 1, name=name, isthing=int(i < 2)) for i, name in enumerate(CLASSES)]
    for split in ('train', 'val'):
        for name, annotations, categories in (
            (split, boxes, kinds[:2]),
            (f'panoptic_{split}', segments, kinds),
        ):
            content = dict(images=images, annotations=annotations, categories=categories)
            (root / f'{name}.json').write_text(json.dumps(content))


def write_tags(root: Path) -> None:
    """Write images with several labels each."""
    samples = [dict(img_path=f'{index}.png', gt_label=[index, 2]) for index in range(2)]
    for index in range(2):
        save_noise(root / 'images' / f'{index}.png', SIZE, index)
    content = dict(metainfo=dict(classes=CLASSES), data_list=samples)
    for split in ('train', 'val'):
        (root / f'tags_{split}.json').write_text(json.dumps(content))


def write_folders(root: Path) -> None:
    """Write a folder for each class."""
    for split in ('train', 'val'):
        for index in range(40):
            save_noise(root / split / f'class{index:02d}' / '0.png', SIZE, index)


def write_maps(root: Path) -> None:
    """Write images and label maps in two folders."""
    for split in ('train', 'val'):
        (root / split / 'labels').mkdir(parents=True)
        for index in range(2):
            pixels = save_noise(root / split / 'images' / f'{index}.jpg', SIZE, index)
            Image.fromarray(pixels[..., 0] // 128).save(root / split / 'labels' / f'{index}.png')


WRITERS = {
    'Detection': write_boxes,
    'Classification': write_folders,
    'Multi-label classification': write_tags,
    'Segmentation': write_maps,
    'Instance segmentation': write_boxes,
    'Panoptic segmentation': write_boxes,
    'LR files of your own': write_boxes,
    'LR files alone': write_boxes,
}


def shrink(path: str, folder: Path) -> str:
    """Write a library's config with small images, and give its path."""
    cfg, scope = load_library_config(path, 'model.task')

    def walk(node: Any) -> None:
        for value in node.values() if isinstance(node, dict) else node:
            if isinstance(value, dict | list):
                walk(value)
        if isinstance(node, dict) and node.get('type') == 'Resize':
            node['scale'] = (120, 96)

    plain = cfg.to_dict()
    walk(plain)
    Config(dict(plain, default_scope=scope)).dump(folder / 'small.py')
    return './small.py'


def panoptic_ids(colour: np.ndarray) -> np.ndarray:
    """Give the numbers of segments that COCO's panopticapi stores as colours, ``(H, W, 3)``."""
    return colour.astype(np.int64) @ (1, 256, 256**2)


@pytest.fixture
def panopticapi(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for the package, of which mmdet's data sets need one function."""
    api, utils = ModuleType('panopticapi'), ModuleType('panopticapi.utils')
    utils.rgb2id = panoptic_ids  # type: ignore[attr-defined]
    api.utils = utils  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, 'panopticapi', api)
    monkeypatch.setitem(sys.modules, 'panopticapi.utils', utils)


def test_the_small_benchmark_on_own_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for index in range(3 * 2):
        split, name = ('train', 'val')[index % 2], f'class{index // 2}'
        save_noise(tmp_path / 'mine' / split / name / '0.png', SIZE, index)
    backbone = TimmStandIn('tf_efficientnet_lite0')
    Path('weights').mkdir()
    torch.save(backbone.state_dict(), 'weights/tf_efficientnet_lite0_in1k.pth')
    page = (ROOT / 'docs/evidence.md').read_text()
    for name in ('mine_s', 'mine'):
        (text,) = re.findall(rf'`{name}\.py`.*?```python\n(_base_.*?)```', page, re.DOTALL)[:1]
        Path(f'{name}.py').write_text(text)
        options = ['train_cfg.max_epochs=1', 'model.sr.net.num_blocks=1', *OPTIONS[2:5]]
        if name == 'mine':
            options += ['model.task.backbone.type=TimmStandIn', 'custom_hooks=[]']
        tool('train').main([f'{name}.py', '--cfg-options', *options])
    log = Path('work_dirs/mine').glob('*/vis_data/scalars.json')
    assert '"loss_tdp"' in next(log).read_text()
    trained = torch.load('work_dirs/mine_s/epoch_1.pth', weights_only=False)['state_dict']
    assert trained.keys() == {name for name in trained if name.startswith('sr.')}


def test_every_kind_has_a_config() -> None:
    assert CONFIGS.keys() == WRITERS.keys()


@pytest.mark.parametrize('title', WRITERS)
@pytest.mark.usefixtures('panopticapi')
def test_it_trains(title: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    WRITERS[title](tmp_path / 'mine')
    Path('mine.py').write_text(CONFIGS['Detection'])
    text = CONFIGS[title]
    if "pipeline='task'" in text:
        path = re.findall(r"'(mmdet::\S+)'", text)[0]
        text = text.replace(path, shrink(path, tmp_path))
    Path('it.py').write_text(text)
    alone = 'PackLR' in text
    without = [] if alone else [name for name in OPTIONAL if name in f'LPIPS {text}']
    options = ['--without', *without] if without else []
    tool('train').main(['it.py', *options, '--cfg-options', *OPTIONS])
    assert list(Path('work_dirs/it').glob('*.pth'))
    log = next(Path('work_dirs/it').glob('*/vis_data/scalars.json')).read_text()
    assert 'loss_task' in log
    assert ('"PSNR"' in log) != alone
