# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Names that somebody misspelt."""

import pytest

from sr4ir_mm.utils.spelling import misspelt, slips, suggest

pytestmark = pytest.mark.quick


@pytest.mark.parametrize(
    ('first', 'second', 'number'),
    [('', '', 0), ('lr', 'lr', 0), ('lr', '', 2), ('train', 'trian', 1), ('scale', 'scal', 1),
     ('scale', 'scales', 1), ('scale', 'scxle', 1), ('model', 'data', 5)],
)  # fmt: skip
def test_slips(first: str, second: str, number: int) -> None:
    assert slips(first, second) == slips(second, first) == number


@pytest.mark.parametrize(
    ('name', 'known', 'wrong'),
    [
        ('trian_cfg', 'train_cfg', True),
        ('train_dataloder', 'train_dataloader', True),
        ('lr', 'sr', False),  # too short to tell
        ('scale', 'model', False),
    ],
)
def test_misspelt(name: str, known: str, wrong: bool) -> None:
    assert misspelt(name, [known, 'unrelated']) is wrong


def test_fewer_slips_may_be_asked_for() -> None:
    assert misspelt('num_beams', ['num_heads'])
    assert not misspelt('num_beams', ['num_heads'], most=1)


@pytest.mark.parametrize(
    ('name', 'known', 'end'),
    [
        ('tpd', ['tdp', 'pixel'], "did you mean 'tdp'?"),
        ('x', ['b', 'a'], 'there are a, b.'),
        ('x', ['a'], 'there is a.'),
        ('x', [], 'there are none.'),
        ('x', [f'a{i:02}' for i in range(30)], ', ... (30 in all).'),
    ],
)
def test_suggest(name: str, known: list[str], end: str) -> None:
    assert suggest(name, known).endswith(end)
