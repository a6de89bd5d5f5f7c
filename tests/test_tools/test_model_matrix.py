# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Cases of the model matrix: which there are, how one is tried, and the page."""

import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from sr4ir_mm.utils.library_configs import library_config
from tests.utils.tiny import ROOT

sys.path.insert(0, str(ROOT / 'tools'))
from matrix.cases import load_cases
from matrix.page import page
from matrix.trial import try_case


def refuse() -> None:
    print('error: no such model')
    raise SystemExit(1)


def test_cases_name_configs_that_exist() -> None:
    cases = load_cases()
    kinds = Counter(case.library for case in cases)
    assert kinds['mmdet'] >= 25
    assert min(kinds['mmseg'], kinds['mmpretrain']) >= 20
    assert {case.data for case in cases if case.library == 'mmdet'} == {
        'boxes',
        'masks',
        'panoptic',
    }
    for case in cases:
        library_config(case.name, 'test')


def test_outcomes(tmp_path: Path) -> None:
    def give_up() -> None:
        raise ValueError('two\nlines')

    def wait() -> None:
        time.sleep(60)

    found = [try_case(run, tmp_path, 1, 8 << 30) for run in (lambda: None, refuse, give_up, wait)]
    assert [result['ok'] for result in found] == [True, False, False, False]
    messages = [result['message'] for result in found]
    assert messages == ['', 'no such model', 'ValueError: two lines', 'stopped after 1 s']


@pytest.mark.parametrize('ok', [True, False])
def test_page(ok: bool) -> None:
    cases = load_cases(only=['mmdet::ssd/ssd300'])
    text = page(cases, {cases[0].name: dict(ok=ok, message='' if ok else 'a | b')})
    assert f'| mmdet | 1 | {int(ok)} | {int(not ok)} |' in text
    result = 'trains, predicts' if ok else 'a \\| b'
    assert f'| `ssd/ssd300_coco` | boxes | {result} |' in text
