# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Every module imports where what only POSIX has is missing, as on Windows."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.utils.tiny import ROOT

FOLDERS = [ROOT / name for name in ('sr4ir_mm', 'tools', 'demo')]
MODULES = ('fcntl', 'grp', 'posix', 'pty', 'pwd', 'resource', 'syslog', 'termios', 'tty')
# What Windows lacks of modules that it has.
NAMES = {
    'os': {
        'WNOHANG', 'chown', 'fork', 'getegid', 'geteuid', 'getgid', 'getloadavg', 'getpgid',
        'getuid', 'killpg', 'mkfifo', 'nice', 'sched_getaffinity', 'setsid', 'statvfs', 'sysconf',
        'uname', 'wait',
    },
    'signal': {
        'SIGALRM', 'SIGCHLD', 'SIGHUP', 'SIGKILL', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'alarm',
        'pthread_kill', 'setitimer', 'sigwait',
    },
}  # fmt: skip
# The libraries know what system they are on; only ours are kept from what they ask for.
IMPORT = """
import builtins, importlib, json, runpy, sys
real = builtins.__import__

def without_posix(name, globals=None, locals=None, fromlist=(), level=0):
    asks = (globals or {{}}).get('__file__') or ''
    if not level and name.partition('.')[0] in {modules!r} and asks.startswith(tuple({folders!r})):
        raise ModuleNotFoundError(f'No module named {{name!r}}', name=name)
    return real(name, globals, locals, fromlist, level)

builtins.__import__ = without_posix
exec({before!r})
failed = {{}}
for root, name, path in {files!r}:
    sys.path.insert(0, root)
    try:
        importlib.import_module(name) if name else runpy.run_path(path, run_name='imported')
    except BaseException as error:
        failed[path] = repr(error)
    sys.path.pop(0)
print(json.dumps(failed))
"""


def sources(*folders: Path) -> Iterator[Path]:
    """Give the package's modules and the scripts, without configs."""
    for folder in folders:
        for path in sorted(folder.rglob('*.py')):
            if not {'.mim', 'configs'} & set(path.relative_to(folder).parts):
                yield path


def place(path: Path) -> tuple[str, str, str]:
    """Give where Python looks for a module, its dotted name ('' of a script) and its path."""
    root, parts = path.parent, [path.stem]
    while (root / '__init__.py').is_file():
        root, parts = root.parent, [root.name, *parts]
    name = '.'.join(parts).removesuffix('.__init__') if len(parts) > 1 else ''
    return str(root), name, str(path)


def import_all(*folders: Path, before: str = '') -> dict[str, str]:
    """Import what is below folders in a process of its own; give the errors by path."""
    files = [place(path) for path in sources(*folders)]
    code = IMPORT.format(
        modules=MODULES, folders=list(map(str, folders)), files=files, before=before
    )
    done = subprocess.run(
        [sys.executable, '-W', 'ignore', '-c', code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def names_at_import(path: Path) -> set[str]:
    """Name what POSIX alone has of those modules and is read outside of functions."""
    found, left = set(), [ast.parse(path.read_text())]
    while left:
        node: ast.AST = left.pop()
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.attr in NAMES.get(node.value.id, ()):
                found.add(f'{node.value.id}.{node.attr}')
        elif isinstance(node, ast.ImportFrom):
            missing = NAMES.get(node.module or '', set())
            found |= {f'{node.module}.{a.name}' for a in node.names if a.name in missing}
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            left.extend(ast.iter_child_nodes(node))
    return found


def test_package_tools_and_demo_import() -> None:
    assert len(list(sources(*FOLDERS))) > 200
    # A net of ours extends one of mmagic's.
    mmagic = 'from sr4ir_mm.compat import import_mmagic; import_mmagic()'
    assert import_all(*FOLDERS, before=mmagic) == {}


def test_names_of_posix_wait_for_a_call() -> None:
    found = {str(path): names_at_import(path) for path in sources(*FOLDERS)}
    assert {path: names for path, names in found.items() if names} == {}


def test_what_needs_posix_is_found(tmp_path: Path) -> None:
    lock, kill, late = (tmp_path / f'{name}.py' for name in ('lock', 'kill', 'late'))
    lock.write_text('import fcntl')
    kill.write_text('import signal\nfrom os import getuid\nFIRST = [signal.SIGKILL]')
    late.write_text('import os\ndef lock():\n    import fcntl\n    os.fork()')
    assert import_all(tmp_path) == {str(lock): """ModuleNotFoundError("No module named 'fcntl'")"""}
    found = {path.stem: names_at_import(path) for path in (lock, kill, late)}
    assert found == {'lock': set(), 'kill': {'os.getuid', 'signal.SIGKILL'}, 'late': set()}
