# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""One process of distributed runs, its rank in the environment: python run_rank.py CONFIG..."""

import sys

from mmengine.config import Config
from mmengine.runner import Runner

from sr4ir_mm.compat import ensure_process_group, leave_process_group


def run(config: str) -> Runner:
    """Train a config as one of several gloo processes."""
    cfg = Config.fromfile(config)
    cfg.launcher = 'pytorch'
    cfg.model_wrapper_cfg.device_ids = None
    ensure_process_group('pytorch')
    runner = Runner.from_cfg(cfg)
    runner.train()
    return runner


if __name__ == '__main__':
    for path in sys.argv[1:]:
        run(path)
    leave_process_group()
