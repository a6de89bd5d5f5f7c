# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""MMEngine prints what is meant for debugging, where no logger is named."""

import logging
from functools import wraps
from typing import Any

import mmengine.logging


def quiet_debug() -> None:
    """Let ``print_log(message, level=logging.DEBUG)`` print nothing.

    The maintained forks say so, at each start, that they come without an optional package.
    """
    print_log = mmengine.logging.print_log

    @wraps(print_log)
    def print_important(msg: Any, logger: Any = None, level: int = logging.INFO) -> None:
        if logger is not None or level > logging.DEBUG:
            print_log(msg, logger, level)

    mmengine.logging.print_log = print_important
