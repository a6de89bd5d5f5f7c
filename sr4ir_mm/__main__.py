# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The tools, wherever the package is installed: ``python -m sr4ir_mm train CONFIG``."""

import ast
import runpy
import sys
from pathlib import Path

from sr4ir_mm.utils.spelling import nearest
from sr4ir_mm.version import __version__

TOOLS = Path(__file__).parent / '.mim/tools'


def tools() -> dict[str, str]:
    """Give what each script that is a command does, by its name, as 'analysis_tools/benchmark'."""
    sources = {path: path.read_text(encoding='utf-8') for path in sorted(TOOLS.rglob('*.py'))}
    return {
        path.relative_to(TOOLS).with_suffix('').as_posix(): _summary(source)
        for path, source in sources.items()
        if "__name__ == '__main__'" in source
    }


def _summary(source: str) -> str:
    """Give the docstring's first line up to the command that it ends with."""
    first = (ast.get_docstring(ast.parse(source)) or '').partition('\n')[0]
    return first.partition(': ')[0].rstrip('.')


def main() -> None:
    """Run the tool that is named first, with the arguments that follow."""
    name = sys.argv[1].removesuffix('.py') if sys.argv[1:] else ''
    if name == '--version':
        print(f'sr4ir_mm {__version__}')
        return
    if not TOOLS.is_dir():
        sys.exit(f'error: there is no {TOOLS}: run "pip install -e ." in the clone of sr4ir_mm.')
    known = tools()
    if name not in known:
        asked = name.lstrip('-') in ('h', 'help')
        out = sys.stdout if asked else sys.stderr
        print('usage: python -m sr4ir_mm TOOL [ARGUMENTS]; TOOL --help tells more. TOOL:', file=out)
        width = max(map(len, known), default=0)
        print(*(f'  {tool:{width}}  {text}' for tool, text in known.items()), sep='\n', file=out)
        if name and not asked:
            near = nearest(name, known)
            meant = f': did you mean {near[0]}?' if near else '.'
            print(f'error: there is no tool {name}{meant}', file=out)
        sys.exit(0 if asked else 2)
    path = TOOLS / f'{name}.py'
    # As if Python ran the script itself.
    sys.argv[:2] = [str(path)]
    sys.path.insert(0, str(path.parent))
    runpy.run_path(str(path), run_name='__main__')


if __name__ == '__main__':
    main()
