# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Pickles that MMEngine and the libraries' data sets read run nothing."""

import os
import pickle
from pathlib import Path

import mmengine
import numpy as np
import pytest
import torch
from mmengine.dataset import BaseDataset

from sr4ir_mm.checkpoints import guard_mmengine, trusting
from sr4ir_mm.errors import DataError


class Evil:
    """Runs a command when it is unpickled."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple:
        return os.system, (f'touch {self.marker}',)


class EvilTensor(Evil):
    """Hides it in the bytes of a tensor's storage."""

    def __reduce__(self) -> tuple:
        return torch.storage._load_from_bytes, (pickle.dumps(Evil(self.marker), 2),)


@pytest.mark.parametrize('kind', [Evil, EvilTensor])
@pytest.mark.parametrize('suffix', ['pkl', 'pickle'])
def test_annotations_run_no_code(kind: type[Evil], suffix: str, tmp_path: Path) -> None:
    guard_mmengine()
    path = tmp_path / f'annotations.{suffix}'
    path.write_bytes(pickle.dumps(dict(metainfo={}, data_list=[kind(tmp_path / 'ran')])))
    with pytest.raises(DataError, match='could run any code'):
        BaseDataset(ann_file=str(path))
    assert not (tmp_path / 'ran').exists()


def test_what_is_trusted_is_read(tmp_path: Path) -> None:
    guard_mmengine()
    (tmp_path / 'a.pkl').write_bytes(pickle.dumps(Evil(tmp_path / 'ran')))
    with trusting():
        mmengine.load(tmp_path / 'a.pkl')
    assert (tmp_path / 'ran').exists()


@pytest.mark.parametrize('protocol', [2, pickle.HIGHEST_PROTOCOL])
def test_plain_data_arrays_and_tensors_are_read(protocol: int, tmp_path: Path) -> None:
    guard_mmengine()
    content = [dict(boxes=np.eye(3)[:, :2], scores=torch.rand(4), name='a', size=(3, 4.5))]
    mmengine.dump(content, tmp_path / 'a.pkl', protocol=protocol)
    (read,) = mmengine.load(tmp_path / 'a.pkl')
    np.testing.assert_array_equal(read['boxes'], content[0]['boxes'])
    assert torch.equal(read['scores'], content[0]['scores'])
    assert (read['name'], read['size']) == ('a', (3, 4.5))


def test_what_is_no_pickle_is_told(tmp_path: Path) -> None:
    guard_mmengine()
    (tmp_path / 'a.pkl').write_text('{"a": 1}')
    with pytest.raises(DataError, match=r'A pickle \(\.pkl\) cannot be read'):
        mmengine.load(tmp_path / 'a.pkl')
