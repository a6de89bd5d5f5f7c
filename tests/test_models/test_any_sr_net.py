# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""SR nets of mmagic, each from the library's own config, in SR4IR."""

import pytest
import torch

from tests.utils.any_model import cases
from tests.utils.samples import build_model, det_batch, parameters, reached, run_phase, setting
from tests.utils.sr_nets import NETS


@pytest.mark.parametrize('name', cases(NETS))
def test_net_of_mmagic(name: str) -> None:
    path, changes = NETS[name]
    model = build_model(sr=dict(cfg_path=f'mmagic::{path}.py', **changes))
    assert type(model.sr).__name__ == name

    lr = torch.rand(2, 3, 12, 17)
    with torch.no_grad():
        assert model.sr(lr).shape == (2, 3, 48, 68)

    data = model.data_preprocessor(det_batch(), True)
    first, second = setting('sr4ir')
    # Through the task net alone.
    run_phase(model, data, dict(first, losses=dict(tdp=dict(sr=1.0))))
    assert reached(model.sr) == parameters(model.sr)
    run_phase(model, data, second)
    assert all(param.grad is None for param in model.sr.parameters())
    assert model.eval()(**data).shape == data['inputs']['hr'].shape
