# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""mmpretrain is imported without mmdet, which gets its layer all the same."""

import subprocess
import sys

LAYER = """
import sys
from sr4ir_mm.compat import import_mmpretrain
import_mmpretrain()
import mmpretrain.models
assert not any(name.startswith('mmdet') for name in sys.modules)
assert mmpretrain.models.ResNet and mmpretrain.models.utils.ResLayerExtraNorm is None
from mmpretrain.models.utils.res_layer_extra_norm import ResLayerExtraNorm
from mmdet.registry import MODELS
assert MODELS.get('ResLayerExtraNorm') is ResLayerExtraNorm is not None
"""


def test_mmdet_is_imported_when_it_is_needed() -> None:
    done = subprocess.run(
        [sys.executable, '-W', 'ignore', '-c', LAYER], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
