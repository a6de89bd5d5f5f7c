# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What a checkpoint may name, and what a pickle can do with it."""

import io
import pickle
from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.logging import HistoryBuffer

from sr4ir_mm.checkpoints import read_checkpoint
from sr4ir_mm.checkpoints.restricted_pickle import restricted_pickle
from sr4ir_mm.compat import torch_globals
from sr4ir_mm.errors import CheckpointError
from tests.utils.pickles import Payload


@pytest.mark.parametrize('name', ['numpy.core.multiarray', 'numpy._core.multiarray'])
def test_arrays_of_numpy_1_and_2_are_read(name: str, tmp_path: Path) -> None:
    """A file names the module as the NumPy that wrote it; both names lead to the one here."""
    own = np.zeros(1).__reduce__()[0].__module__.encode()
    torch.save(dict(a=np.arange(3.0)), tmp_path / 'a.pth', _use_new_zipfile_serialization=False)
    written = (tmp_path / 'a.pth').read_bytes()
    assert b'c' + own + b'\n_reconstruct' in written
    (tmp_path / 'a.pth').write_bytes(written.replace(own + b'\n', name.encode() + b'\n'))
    assert read_checkpoint(tmp_path / 'a.pth')['a'].tolist() == [0.0, 1.0, 2.0]


@pytest.mark.parametrize('protocol', [2, 4])
def test_a_hidden_payload_is_found(protocol: int, tmp_path: Path) -> None:
    content = {'a': [torch.zeros(1), {'b': (Payload(tmp_path / 'ran'),)}]}
    torch.save(content, tmp_path / 'a.pth', pickle_protocol=protocol)
    with pytest.raises(CheckpointError, match=r'a\.pth holds more than weights'):
        read_checkpoint(tmp_path / 'a.pth')
    assert not (tmp_path / 'ran').exists()


class Reduced:
    """Unpickled by a call of a function on arguments, then given a state.

    Args:
        *parts (object): What ``__reduce__`` gives.
    """

    def __init__(self, *parts: object) -> None:
        self.parts = parts

    def __reduce__(self) -> tuple:
        return self.parts


@pytest.mark.parametrize(
    'harm',
    [
        Reduced(getattr, (HistoryBuffer, '__init__')),
        Reduced(getattr, (torch.Tensor, 'numpy')),
        Reduced(bytes, (10**12,)),
        [HistoryBuffer, Reduced(getattr, (HistoryBuffer, 'register_statistics'))],
    ],
)
def test_functions_that_are_allowed_do_only_what_is_needed(harm: object, tmp_path: Path) -> None:
    torch.save(dict(a=harm), tmp_path / 'a.pth')
    with pytest.raises(CheckpointError, match=r'a\.pth cannot be read as a checkpoint'):
        read_checkpoint(tmp_path / 'a.pth')


def test_the_restricted_pickle_changes_no_class() -> None:
    """What old PyTorch versions are given; new ones have such an unpickler."""
    known = torch_globals() | {'builtins.set': set}
    module = restricted_pickle(known)
    assert module.Unpickler(io.BytesIO(pickle.dumps({'a', 'b'}, 2))).load() == {'a', 'b'}
    with pytest.raises(pickle.UnpicklingError, match='makedirs'):
        module.load(io.BytesIO(pickle.dumps(Payload(Path('ran')), 2)))
    # torch.Tensor, with the state {'harm': 1}
    harmful = b'\x80\x02ctorch\nTensor\n}X\x04\x00\x00\x00harmK\x01sb.'
    with pytest.raises(pickle.UnpicklingError, match='takes no state'):
        module.load(io.BytesIO(harmful))
    assert not hasattr(torch.Tensor, 'harm')
