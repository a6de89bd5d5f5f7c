# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""mmagic's nets without the packages that only others of its models need."""

import importlib.util
import json
import re
from pathlib import Path

import pytest

from sr4ir_mm import compat
from tests.utils.processes import run_python

pytestmark = pytest.mark.quick

# What mmagic imports as a whole and the project does not ask for, as where it is not installed.
HIDE = """
import sys
HIDDEN = 'diffusers transformers huggingface_hub safetensors pandas resize_right click'
sys.modules.update(dict.fromkeys(HIDDEN.split()))
"""

NETS = """
import torch
from mmengine.config import Config
from mmengine.registry import MODELS
from sr4ir_mm.errors import ConfigError
from sr4ir_mm.models.build_net import build_net
lr = torch.rand(1, 3, 16, 16)
for path, changes in {
    'edsr/edsr_x4c64b16_1xb16-300k_div2k': dict(num_blocks=1),
    'srcnn/srcnn_x4k915_1xb16-1000k_div2k': {},
    'rdn/rdn_x4c64b16_1xb16-1000k_div2k': dict(num_blocks=1),
    'esrgan/esrgan_x4c64b23g32_1xb16-400k_div2k': dict(num_blocks=1),
    'srgan_resnet/srgan_x4c64b16_1xb16-1000k_div2k': dict(num_blocks=1),
    'real_esrgan/realesrgan_c64b23g32_4xb12-lr1e-4-400k_df2k-ost': dict(num_blocks=1),
    'swinir/swinir_x4s48w8d6e180_8xb4-lr2e-4-500k_div2k': dict(depths=[1], num_heads=[2]),
    'nafnet/nafnet_c64eb11128mb1db1111_8xb8-lr1e-3-400k_gopro': dict(mid_channels=8),
    'restormer/restormer_official_rain13k': dict(dim=8, num_blocks=[1] * 4),
}.items():
    net, scope = build_net(dict(cfg_path=f'mmagic::{path}.py', **changes), 'sr')
    assert scope == 'mmagic'
    with torch.no_grad():
        print(type(net).__name__, net(lr).shape[-1])
    model = Config.fromfile(f'{sys.argv[1]}/.mim/configs/{path}.py').model
    for key in ('discriminator', 'gan_loss', 'pixel_loss'):
        if key in model:
            cfg = dict(model[key], type=f'mmagic.{model[key].type}')
            print(type(MODELS.build(cfg)).__name__)
assert MODELS.get('mmagic.NoSuchNet') is None
try:
    build_net(dict(type='mmagic.AnimateDiff'), 'model.sr')
except ConfigError as error:
    print(error)
"""


def test_sr_nets_and_what_belongs_to_them_need_no_diffusers(tmp_path: Path) -> None:
    folder = Path(importlib.util.find_spec('mmagic').origin).parent
    program = f'{HIDE}sys.argv.append({str(folder)!r})\n{NETS}'
    done = run_python(program, tmp_path)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert re.match(
        r'model\.sr\.type .*mmagic\.AnimateDiff cannot be imported: .*(diffusers|safetensors)',
        lines[-1],
    )
    assert dict(line.split() for line in lines[:-1] if ' ' in line) == {
        'EDSRNet': '64',
        'SRCNNNet': '64',
        'RDNNet': '64',
        'MSRResNet': '64',
        'RRDBNet': '64',
        'SwinIRNet': '64',
        'NAFNetLocal': '16',
        'Restormer': '16',
    }
    others = {'ModifiedVGG', 'UNetDiscriminatorWithSpectralNorm', 'GANLoss', 'L1Loss'}
    assert others <= set(lines)


def test_importing_mmagic_around_us_works_and_nothing_stays_changed(tmp_path: Path) -> None:
    done = run_python(
        HIDE + 'import json, mmcv, numpy as np\n'
        'before = mmcv.__version__, "bool8" in vars(np)\n'
        'mmcv.__version__ = "2.1.0"\n'
        'from mmagic.registry import MODELS as before_us\n'  # as it is, with its assertion
        'mmcv.__version__ = before[0]\n'
        'from sr4ir_mm.compat import import_mmagic\n'
        'import mmengine.registry\n'
        'assert import_mmagic() is import_mmagic() is sys.modules["mmagic"]\n'
        'net = mmengine.registry.MODELS.build(dict(type="mmagic.EDSRNet", in_channels=3,'
        ' out_channels=3, mid_channels=4, num_blocks=1))\n'
        'import mmagic.models.editors\n'
        'from mmagic.models import EDSRNet\n'
        'from mmagic.models.utils import flow_warp\n'  # a function in a module of its name
        'from mmagic.utils import make_coord\n'  # beside np.bool8
        'assert callable(flow_warp)\n'
        'assert type(net) is EDSRNet is mmagic.models.editors.EDSRNet\n'
        'assert before_us.get("EDSRNet") is EDSRNet\n'
        'print(mmagic.__version__)\n'
        'print(json.dumps([before, (mmcv.__version__, "bool8" in vars(np))]))\n',
        tmp_path,
    )
    assert done.returncode == 0, done.stderr
    version, versions = done.stdout.splitlines()[-2:]
    assert version == '1.2.0'
    before, after = json.loads(versions)
    assert before == after


def test_missing_mmagic_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, 'find_spec', lambda name: None if name == 'mmagic' else find_spec(name)
    )
    with pytest.raises(ImportError, match='pip install --no-deps mmagic==1.2.0'):
        compat.import_mmagic.__wrapped__()  # past the cache, which other tests need
