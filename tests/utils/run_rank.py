# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""One process of a distributed run: python run_rank.py CONFIG (the rank is in the environment)."""

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
    run(sys.argv[1])
    leave_process_group()
