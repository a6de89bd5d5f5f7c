# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Warnings of versions that the tests do not run with."""

import re
import warnings
from importlib.metadata import distributions

import pytest

from sr4ir_mm import compat
from tests.utils.tiny import ROOT

pytestmark = pytest.mark.quick


def test_installed_versions_are_those_of_the_distributions() -> None:
    names = {dist.metadata['Name'].lower(): dist.version for dist in distributions()}
    installed = compat.installed_versions()
    assert {'torch', 'lpips'} <= installed.keys()
    assert all(names[name] == value for name, value in installed.items())


@pytest.mark.parametrize('stack', compat.TESTED_STACKS)
def test_tested_stacks_are_silent_and_are_those_of_the_constraints(stack: str) -> None:
    tested = compat.TESTED_STACKS[stack]
    lines = (ROOT / f'requirements/constraints-{stack}.txt').read_text().split()
    assert {f'{name}=={version}' for name, version in tested.items()} <= set(lines)
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        compat.warn_untested_versions(dict(tested))
        # Neither another build nor a missing optional library is worth a warning.
        others = {**tested, 'torch': tested['torch'] + '+cu999'}
        del others['mmagic']
        compat.warn_untested_versions(others)


@pytest.mark.parametrize(
    ('stack', 'change', 'message'),
    [
        ('current', {'onedl-mmdetection': '4.0.0'}, r'onedl-mmdetection 4\.0\.0 \(tested: 3\.5\.1'),
        ('classic', {'torch': '2.6.0'}, 'may be unable to load or resume its own checkpoints'),
        ('current', {'mmengine': '0.10.7'}, 'overwrite each other'),
    ],
)
def test_other_versions_warn_and_name_what_is_tested(
    stack: str, change: dict, message: str, recwarn: pytest.WarningsRecorder
) -> None:
    compat.warn_untested_versions({**compat.TESTED_STACKS[stack], **change})
    assert any(re.search(message, str(warning.message)) for warning in recwarn)
