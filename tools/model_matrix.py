# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Try configs of the libraries, unedited, in SR4IR: python tools/model_matrix.py.

Each is trained for one iteration of both phases and predicts once, from scratch, on generated
pictures, in a process of its own. Called again, it goes on with those that were not tried, or with
--failed tries again those that failed. docs/model_matrix.md and its .json show what came out.
"""

import argparse
import json
import socket
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from matrix.cases import Case, load_cases
from matrix.config import config_text
from matrix.data import make_data
from matrix.page import page
from matrix.trial import try_case

from sr4ir_mm.apis.arguments import output_file, output_folder, positive_int
from sr4ir_mm.apis.clear_errors import clear_errors
from sr4ir_mm.compat import import_mmagic
from sr4ir_mm.errors import ConfigError
from sr4ir_mm.utils.files import write_json, write_text

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / 'docs/model_matrix.md'


def parse_args(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description='Try configs of the libraries.')
    parser.add_argument('only', nargs='*', help='parts of the names of those to try')
    parser.add_argument('--work-dir', type=output_folder, default='work_dirs/model_matrix')
    parser.add_argument(
        '--page', type=output_file, default=str(PAGE), help='Markdown, and JSON beside it'
    )
    parser.add_argument('--failed', action='store_true', help='try again what failed')
    parser.add_argument('--again', action='store_true', help='try all again')
    parser.add_argument('--seconds', type=positive_int, default=120, help='for each, at most')
    parser.add_argument('--gigabytes', type=positive_int, default=12, help='for each, at most')
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Try what was not tried, and write the page."""
    args = parse_args(argv)
    with clear_errors():
        chosen = load_cases(only=args.only)
        if not chosen:
            raise ConfigError(f'No config has one of {", ".join(args.only)} in its name.')
        work = Path(args.work_dir).absolute()
        work.mkdir(parents=True, exist_ok=True)
        make_data(work / 'data')
        book = Path(args.page).with_suffix('.json')
        results: dict[str, Any] = json.loads(book.read_text()) if book.is_file() else {}
        _load_libraries()
        for case in chosen:
            known = results.get(case.name, {})
            same = known.get('added') == case.added
            if same and not args.again and (known['ok'] or not args.failed):
                continue
            results[case.name] = _try(case, work, args.seconds, args.gigabytes)
            print(f'{case.name}: {results[case.name]["message"] or "ok"}', flush=True)
            write_json(book, dict(sorted(results.items())))
        write_text(args.page, page(load_cases(), results))


def _load_libraries() -> None:
    """Import once what every case needs; its process is a copy of this one."""
    for name in ('mmdet.models', 'mmseg.models', 'mmpretrain.models', 'train'):
        import_module(name)
    import_mmagic()


def _try(case: Case, work: Path, seconds: int, gigabytes: int) -> dict[str, Any]:
    folder = work / case.library / Path(case.config).stem
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / 'config.py'
    config.write_text(config_text(case, work / 'data'), encoding='utf-8')
    run = partial(_train, str(config), str(folder / 'run'))
    return {'added': case.added, **try_case(run, folder, seconds, gigabytes << 30)}


def _train(config: str, work_dir: str) -> None:
    import train

    socket.socket.connect = _no_network  # type: ignore[method-assign]
    train.main([config, '--work-dir', work_dir])


def _no_network(*_: Any) -> NoReturn:
    raise OSError('from scratch there is nothing to download')


if __name__ == '__main__':
    main()
