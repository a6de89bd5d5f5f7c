# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""torchrun, which passes Ctrl-C and SIGTERM on, with their exit codes in place of a traceback."""

import sys

from torch.distributed.elastic.multiprocessing.api import SignalException
from torch.distributed.run import main

if __name__ == '__main__':
    try:
        main()
    except SignalException as error:
        sys.exit(128 + error.sigval)
