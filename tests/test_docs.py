# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What README and docs show works: configs are typed in as they are, commands are understood."""

import ast
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from markdown.extensions.toc import slugify
from mmengine.config import Config
from mmengine.registry import DATASETS, init_default_scope
from PIL import Image

from sr4ir_mm.apis.check_config import check_config
from sr4ir_mm.apis.find_config import find_config
from sr4ir_mm.registry import MODELS
from tests.utils.pages import PAGES, blocks
from tests.utils.tiny import ROOT
from tests.utils.tiny_data import save_noise

# Those of the small benchmark, which need timm, are trained by test_own_data.py.
CONFIGS = [block for _, block in blocks('python') if block.startswith("_base_ = 'sr4ir_mm::sr4ir/")]


def test_there_are_some() -> None:
    bases = {block.partition('sr4ir/')[2][:3] for block in CONFIGS}
    assert bases == {'det', 'seg', 'cls'}


@pytest.mark.parametrize('block', [block for _, block in blocks('python')])
def test_python_is_python_and_its_imports_are_there(block: str) -> None:
    for node in ast.walk(ast.parse(block)):
        if isinstance(node, ast.Import | ast.ImportFrom) and 'mmfoo' not in ast.unparse(node):
            exec(ast.unparse(node), {})


def test_links_lead_somewhere() -> None:
    missing = [
        f'{page.name}: {target}'
        for page in PAGES
        for target in re.findall(r'\]\(([^)]+)\)', page.read_text())
        if '://' not in target and not leads_somewhere(page, *target.partition('#')[::2])
    ]
    assert missing == []


def leads_somewhere(page: Path, path: str, anchor: str) -> bool:
    """Tell whether a link's file is there, and a heading in it that gives the anchor."""
    target = page.parent / path if path else page
    if not anchor or not target.exists():
        return target.exists()
    headings = re.findall(r'^#+ (.*)', target.read_text(), re.MULTILINE)
    return anchor in {slugify(heading, '-') for heading in headings}


def test_a_wrong_anchor_is_found() -> None:
    page = ROOT / 'docs/get_started.md'
    assert leads_somewhere(page, 'get_started.md', 'without-a-network')
    assert not leads_somewhere(page, '', 'with-a-network')
    assert not leads_somewhere(page, 'no_such.md', '')


@pytest.mark.parametrize('block', CONFIGS, ids=lambda block: block.split("'")[1].partition('::')[2])
def test_config_is_short_and_builds(block: str, tmp_path: Path) -> None:
    assert len(block.splitlines()) <= 12
    (tmp_path / 'mine.py').write_text(block)
    cfg = find_config(tmp_path / 'mine.py')
    check_config(cfg)
    init_default_scope(cfg.default_scope)
    model = MODELS.build(cfg.model)
    assert model.net_names == ('sr', 'task')
    if number := cfg.model.task.get('num_classes'):
        heads = {net.num_classes for net in model.task.modules() if hasattr(net, 'num_classes')}
        assert max(heads) == number  # a proposal net counts one


def write_folders(root: Path) -> None:
    """Write a folder for each class."""
    for split in ('train', 'val'):
        for name in ('cat', 'dog'):
            save_noise(root / split / name / '0.png', (260, 300), 0)


def write_label_maps(root: Path) -> None:
    """Write images and label maps in two folders."""
    for split in ('train', 'val'):
        labels = root / split / 'labels'
        labels.mkdir(parents=True)
        for name in ('0', '1'):
            save_noise(root / split / 'images' / f'{name}.jpg', (60, 70), 0)
            Image.fromarray(np.full((60, 70), int(name), np.uint8)).save(labels / f'{name}.png')


@pytest.mark.parametrize(
    ('kind', 'write', 'read', 'shape'),
    [
        ('CustomDataset', write_folders, lambda sample: sample.gt_label, (3, 224, 224)),
        ('BaseSegDataset', write_label_maps, lambda s: s.gt_sem_seg.data.max(), (3, 480, 480)),
    ],
)
def test_data_of_ones_own_are_read(
    kind: str,
    write: Callable,
    read: Callable,
    shape: tuple[int, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    block = next(block for block in CONFIGS if kind in block)
    (tmp_path / 'mine.py').write_text(block)
    write(tmp_path / 'mine')
    monkeypatch.chdir(tmp_path)
    cfg = Config.fromfile('mine.py')
    init_default_scope(cfg.default_scope)
    for split in ('train', 'val'):
        dataset = DATASETS.build(cfg[f'{split}_dataloader'].dataset)
        assert len(dataset) == 2
        sample = dataset[1]
        assert read(sample['data_samples']).item() == 1
        if kind == 'CustomDataset' or split == 'train':
            assert sample['inputs'].shape == shape
