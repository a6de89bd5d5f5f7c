# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Write what documents the configs: python tools/document_configs.py.

The header of each config, the README.md and metafile.yml of each of their folders, and
model-index.yml all follow from the configs and from ``configs/tables``, where alone the paper's
figures stand. What a setting is, and what the publications leave open about it (``Choice: ...``),
is taken from the docstring of its file in ``configs/_base_/settings``.
"""

import argparse
import ast
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]
from tables.paper_configs import SCORES, TASKS, Leaf, read_leaves, read_setting, setting_of

from sr4ir_mm.apis.clear_errors import clear_errors

ROOT = Path(__file__).resolve().parents[1]
PAPER = 'Beyond Image Super-Resolution for Image Recognition with Task-Driven Perceptual Loss'
CODE = 'https://github.com/JaehaKim97/SR4IR'
GENERATED = 'Written by tools/document_configs.py'
TITLES = {
    'ablations': 'Ablations of SR4IR',
    'related': 'Related methods',
    'small': 'The small benchmark',
}


def header(leaf: Leaf, choice: str) -> str:
    """Give a config's docstring, without its quotes."""
    row = f'{leaf.table}, row {leaf.method}' + (f', {leaf.sr}' if leaf.sr else '')
    figures = ', '.join(f'{name} {text}' for name, text in leaf.paper.items())
    paper = f'Paper: {figures}. ' if figures else ''
    lines = [
        f'{row}: {TASKS[leaf.task][0]}.',
        '',
        f'{paper}GPUs: {leaf.gpus} x {leaf.images} images.',
        f'Command: {leaf.command}',
        *(f'Needs: {config}, trained before.' for config in leaf.needs),
        *choice.splitlines(),
    ]
    return '\n'.join(lines)


def with_header(source: str, text: str) -> str:
    """Put a docstring in place of a config's own."""
    first = ast.parse(source).body[0]
    own = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    rest = source.split('\n')[first.end_lineno if own else 0 :]
    return f'"""{text}\n"""\n' + '\n'.join(rest)


def readme(folder: Path, leaves: Sequence[Leaf], root: Path) -> str:
    """Describe the settings of a folder, with a table of the configs of each."""
    by_setting: dict[str, list[Leaf]] = {}
    for leaf in leaves:
        by_setting.setdefault(setting_of(leaf, root), []).append(leaf)
    parts = [f'<!-- {GENERATED}. -->', f'# {_title(folder, leaves)}', f'> {PAPER}, CVPR 2024\n'
             f'> (code of the authors: <{CODE}>)']  # fmt: skip
    for name, members in by_setting.items():
        setting = read_setting(name, root)
        up = '../' * (len(folder.parts) - 1)
        if len(by_setting) > 1:
            parts.append(f'## {name}')
        parts.append(setting.text)
        parts.append(f'[`{name}.py`]({up}_base_/settings/{name}.py):')
        parts.append(f'```python\n{setting.phases}\n```')
        parts.append('\n'.join(_lines(folder, members)))
    note = "All figures are the paper's; none of these runs was made here."
    if not any(leaf.paper for leaf in leaves):
        note = 'Made for two CPU cores.'
    elif folder.name not in TITLES:
        note += " The numbers of GPUs are those of the authors' code."
    parts.append(note)
    return '\n\n'.join(parts) + '\n'


def _title(folder: Path, leaves: Sequence[Leaf]) -> str:
    return TITLES.get(folder.name) or leaves[0].method.partition(',')[0]


def _lines(folder: Path, leaves: Sequence[Leaf]) -> Iterator[str]:
    images = [name for name in ('LPIPS', 'PSNR') if any(name in leaf.paper for leaf in leaves)]
    scored = any(leaf.paper.keys() & set(SCORES.values()) for leaf in leaves)
    names = ['data', 'SR net', *['score'] * scored, *images, 'GPUs x images', 'command']
    yield f'| {" | ".join(names)} |'
    yield '|' + '---|' * len(names)
    for leaf in leaves:
        score = [f'{text} {name}' for name, text in leaf.paper.items() if name in SCORES.values()]
        link = f'[`{leaf.command}`]({leaf.path.relative_to(folder)})'
        cells = [
            TASKS[leaf.task][0],
            leaf.sr or '-',
            *score,
            *(leaf.paper.get(name, '-') for name in images),
            f'{leaf.gpus} x {leaf.images}',
            link,
        ]
        yield f'| {" | ".join(cells)} |'


def metafile(folder: Path, leaves: Sequence[Leaf]) -> str:
    """List the configs of a folder for mim."""
    collection = _title(folder, leaves)
    content: dict[str, Any] = dict(
        Collections=[
            dict(
                Name=collection,
                Metadata=dict(Architecture=sorted({net for leaf in leaves for net in _nets(leaf)})),
                Paper=dict(Title=PAPER, URL=CODE),
                README=str(folder / 'README.md'),
            )
        ],
        Models=[_model(leaf, collection) for leaf in leaves],
    )
    published = 'No weights are published.'
    if any(leaf.paper for leaf in leaves):
        published = f"All figures are the paper's; {published.lower()}"
    note = f'# {GENERATED}. {published}\n'
    return note + yaml.safe_dump(content, sort_keys=False, width=100)


def _nets(leaf: Leaf) -> list[str]:
    nets = (leaf.cfg.model.get('sr'), leaf.cfg.model.get('task'))
    names = [net.get('type') or Path(net.cfg_path).stem for net in nets if net]
    return [name.rpartition('.')[2] for name in names]


def _model(leaf: Leaf, collection: str) -> dict[str, Any]:
    _, task, data = TASKS[leaf.task]
    model: dict[str, Any] = {
        'Name': '_'.join(leaf.path.with_suffix('').parts[1:]),
        'In Collection': collection,
        'Config': str(leaf.path),
        'Metadata': {
            'Training Data': data,
            'Batch Size': leaf.gpus * leaf.images,
            'Epochs': leaf.cfg.train_cfg.max_epochs,
            'Training Resources': f'{leaf.gpus} GPU' + 's' * (leaf.gpus > 1),
        },
    }
    if leaf.paper:
        metrics = {f'{name} (paper)': float(text) for name, text in leaf.paper.items()}
        model['Results'] = [{'Task': task, 'Dataset': data, 'Metrics': metrics}]
    return model


def document(all_leaves: Sequence[Leaf], root: Path) -> dict[Path, str]:
    """Make all files, by their path from the project's root."""
    files: dict[Path, str] = {}
    folders: dict[Path, list[Leaf]] = {}
    for leaf in all_leaves:
        folders.setdefault(Path(*leaf.path.parts[:2]), []).append(leaf)
        source = (root / leaf.path).read_text(encoding='utf-8')
        choice = read_setting(setting_of(leaf, root), root).choice
        files[leaf.path] = with_header(source, header(leaf, choice))
    for folder, leaves in folders.items():
        files[folder / 'README.md'] = readme(folder, leaves, root)
        files[folder / 'metafile.yml'] = metafile(folder, leaves)
    index = yaml.safe_dump(dict(Import=[str(folder / 'metafile.yml') for folder in folders]))
    files[Path('model-index.yml')] = f'# {GENERATED}; mim reads the metafiles from here.\n' + index
    return files


@clear_errors()
def main(argv: Sequence[str] | None = None) -> int:
    """Write what changed; with ``--check`` only name it. Give the exit code."""
    parser = argparse.ArgumentParser(description='Write what documents the configs.')
    parser.add_argument('--check', action='store_true', help='only tell what would change')
    check = parser.parse_args(argv).check
    pages = document(read_leaves(ROOT), ROOT)
    stale = [path for path, text in pages.items() if (ROOT / path).read_text('utf-8') != text]
    for path in stale:
        print(f'{"would write" if check else "wrote"} {path}')
        if not check:
            (ROOT / path).write_text(pages[path], encoding='utf-8')
    return 1 if check and stale else 0


if __name__ == '__main__':
    sys.exit(main())
