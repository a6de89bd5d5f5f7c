# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""mmpretrain is imported without mmdet, which gets its layer all the same, and without BLIP."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
LIBRARIES = """
import mmdet.models, mmpretrain.datasets, mmpretrain.models, mmseg.models
from mmpretrain.utils.dependency import satisfy_requirement
from sr4ir_mm.models.build_net import build_net
assert satisfy_requirement('transformers>=4.28.0')
assert 'mmpretrain.models.multimodal.blip' not in sys.modules
assert mmdet.models.reid.base_reid.ImageClassifier is mmpretrain.models.ImageClassifier
assert mmseg.models.MaskFormerHead.__mro__[1] is mmdet.models.MaskFormerHead
cfg = dict(cfg_path='mmpretrain::resnet/resnet18_8xb32_in1k.py', num_classes=2)
net, scope = build_net(cfg, 'model.task')
assert (net.head.fc.out_features, scope) == (2, 'mmpretrain')
"""


def run(code: str, path: Path | None = None) -> str:
    """Run code in a fresh interpreter that finds packages in a folder, too; give what it told."""
    folders = [str(path)] if path else []
    folders += filter(None, [os.environ.get('PYTHONPATH')])
    done = subprocess.run(
        [sys.executable, '-W', 'ignore', '-c', code],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, 'PYTHONPATH': os.pathsep.join(folders)},
    )
    return done.stderr if done.returncode else ''


@pytest.fixture
def transformers(tmp_path: Path) -> Path:
    """Fake transformers 5, which lacks what mmpretrain's BLIP imports."""
    package, info = tmp_path / 'transformers', tmp_path / 'transformers-5.0.0.dist-info'
    package.mkdir()
    (package / '__init__.py').write_text('def __getattr__(name): return type(name, (), {})\n')
    info.mkdir()
    (info / 'METADATA').write_text('Metadata-Version: 2.1\nName: transformers\nVersion: 5.0.0\n')
    return tmp_path


def test_mmdet_is_imported_when_it_is_needed() -> None:
    assert not run(LAYER)


@pytest.mark.parametrize('first', ['', 'import mmpretrain;'])
def test_libraries_come_without_what_fails_with_transformers(
    first: str, transformers: Path
) -> None:
    assert not run(f'import sys; {first} import sr4ir_mm\n{LIBRARIES}', transformers)


def test_what_is_left_out_would_fail(transformers: Path) -> None:
    assert "No module named 'transformers" in run('import mmpretrain.models', transformers)
