# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Where runs are."""

import os

import pytest

from sr4ir_mm.utils.layout import default_work_dir, mirror, relocate


def test_mirror() -> None:
    assert mirror('/a/configs/b/configs/s/x.py') == ('/a/configs/b/configs', 's/x')
    assert mirror('/a/b/x.py') == ('/a/b', 'x')
    assert default_work_dir('/a/configs/s/x.py') == 'work_dirs/s/x'


@pytest.mark.parametrize(
    ('work_dir', 'root', 'expected'),
    [
        ('work_dirs/s/x', '/runs', '/runs/s/x'),
        ('./work_dirs/s/x/', 'r', os.path.join('r', 's', 'x')),
        ('weights/x.pth', '/root', 'weights/x.pth'),
        ('/work_dirs/s/x', '/root', '/work_dirs/s/x'),
    ],
)
def test_relocate(work_dir: str, root: str, expected: str) -> None:
    assert relocate(work_dir, root) == expected
