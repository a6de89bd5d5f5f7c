# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The tutorial runs from its first to its last cell, at small sizes, and is a page of the site."""

import json
import os.path as osp
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.utils.tiny import ROOT
from tests.utils.tools import tool

NOTEBOOK = ROOT / 'docs/tutorial.ipynb'


def run_command(line: str) -> None:
    """Run one of our scripts as the shell would."""
    _, path, *words = shlex.split(line)
    tool(osp.relpath(path.removesuffix('.py'), 'tools')).main(words)


def run_notebook(path: Path, **parameters: Any) -> dict[str, Any]:
    """Run the code cells of a notebook one after the other, and give their variables.

    Args:
        path (Path): The notebook.
        **parameters (Any): Replace those of the cell with the tag 'parameters'.
    """
    names: dict[str, Any] = {}
    for cell in json.loads(path.read_text())['cells']:
        source = ''.join(cell['source'])
        if cell['cell_type'] != 'code':
            continue
        if source.startswith('!python '):
            run_command(source.removeprefix('!').format(**names))
            continue
        exec(compile(source, f'{path.name}, {cell["id"]}', 'exec'), names)
        if 'parameters' in cell['metadata'].get('tags', ()):
            assert parameters.keys() <= names.keys()
            names.update(parameters)
    return names


def test_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    for folder in ('configs', 'demo', 'tools'):
        (tmp_path / folder).symlink_to(ROOT / folder)
    monkeypatch.chdir(tmp_path)
    names = run_notebook(NOTEBOOK, num_train=40, num_val=5, epochs=1)
    assert names['found'].keys() >= {'pred_label', 'pred_scores'}
    assert Path('work_dirs/tutorial/results/vis/0.jpg').is_file()
    assert 'bilinear' in capsys.readouterr().out


def test_it_has_no_outputs() -> None:
    cells = [cell for cell in json.loads(NOTEBOOK.read_text())['cells'] if 'outputs' in cell]
    assert cells
    assert all(cell['outputs'] == [] for cell in cells)
    assert NOTEBOOK.stat().st_size < 20_000


def test_it_becomes_a_page() -> None:
    hook = tool('misc/notebook_page')
    page = hook.notebook_page(NOTEBOOK)
    assert page.startswith('# Tutorial\n')
    assert len(re.findall(r'^```(bash|python)$', page, re.MULTILINE)) == page.count('```') / 2
    assert '```bash\npython tools/train.py' in page
    link = 'See [the tutorial](tutorial.ipynb), not [it](https://a.b/c.ipynb).'
    assert hook.on_page_markdown(link, page=None).startswith('See [the tutorial](tutorial.md), not')
    assert 'c.ipynb)' in hook.on_page_markdown(link)
