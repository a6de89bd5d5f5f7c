# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The tools, wherever the package is installed: ``python -m sr4ir_mm train CONFIG``."""

import runpy
import sys
from collections.abc import Iterator
from pathlib import Path

from sr4ir_mm.utils.spelling import nearest

TOOLS = Path(__file__).parent / '.mim/tools'


def tools() -> Iterator[str]:
    """Give the scripts that are commands, such as 'train' and 'analysis_tools/benchmark'."""
    for path in sorted(TOOLS.rglob('*.py')):
        if "__name__ == '__main__'" in path.read_text(encoding='utf-8'):
            yield path.relative_to(TOOLS).with_suffix('').as_posix()


def main() -> None:
    """Run the tool that is named first, with the arguments that follow."""
    known = list(tools())
    name = sys.argv[1].removesuffix('.py') if sys.argv[1:] else ''
    if name not in known:
        asked = name.lstrip('-') in ('h', 'help')
        out = sys.stdout if asked else sys.stderr
        print('usage: python -m sr4ir_mm TOOL [ARGUMENTS]; TOOL --help tells more. TOOL:', file=out)
        print(*known, sep='\n', file=out)
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
