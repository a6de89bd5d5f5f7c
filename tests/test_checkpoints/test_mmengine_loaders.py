# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""MMEngine and the libraries read by our loader, also what is downloaded."""

from pathlib import Path

import pytest
import torch
from mmengine.runner.checkpoint import CheckpointLoader

from sr4ir_mm.checkpoints import guard_mmengine, load_state_dict, read_checkpoint
from sr4ir_mm.errors import CheckpointError
from sr4ir_mm.registry import MODELS
from tests.utils.pickles import save_malicious


def test_mmengine_has_no_other_loader() -> None:
    guard_mmengine()
    assert {loader.__module__ for loader in CheckpointLoader._schemes.values()} == {
        'sr4ir_mm.checkpoints.mmengine_loaders'
    }


def test_old_meta_that_mmengine_would_run_is_dropped(tmp_path: Path) -> None:
    guard_mmengine()
    meta = dict(config=f'import os; os.mkdir({str(tmp_path / "ran")!r})', epoch=3)
    torch.save(dict(state_dict={}, meta=meta), tmp_path / 'a.pth')
    assert CheckpointLoader.load_checkpoint(str(tmp_path / 'a.pth'))['meta'] == dict(epoch=3)


def test_a_librarys_pretrained_weights_run_no_code(tmp_path: Path) -> None:
    path = save_malicious(tmp_path / 'a.pth', tmp_path / 'ran')
    task = dict(
        cfg_path='mmdet::retinanet/retinanet_r18_fpn_1x_coco.py',
        backbone=dict(init_cfg=dict(type='Pretrained', checkpoint=str(path))),
    )
    with pytest.raises(CheckpointError, match=r'a\.pth holds more than weights'):
        MODELS.build(dict(type='SR4IR', task=task)).init_weights()
    assert not (tmp_path / 'ran').exists()


@pytest.mark.parametrize(
    'source', ['https://example.org/files/vgg19-dcbb9e9d.pth', 'torchvision://vgg19']
)
def test_downloaded_files_are_read_from_the_cache(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.hub, '_hub_dir', None)
    monkeypatch.setenv('TORCH_HOME', str(tmp_path))
    folder = tmp_path / 'hub/checkpoints'
    folder.mkdir(parents=True)
    torch.save({'features.0.bias': torch.ones(2)}, folder / 'vgg19-dcbb9e9d.pth')
    assert load_state_dict(source, 'weights')['features.0.bias'].tolist() == [1, 1]
    save_malicious(folder / 'vgg19-dcbb9e9d.pth', tmp_path / 'ran')
    with pytest.raises(CheckpointError, match='holds more than weights'):
        load_state_dict(source, 'weights')
    assert not (tmp_path / 'ran').exists()


def test_what_cannot_be_downloaded_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def offline(url: str, path: str) -> None:
        raise OSError('no network')

    monkeypatch.setattr(torch.hub, '_hub_dir', str(tmp_path))
    monkeypatch.setattr(torch.hub, 'download_url_to_file', offline)
    with pytest.raises(CheckpointError, match=r'/a\.pth cannot be downloaded .no network.*put it'):
        read_checkpoint('https://example.org/a.pth')
    with pytest.raises(CheckpointError, match='no vgg99 among the weights of torchvision://'):
        read_checkpoint('torchvision://vgg99')
    with pytest.raises(CheckpointError, match='nothing is read from s3://'):
        read_checkpoint('s3://bucket/a.pth')
