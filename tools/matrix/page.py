# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The page that shows what came out."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sr4ir_mm.compat import installed_versions

from .cases import Case

TITLES = {
    'mmdet': 'Detection, instance and panoptic segmentation: mmdet',
    'mmseg': 'Segmentation: mmseg',
    'mmpretrain': 'Classification: mmpretrain',
    'mmagic': 'SR nets: mmagic',
}
HEAD = """# Model matrix

Unedited configs of the libraries through `tools/train.py` and the ten lines of [your own
data](own_data.md), from scratch, on generated pictures: one training iteration of both phases of
SR4IR and one prediction, each in a process of its own. Made by `python tools/model_matrix.py` on
{date} with {versions}.

A config that is refused shows the message. *Added* is what stood in the config beside the ten
lines. Of instance and panoptic segmentation the masks are loaded (`with_mask=True`), and
segmentors pad to multiples of 64 and not to the crops of their configs, which keeps this short.

| library | tried | train and predict | refused |
|---|---|---|---|
{summary}

The list is `tools/matrix/cases.txt`, of which {tried} of {number} were tried.
"""


def page(cases: Sequence[Case], results: Mapping[str, Mapping[str, Any]]) -> str:
    """Write the page in Markdown.

    Args:
        cases (Sequence[Case]): What was to be tried.
        results (Mapping): By name of a case, what :func:`try_case` gave; those without are left
            out.
    """
    tables, summary = [], []
    for library, title in TITLES.items():
        done = [case for case in cases if case.library == library and case.name in results]
        good = sum(bool(results[case.name]['ok']) for case in done)
        summary.append(f'| {library} | {len(done)} | {good} | {len(done) - good} |')
        rows = [_row(case, results[case.name]) for case in done]
        head = [f'## {title}', '', '| config | data | result | added |', '|---|---|---|---|']
        tables.append('\n'.join([*head, *rows]))
    versions = ', '.join(f'{name} {version}' for name, version in installed_versions().items())
    tried = sum(case.name in results for case in cases)
    top = HEAD.format(
        tried=tried,
        number=len(cases),
        date=date.today(),
        versions=versions,
        summary='\n'.join(summary),
    )
    return '\n\n'.join([top.strip(), *tables]) + '\n'


def _row(case: Case, result: Mapping[str, Any]) -> str:
    outcome = 'trains, predicts' if result['ok'] else _cell(result['message'])
    added = f'`{_cell(case.added)}`' if case.added else ''
    return f'| `{case.config.removesuffix(".py")}` | {case.data} | {outcome} | {added} |'


def _cell(text: str, most: int = 300) -> str:
    text = text.replace('|', '\\|').replace('<', '&lt;')
    return text if len(text) <= most else f'{text[: most - 4]} ...'
