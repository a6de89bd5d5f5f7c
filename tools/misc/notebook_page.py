# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""A hook of MkDocs: the notebooks among the documentation become pages of the site.

Only what is written in a notebook is shown, not what it gave: outputs are of one machine.
"""

import json
import re
from pathlib import Path
from typing import Any


def notebook_page(path: Path) -> str:
    """Give a notebook's cells as Markdown.

    Args:
        path (Path): The notebook; its code is Python, or commands behind ``!``.
    """
    cells = json.loads(path.read_text(encoding='utf-8'))['cells']
    return '\n\n'.join(_block(cell['cell_type'], ''.join(cell['source'])) for cell in cells) + '\n'


def _block(kind: str, source: str) -> str:
    if kind == 'markdown':
        return source
    if source.startswith('!'):
        return f'```bash\n{source.removeprefix("!")}\n```'
    return f'```python\n{source}\n```'


def on_files(files: Any, config: Any) -> Any:
    """Add the pages; MkDocs calls this."""
    for file in [file for file in files if file.src_uri.endswith('.ipynb')]:
        page = file.src_uri.removesuffix('.ipynb') + '.md'
        content = notebook_page(Path(file.abs_src_path))
        files.append(type(file).generated(config, page, content=content))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Let links to a notebook lead to its page; MkDocs calls this."""
    return re.sub(r'\]\(([^):]+)\.ipynb\)', r'](\1.md)', markdown)
