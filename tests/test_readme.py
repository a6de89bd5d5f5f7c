# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The configs that README shows are typed in as they are, and work."""

import re
from pathlib import Path

import pytest
from mmengine.config import Config
from mmengine.registry import DATASETS, init_default_scope

from sr4ir_mm.registry import MODELS
from tests.utils.tiny import ROOT
from tests.utils.tiny_data import save_noise

BLOCKS = [
    block
    for block in re.findall(r'```python\n(.*?)```', (ROOT / 'README.md').read_text(), re.DOTALL)
    if block.startswith('_base_')
]


def test_there_are_some() -> None:
    assert [block.partition('sr4ir/')[2][:3] for block in BLOCKS] == ['det', 'cls']


@pytest.mark.parametrize('block', BLOCKS, ids=lambda block: block.split("'")[1].partition('::')[2])
def test_config_is_short_and_builds(block: str, tmp_path: Path) -> None:
    assert len(block.splitlines()) <= 12
    (tmp_path / 'mine.py').write_text(block)
    cfg = Config.fromfile(tmp_path / 'mine.py')
    init_default_scope(cfg.default_scope)
    model = MODELS.build(cfg.model)
    assert model.net_names == ('sr', 'task')
    heads = {net.num_classes for net in model.task.modules() if hasattr(net, 'num_classes')}
    assert heads == {cfg.model.task.num_classes}


def test_folder_a_class(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    block = next(block for block in BLOCKS if 'CustomDataset' in block)
    (tmp_path / 'mine.py').write_text(block)
    for split in ('train', 'val'):
        for name in ('cat', 'dog'):
            save_noise(tmp_path / 'mine' / split / name / '0.png', (260, 300), 0)
    monkeypatch.chdir(tmp_path)
    cfg = Config.fromfile('mine.py')
    init_default_scope(cfg.default_scope)
    for loader in (cfg.train_dataloader, cfg.val_dataloader):
        dataset = DATASETS.build(loader.dataset)
        assert len(dataset) == 2
        assert dataset[1]['inputs'].shape == (3, 224, 224)
        assert dataset[1]['data_samples'].gt_label.item() == 1
