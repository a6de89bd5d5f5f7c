# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Files that are no config, variables that nobody reads, and options that fit nowhere."""

from pathlib import Path
from typing import Any

import pytest

from sr4ir_mm.apis.read_config import read_config
from sr4ir_mm.errors import ConfigError

MODEL = "model = dict(type='SR4IR', scale=4)\n"
LEAF = "_base_ = 'base.py'\n"


def read(folder: Path, text: str, options: dict[str, Any] | None = None, **bases: str) -> Any:
    for name, content in bases.items():
        (folder / f'{name}.py').write_text(content)
    (folder / 'leaf.py').write_text(text)
    return read_config(folder / 'leaf.py', options)


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('model = dict(\n', "leaf.py, line 1: model = dict(: '(' was never closed"),
        ('a = 1\nmodel = 3 +\n', 'leaf.py, line 2: model = 3 +: invalid syntax'),
        ('import nothing_such\n', "leaf.py, line 1: No module named 'nothing_such'"),
        ('\nmodel = dict(scale=width)\n', "leaf.py, line 2: name 'width' is not defined"),
        ('model = 1 / 0\n', 'leaf.py, line 1: division by zero'),
        ("_base_ = 'nowhere.py'\n", "leaf.py: _base_ 'nowhere.py' is not there"),
        ('_base_ = 3\n', 'leaf.py: _base_ = 3 must be a path or a list of paths'),
        ("_base_ = ['base.py', 3]\n", 'must be a path or a list of paths'),
        ("_base_ = 'nolib::a.py'\n", "_base_ 'nolib::a.py' cannot be found"),
        ("_base_ = 'mmdet::nothing.py'\n", "_base_ 'mmdet::nothing.py'"),
        (f'{LEAF}train_dataloder = 3\n', 'train_dataloder = 3: a run reads no such key'),
        (f'{LEAF}width = 3\n', 'nothing reads width = 3'),
        (f'{LEAF}scale = 8\n', 'A base has a variable of that name, but was run before'),
    ],
)
def test_a_file_that_cannot_be_used(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError) as error:
        read(tmp_path, text, base=f'scale = 4\n{MODEL.replace("4", "scale")}')
    assert message in str(error.value)
    assert '\n' not in str(error.value)


@pytest.mark.parametrize(
    ('name', 'content', 'message'),
    [
        ('a.json', '{"model": ', 'a.json: Expecting value'),
        ('a.yml', 'model: [1', 'a.yml: while parsing'),
        ('a.yml', '- 1', 'a.yml must hold keys and values'),
        ('a.txt', 'model = 3', 'its name must end with .py, .json, .yml or .yaml'),
        ('a.py', b'\xff\xfe', 'a.py cannot be read'),
    ],
)
def test_a_file_of_another_kind(
    tmp_path: Path, name: str, content: str | bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ConfigError) as error:
        read_config(path)
    assert message in str(error.value)


def test_circles_are_shown_by_names_that_can_be_found(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        read(tmp_path, LEAF, base="_base_ = 'other.py'\n", other="_base_ = 'leaf.py'\n")
    chain = ' -> '.join(str(tmp_path / f'{name}.py') for name in ('leaf', 'base', 'other', 'leaf'))
    assert f'inherits from itself: {chain}.' in str(error.value)


@pytest.mark.parametrize(
    'text',
    [
        f'{LEAF}_width = 3\n',
        f'{LEAF}width = 8\nmodel = dict(scale=width)\n',
        f'{LEAF}model = dict(scale={{{{_base_.scale}}}})\n',
        f'{LEAF}model = dict(scale=_base_.scale)\n',
        f"{LEAF}import os\nwork_dir = os.path.join('a', 'b')\n",
        f'{LEAF}def double(x):\n    return 2 * x\nmodel = dict(scale=double(2))\n',
        f'{LEAF}widths = [8, 16]\nmodel = dict(scale=[width for width in widths][0])\n',
    ],
)
def test_variables_of_ones_own(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text, base=f'scale = 4\n{MODEL}').model.type == 'SR4IR'


def test_what_a_program_wrote_may_have_variables(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    assert read(tmp_path, f'{MODEL}width = 3\n').model.scale == 4
    assert 'has variables that nothing reads: width' in capsys.readouterr().out


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        ({'trian_cfg.max_epochs': 3}, "a run reads no key trian_cfg; did you mean 'train_cfg'?"),
        ({'custom_imports': 3}, 'custom_imports = 3: it must be a dict'),
        (
            {'custom_imports.imports': ['nothing_such']},
            'custom_imports: Failed to import nothing_such',
        ),
        ({'custom_imports.importz': ['os']}, 'custom_imports has no such key; did you mean'),
        ({'scale': 8}, 'scale is a variable of the config files, which were run before'),
        ({'model.scale.x': 8}, 'model.scale is 4, which has no keys'),
        ({'phases.5.update': 'sr'}, 'phases is a list with the positions 0 to 0'),
        ({'phases.first': 'sr'}, 'phases is a list with the positions 0 to 0'),
        ({'model.losses.0': 'sr'}, 'model.losses is a tuple: give it whole'),
    ],
)
def test_options_that_do_not_fit(tmp_path: Path, options: dict[str, Any], message: str) -> None:
    base = (
        'scale = 4\n'
        "model = dict(type='SR4IR', scale=scale, losses=(1, 2))\n"
        "phases = [dict(update='sr')]\n"
    )
    with pytest.raises(ConfigError) as error:
        read(tmp_path, LEAF, options, base=base)
    assert message in str(error.value)


def test_options_are_merged_at_once(tmp_path: Path) -> None:
    cfg = read(tmp_path, LEAF, {'model.scale': 8, 'phases': [1]}, base=MODEL)
    assert (cfg.model.scale, cfg.phases) == (8, [1])
