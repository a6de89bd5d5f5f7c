# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Files that are written whole or not at all."""

import json
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write_text(path: str | Path, text: str) -> None:
    """Write a text file, whole or not at all; make its folder if need be."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f'{path.name}.part')
    part.write_text(text, encoding='utf-8')
    os.replace(part, path)


def write_json(path: str | Path, content: Any) -> None:
    """Write JSON, whole or not at all.

    JSON has no infinite numbers, such as the PSNR of equal images: those become the strings 'inf',
    '-inf' and 'nan', which ``float`` reads.
    """
    write_text(path, json.dumps(_jsonable(content), indent=2, allow_nan=False) + '\n')


def _jsonable(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, Mapping):
        return {key: _jsonable(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_jsonable(part) for part in value]
    return value
