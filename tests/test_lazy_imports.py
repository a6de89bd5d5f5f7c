# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""A run imports the libraries that its config names, and no other."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BUILD = """
import sys
from mmengine.config import Config
from mmengine.registry import init_default_scope
from sr4ir_mm.registry import METRICS, MODELS
cfg = Config.fromfile('{config}')
init_default_scope(cfg.default_scope)
MODELS.build(cfg.model)
print(*{{name.partition('.')[0] for name in sys.modules}})
"""


@pytest.mark.parametrize(
    ('config', 'expected'),
    [
        # mmpretrain's MobileNetV3 in mmdet's detector behind an up-sampler of our own.
        ('configs/l2t/det_x4.py', {'mmdet', 'mmpretrain'}),
        ('configs/l2t/cls_cars_x4.py', {'mmpretrain'}),
    ],
)
def test_building_a_model_imports_what_its_config_names(config: str, expected: set[str]) -> None:
    done = subprocess.run(
        [sys.executable, '-W', 'ignore', '-c', BUILD.format(config=config)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    imported = set(done.stdout.split())
    assert imported >= expected
    assert not imported & {'mmdet', 'mmseg', 'mmagic', 'diffusers'} - expected
