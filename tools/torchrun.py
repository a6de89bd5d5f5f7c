# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""torchrun, which passes Ctrl-C and SIGTERM on, with their exit codes in place of a traceback.

On one machine a port that is taken is left for a free one.
"""

import argparse
import socket
import sys
from collections.abc import Sequence

from torch.distributed.elastic.multiprocessing.api import SignalException
from torch.distributed.run import main


def with_free_port(words: Sequence[str]) -> list[str]:
    """Replace ``--master_port`` where it is taken, and say so; other machines must be told."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument('--nnodes', default='1')
    parser.add_argument('--master_port', type=int)
    known, _ = parser.parse_known_args(words)
    if known.nnodes != '1' or not known.master_port:
        return list(words)
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(('', known.master_port))
            return list(words)
        except OSError:
            tried.bind(('', 0))
            port = tried.getsockname()[1]
    print(f'Port {known.master_port} is in use: taking {port}.', file=sys.stderr)
    return [
        f'--master_port={port}' if word.startswith('--master_port=') else word for word in words
    ]


if __name__ == '__main__':
    try:
        main(with_free_port(sys.argv[1:]))
    except SignalException as error:
        sys.exit(128 + error.sigval)
