# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Imports run one way, those for type checking alone included."""

import ast
from pathlib import Path

from sr4ir_mm.registry import HOOKS, MODELS
from tests.utils.tiny import ROOT

PACKAGE = ROOT / 'sr4ir_mm'
# From the ground up: what lies on one floor may import what lies on it or below.
FLOORS = (
    {'errors', 'version'},
    {'compat'},
    {'registry', 'utils'},
    {'checkpoints', 'datasets', 'evaluation', 'visualization'},
    {'models'},
    {'engine'},
    {'apis'},
)


def modules() -> dict[str, Path]:
    """Name the package's modules below ``sr4ir_mm``."""
    found = {}
    for path in PACKAGE.rglob('*.py'):
        parts = path.relative_to(PACKAGE).with_suffix('').parts
        if not parts[0].startswith(('.', '__')):
            found['.'.join(part for part in parts if part != '__init__')] = path
    return found


MODULES = modules()


def imports(name: str) -> set[str]:
    """Name the modules of the package that a module imports, anywhere in it."""
    path = MODULES[name]
    package = name if path.name == '__init__.py' else name.rpartition('.')[0]
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            source = node.module or ''
            if node.level:
                parts = ['sr4ir_mm', *filter(None, package.split('.'))]
                parts = parts[: len(parts) - node.level + 1]
                source = '.'.join([*parts, *filter(None, [source])])
            # A name may be a module itself, or defined in one.
            found |= {f'{source}.{alias.name}' for alias in node.names} | {source}
    ours = {target.removeprefix('sr4ir_mm.') for target in found if target.startswith('sr4ir_mm.')}
    return {target for target in ours if target in MODULES} - {name}


GRAPH = {name: imports(name) for name in MODULES}


def reachable(start: str) -> set[str]:
    """Follow imports as far as they go."""
    seen: set[str] = set()
    left = list(GRAPH[start])
    while left:
        name = left.pop()
        if name not in seen:
            seen.add(name)
            left += GRAPH[name]
    return seen


def floor(name: str) -> int:
    return next(i for i, rooms in enumerate(FLOORS) if name.partition('.')[0] in rooms)


def test_the_graph_is_read() -> None:
    assert 'models.phase_batch' in GRAPH['models.losses.tdp_loss']
    assert 'models.task_adapters' in GRAPH['models.phase_batch']
    assert 'registry' in GRAPH['models.sr4ir']


def test_no_circle() -> None:
    assert [name for name in GRAPH if name in reachable(name)] == []


def test_no_import_runs_up() -> None:
    assert {name.partition('.')[0] for name in MODULES} == set().union(*FLOORS)
    up = {
        f'{name} -> {target}'
        for name, targets in GRAPH.items()
        for target in targets
        if floor(target) > floor(name)
    }
    assert up == set()


def test_files_are_small() -> None:
    sizes = sorted(len(path.read_text().splitlines()) for path in MODULES.values())
    assert sizes[-1] < 250
    assert sizes[len(sizes) // 2] < 70


def test_a_type_is_found_by_the_name_of_its_file() -> None:
    """Each registry looks below its own locations, where no two files have one name."""
    for name in ('models', 'engine', 'datasets', 'evaluation'):
        stems = [path.stem for path in (PACKAGE / name).rglob('[a-z]*.py')]
        assert len(stems) == len(set(stems))
    assert MODELS.files['deeplabv3head'] == 'sr4ir_mm.models.nets.deeplabv3_head'
    assert 'resnet' not in MODELS.files  # a converter of that name is no model
    assert 'tdploss' not in HOOKS.files
