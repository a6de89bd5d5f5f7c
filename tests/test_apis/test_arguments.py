# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Arguments of command lines say what they take."""

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path

import pytest

from sr4ir_mm.apis import arguments

pytestmark = pytest.mark.quick


@pytest.mark.parametrize(
    ('kind', 'text', 'message'),
    [
        (arguments.positive_int, '0', "'0' must be a whole number, 1 or more"),
        (arguments.positive_int, '1.5', "'1.5' must be a whole number, 1 or more"),
        (arguments.non_negative_int, '-1', "'-1' must be a whole number, 0 or more"),
        (arguments.non_negative_float, '-0.1', "'-0.1' must be a number, 0 or more"),
        (arguments.non_negative_float, 'nan', "'nan' must be a number, 0 or more"),
        (arguments.non_negative_float, 'inf', "'inf' must be a number, 0 or more"),
        (arguments.non_empty, ' ', 'it must not be empty'),
        (arguments.output_folder, '', 'it must not be empty'),
        (arguments.output_folder, f'/{"x" * 300}', 'File name too long'),
        (arguments.output_folder, f'FOLDER/new/{"x" * 300}', 'File name too long'),
        (arguments.output_folder, 'FOLDER' + '/abcdefg' * 500, 'File name too long'),
        (arguments.output_folder, 'FILE', 'FILE is a file'),
        (arguments.output_folder, 'FILE/new/one', 'FILE is a file'),
        (arguments.output_file, 'FILE/a.png', 'FILE is a file'),
        (arguments.output_file, f'FOLDER/{"x" * 300}.png', 'File name too long'),
        (arguments.output_file, 'FOLDER/new/', 'FOLDER/new/ is a folder; name a file'),
        (arguments.output_file, 'FOLDER', 'FOLDER is a folder; name a file'),
    ],
)
def test_what_is_refused(
    kind: Callable, text: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    (tmp_path / 'a').write_text('')
    for name, path in (('FILE', tmp_path / 'a'), ('FOLDER', tmp_path)):
        text, message = text.replace(name, str(path)), message.replace(name, str(path))
    parser = ArgumentParser()
    parser.add_argument('--value', type=kind)
    with pytest.raises(SystemExit) as end:
        parser.parse_args([f'--value={text}'])
    assert end.value.code == 2
    assert message in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ['a']


def test_a_read_only_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('os.access', lambda *_: False)  # which root may write to
    with pytest.raises(arguments.ArgumentTypeError, match='is read-only'):
        arguments.output_folder(str(tmp_path / 'new'))


def test_what_is_taken(tmp_path: Path) -> None:
    assert arguments.positive_int('3') == 3
    assert arguments.non_negative_float('0') == 0
    assert arguments.output_folder(str(tmp_path / 'new/er')) == str(tmp_path / 'new/er')
    assert arguments.output_file('a.png') == 'a.png'


@pytest.mark.parametrize(
    ('word', 'message'),
    [
        ('model.scale', "'model.scale' must be KEY=VALUE"),
        ('=3', "'=3' must be KEY=VALUE"),
        ('model..scale=3', "'model..scale=3' must be KEY=VALUE"),
        ('model.losses=[1,(2]', "the brackets of 'model.losses=[1,(2]' do not match"),
        ('a.b=foo(1,2)', "'a.b=foo(1,2)' cannot be read: a value is a word, a list [a,b]"),
        ('hooks=[dict(a=1', 'the brackets of'),
        ('hooks=dict(a=1', "'hooks=dict(a=1' cannot be read"),
        ("hooks=[dict(type=print('x'))]", 'cannot be read'),
        ('hooks=dict(**others)', 'cannot be read'),
        ('hooks=dict(1)', 'cannot be read'),
        ('model.depth=[18', "the brackets of 'model.depth=[18' do not match"),
    ],
)
def test_config_options(word: str, message: str, capsys: pytest.CaptureFixture) -> None:
    parser = ArgumentParser()
    parser.add_argument('--cfg-options', nargs='+', action=arguments.CfgOptions)
    parsed = parser.parse_args(['--cfg-options', 'a.b=[1,(2,3)]', 'c=x=y'])
    assert parsed.cfg_options == {'a.b': [1, (2, 3)], 'c': 'x=y'}
    with pytest.raises(SystemExit):
        parser.parse_args(['--cfg-options', word])
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ('value', 'read'),
    [
        ("[dict(type='A',net='sr')]", [dict(type='A', net='sr')]),
        ('[dict(type=mmdet.A, on=true), dict(b=[-1.5,None])]',
         [dict(type='mmdet.A', on=True), dict(b=[-1.5, None])]),
        ("{'a': (1, dict(b=2))}", dict(a=(1, dict(b=2)))),
        ('{a:1,b:c}', dict(a=1, b='c')),
        ('epoch_{}.pth', 'epoch_{}.pth'),
        ('{}.pth', '{}.pth'),
        ('a,b', ['a', 'b']),
    ],
)  # fmt: skip
def test_config_options_with_dicts(value: str, read: object) -> None:
    parser = ArgumentParser()
    parser.add_argument('--cfg-options', nargs='+', action=arguments.CfgOptions)
    assert parser.parse_args(['--cfg-options', f'a.b={value}']).cfg_options == {'a.b': read}
