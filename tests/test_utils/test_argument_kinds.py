# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Values that an argument cannot take, by its annotation, its name and its default."""

from collections.abc import Sequence
from inspect import signature
from typing import Any, Literal

import pytest

from sr4ir_mm.utils.argument_kinds import misfit, unlike_default

pytestmark = pytest.mark.quick


class Net:
    """Arguments as libraries have them."""

    def __init__(
        self,
        depth: int,
        rate: float | None = None,
        style: str = 'pytorch',
        frozen: bool = False,
        stages: list[int] | int = 4,
        norm: dict | None = None,
        mode: Literal['lda', 'linear'] = 'lda',
        net: 'Net | None' = None,
        topk: Sequence[int] | int = 1,
        keys: Sequence[str] = (),
        num_blocks=16,  # noqa: ANN001
        mid_channels=64,  # noqa: ANN001
        num_classes=-1,  # noqa: ANN001
        name: str | None = None,
    ) -> None: ...


@pytest.mark.parametrize(
    ('name', 'value', 'message'),
    [
        ('depth', 'deep', 'it must be a whole number'),
        ('depth', dict(a=1), 'it must be a whole number'),
        ('rate', 'fast', 'it must be a number or None'),
        ('rate', [0.1, 'a'], 'it must be a number or None'),
        ('name', 3, 'it must be a text or None'),
        ('style', ['a'], 'it must be a text'),
        ('frozen', 'maybe', 'it must be True or False'),
        ('frozen', 2, 'it must be True or False'),
        ('stages', 'many', 'it must be a list or a whole number'),
        ('norm', 'BN', 'it must be a dict or None'),
        ('mode', 'cubic', "it must be 'lda' or 'linear'"),
        ('topk', '1', 'it must be a list or a whole number'),
        ('num_blocks', -1, 'it must not be negative'),
        ('num_blocks', 'two', 'it must be a whole number'),
        ('mid_channels', -0.5, 'it must not be negative'),
    ],
)
def test_misfit(name: str, value: Any, message: str) -> None:
    assert misfit(value, signature(Net).parameters[name]) == message


@pytest.mark.parametrize(
    ('name', 'value'),
    [
        ('depth', 3.0),
        ('depth', (3, 3)),  # one for each side
        ('rate', 1),
        ('rate', None),
        ('style', None),
        ('style', 512.0),  # in place of what a word stands for
        ('frozen', 1),
        ('stages', (1, 2)),
        ('norm', [dict(type='BN')]),
        ('net', 'anything'),
        ('keys', 'img'),
        ('num_blocks', 0),
        ('num_blocks', [1, 2]),
        ('num_classes', -1),
    ],
)
def test_what_an_argument_may_take(name: str, value: Any) -> None:
    assert misfit(value, signature(Net).parameters[name]) == ''


@pytest.mark.parametrize(
    ('name', 'value', 'unlike'),
    [
        ('num_blocks', 0, True),
        ('num_blocks', '3', True),
        ('num_blocks', 3, False),
        ('num_classes', -1, False),
        ('style', 3, True),
        ('style', 'caffe', False),
        ('frozen', 'yes', True),
        ('depth', 'deep', False),  # it has no default
    ],
)
def test_unlike_the_default(name: str, value: Any, unlike: bool) -> None:
    assert unlike_default(value, signature(Net).parameters[name]) is unlike
