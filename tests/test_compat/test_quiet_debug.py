# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What is meant for debugging is not printed; all else is, as ever."""

import logging
import subprocess
import sys

import mmengine.logging
import pytest
from mmengine.logging import MMLogger

import sr4ir_mm  # noqa: F401


def test_debug_is_quiet(capsys: pytest.CaptureFixture) -> None:
    mmengine.logging.print_log('no such package', level=logging.DEBUG)
    assert capsys.readouterr().out == ''
    mmengine.logging.print_log('a word', level=logging.WARNING)
    mmengine.logging.print_log('another')
    assert capsys.readouterr().out == 'a word\nanother\n'


def test_a_logger_decides_itself(capsys: pytest.CaptureFixture) -> None:
    logger = MMLogger('test_quiet_debug', log_level='DEBUG')
    mmengine.logging.print_log('for those who look', logger, logging.DEBUG)
    printed = capsys.readouterr()
    assert 'for those who look' in printed.out + printed.err


def test_libraries_start_without_a_word() -> None:
    code = 'import sr4ir_mm, mmdet.datasets, mmpretrain.datasets'
    run = subprocess.run(
        [sys.executable, '-W', 'ignore', '-c', code], capture_output=True, text=True, check=True
    )
    assert run.stdout == ''
