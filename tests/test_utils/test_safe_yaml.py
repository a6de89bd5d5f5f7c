# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""YAML configs are read as data."""

from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]
from mmengine.config import Config

import sr4ir_mm  # noqa: F401, from then on MMEngine reads YAML as data


def write(path: Path, text: str) -> str:
    path.write_text(text)
    return str(path)


def test_a_config_is_what_it_says(tmp_path: Path) -> None:
    (tmp_path / 'base.py').write_text('model = dict(scale=4, sizes=(1, 2))')
    text = '_base_: ./base.py\nmodel: {scale: 8}\ncommon: &c {a: 1}\nother: {<<: *c, b: *c}\n'
    cfg = Config.fromfile(write(tmp_path / 'mine.yaml', text))
    assert cfg.model == dict(scale=8, sizes=(1, 2))
    assert cfg.other == dict(a=1, b=dict(a=1))
    cfg.dump(tmp_path / 'dumped.yml')
    assert Config.fromfile(tmp_path / 'dumped.yml').model.sizes == (1, 2)


@pytest.mark.parametrize(
    'value',
    [
        '!!python/object/apply:os.makedirs [{}]',
        '!!python/object/new:os.makedirs [{}]',
        '!!python/name:os.system',
        '!!python/module:os',
        '!!python/object:sr4ir_mm.errors.DataError {{}}',
    ],
)
@pytest.mark.parametrize('suffix', ['yaml', 'yml'])
def test_no_object_is_made(value: str, suffix: str, tmp_path: Path) -> None:
    marker = tmp_path / 'ran'
    path = write(tmp_path / f'bad.{suffix}', f'model: {value.format(marker)}\n')
    with pytest.raises(yaml.YAMLError, match=r'could not determine a constructor for the tag'):
        Config.fromfile(path)
    assert not marker.exists()


def bomb(line: str) -> str:
    """Nine lines that would be a billion values."""
    lines = [f'a0: &a0 {line.format(", ".join(["x"] * 10))}']
    for level in range(1, 9):
        lines.append(f'a{level}: &a{level} [{", ".join([f"*a{level - 1}"] * 10)}]')
    return '\n'.join(lines)


MERGES = '\n'.join(
    ['a0: &a0 {b: 1}']
    + [f'a{i}: &a{i} {{<<: [{", ".join([f"*a{i - 1}"] * 10)}]}}' for i in range(1, 9)]
)


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        (bomb('[{}]'), 'more than 100000 values'),
        (MERGES, 'more than 100000 values'),
        ('a: &a [1, *a]', 'more than 100000 values'),
        ('[' * 1000, 'nested too deep'),
    ],
)
def test_what_has_no_end_ends_at_once(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(yaml.YAMLError, match=message):
        Config.fromfile(write(tmp_path / 'bomb.yaml', text))
