# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Weights are compared with a net before they are loaded."""

from typing import Any

import pytest
import torch
from torch import nn

from sr4ir_mm.checkpoints import check_state_dict
from sr4ir_mm.errors import CheckpointError

NET = nn.Linear(2, 3)


def test_what_fits_passes() -> None:
    check_state_dict(NET, nn.Linear(2, 3).state_dict(), 'a.pth')


@pytest.mark.parametrize('state', ['abc', None, {}, dict(meta={}, weights=1), [torch.zeros(1)]])
def test_what_has_no_weights_is_told(state: Any) -> None:
    with pytest.raises(CheckpointError, match=r'checkpoint a\.pth, holds no weights'):
        check_state_dict(NET, state, 'a.pth')


@pytest.mark.parametrize(
    ('state', 'message'),
    [
        (dict(weight=torch.zeros(3, 2)), r'of 2 weights, 1 missing \(bias\)'),
        (NET.state_dict() | dict(scale=torch.zeros(1)), r'1 unexpected \(scale\)'),
        (nn.Linear(4, 3).state_dict(), r'weight \(3, 4\), expected \(3, 2\)'),
        (NET.state_dict() | dict(bias='three'), r'bias str, expected \(3,\)'),
    ],
)
def test_what_differs_is_named(state: dict, message: str) -> None:
    with pytest.raises(CheckpointError, match=message):
        check_state_dict(NET, state, 'a.pth')
