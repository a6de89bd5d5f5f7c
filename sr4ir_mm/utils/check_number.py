# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Numbers of a config that mean something."""

import math
from numbers import Integral, Real
from typing import Any

from sr4ir_mm.errors import ConfigError


def check_number(
    value: Any,
    key: str,
    least: float | None = None,
    most: float | None = None,
    above: float | None = None,
    whole: bool = False,
) -> None:
    """Refuse what is no number, not finite, or out of bounds.

    Args:
        value (Any): The value; a bool is none.
        key (str): What it is called, for the message.
        least (float, optional): The smallest one allowed. Defaults to None.
        most (float, optional): The largest one allowed. Defaults to None.
        above (float, optional): It must be larger than this. Defaults to None.
        whole (bool): Whether it must be a whole number. Defaults to False.

    Raises:
        ConfigError: It cannot be meant.
    """
    kind: Any = Integral if whole else Real
    fits = (
        isinstance(value, kind)
        and not isinstance(value, bool)
        and math.isfinite(value)
        and (least is None or value >= least)
        and (most is None or value <= most)
        and (above is None or value > above)
    )
    if not fits:
        bounds = [
            f'{word} {bound}'
            for word, bound in (('at least', least), ('above', above), ('at most', most))
            if bound is not None
        ]
        what = ' '.join(['a whole number' if whole else 'a number', ' and '.join(bounds)])
        raise ConfigError(f'{key} = {value!r}: it must be {what.strip()}.')
