# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""LPIPS against its formula on torchvision's layers, with random backbones."""

import hashlib
from pathlib import Path
from typing import Any

import lpips as lpips_package
import pytest
import torch
import torch.nn.functional as F
import torchvision

from sr4ir_mm.errors import CheckpointError, ConfigError, DataError
from sr4ir_mm.evaluation.metrics import lpips_weights
from sr4ir_mm.registry import METRICS

TAPS = dict(vgg=(3, 8, 15, 22, 29), alex=(1, 4, 7, 9, 11))
NETS = dict(vgg='vgg16', alex='alexnet')


@pytest.fixture(autouse=True)
def no_machine_weights(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Hide the weights of the machine that runs the tests, and its network."""
    monkeypatch.delenv('SR4IR_LPIPS_WEIGHTS', raising=False)
    monkeypatch.setenv('TORCH_HOME', str(tmp_path / 'torch'))
    monkeypatch.setattr(lpips_weights, 'URL', (tmp_path / 'no_network').as_uri() + '/')


def make_backbone(net: str) -> torch.nn.Sequential:
    """The layers that LPIPS uses, of torchvision's net, with random weights."""
    with torch.device('meta'):
        features = getattr(torchvision.models, NETS[net])(weights=None).features
    features = features[: TAPS[net][-1] + 1].to_empty(device='cpu')
    generator = torch.Generator().manual_seed(0)
    for parameter in features.parameters():
        fan_in = max(1, parameter[0].numel())
        parameter.data.normal_(0, (2 / fan_in) ** 0.5, generator=generator)
        parameter.data = parameter.data.half().float()  # what a half precision file can hold
        parameter.requires_grad_(False)
    return features


def save(features: torch.nn.Sequential, path: Path, half: bool = False) -> str:
    """Write a state dict with torchvision's keys."""
    path.parent.mkdir(parents=True, exist_ok=True)
    state = {f'features.{k}': v.half() if half else v for k, v in features.state_dict().items()}
    torch.save(state, path)
    return str(path)


def reference(features: torch.nn.Sequential, net: str, sr: torch.Tensor, hr: torch.Tensor) -> float:
    """Eq. 1 of the LPIPS paper on 8-bit images without an 8-pixel border."""
    heads = Path(lpips_package.__file__).parent / 'weights' / 'v0.1' / f'{net}.pth'
    heads = torch.load(heads, map_location='cpu', weights_only=True)
    shift = torch.tensor([-0.030, -0.088, -0.188]).view(1, 3, 1, 1)
    scale = torch.tensor([0.458, 0.448, 0.450]).view(1, 3, 1, 1)
    units = []
    for image in (sr, hr):
        x = (image[None, :, 8:-8, 8:-8] * 255).round().clamp(0, 255) / 255
        x = ((2 * x - 1) - shift) / scale
        maps = []
        for index, layer in enumerate(features):
            x = layer(x)
            if index in TAPS[net]:
                maps.append(F.normalize(x, dim=1).clone())
        units.append(maps)
    total = 0.0
    for level, (a, b) in enumerate(zip(*units, strict=True)):
        weights = heads[f'lin{level}.model.1.weight']
        total += ((a - b) ** 2 * weights).sum(1).mean().item()
    return total


def make_pair(seed: int, size: int) -> dict:
    """An HR image and a noisy one that leaves [0, 1]."""
    generator = torch.Generator().manual_seed(seed)
    hr = torch.rand(3, size, size + 5, generator=generator)
    return dict(sr=hr + 0.3 * torch.randn(hr.shape, generator=generator), hr=hr)


@pytest.mark.parametrize(('net', 'half'), [('vgg', True), ('alex', False)])
def test_is_the_mean_of_the_images_lpips(net: str, half: bool, tmp_path: Path) -> None:
    features = make_backbone(net)
    weights = save(features, tmp_path / 'weights.pth', half)
    metric = METRICS.build(dict(type='LPIPS', net=net, weights=weights))
    pairs = [make_pair(0, 48), make_pair(1, 52)]
    expected = sum(reference(features, net, p['sr'], p['hr']) for p in pairs) / 2
    metric.process(None, [*pairs, dict(pairs[0], sr=pairs[0]['hr'])])
    assert expected > 0.01
    assert metric.evaluate(3) == {'LPIPS': pytest.approx(expected, rel=1e-4)}

    metric.process(None, [dict(sr=pairs[0]['hr'], hr=pairs[0]['hr'])])
    assert metric.evaluate(1) == {'LPIPS': 0.0}
    least = metric.min_size + 16
    metric.process(None, [dict(zip(('sr', 'hr'), torch.rand(2, 3, least, least), strict=True))])
    with pytest.raises(DataError, match=f'{least} x {least}'):
        metric.process(
            None, [dict(sr=torch.rand(3, least - 1, 60), hr=torch.rand(3, least - 1, 60))]
        )


def score(metric: Any, pairs: list[dict]) -> torch.Tensor:
    """Score pairs, each by itself, in float64."""
    samples = [dict(pair) for pair in pairs]
    metric.process(None, samples)
    return torch.tensor([sample['LPIPS'] for sample in samples], dtype=torch.float64)


def test_batches_and_number_types(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = save(make_backbone('alex'), tmp_path / 'weights.pth')
    cfg = dict(type='LPIPS', net='alex', weights=weights)
    pairs = [make_pair(seed, size) for seed, size in enumerate((48, 52, 48, 48, 52, 48))]
    pairs[2]['sr'] = pairs[2]['hr']
    one_by_one = score(METRICS.build(cfg), pairs)
    metric = METRICS.build(dict(cfg, batch_size=2))
    sizes = []
    whole = metric.score_batch
    monkeypatch.setattr(metric, 'score_batch', lambda *x: sizes.append(x[0].shape[0]) or whole(*x))
    torch.testing.assert_close(score(metric, pairs), one_by_one, rtol=0, atol=1e-6)
    assert sizes == [2, 1, 2]  # three of the four of 48, less the equal one; two of 52
    assert one_by_one[2] == 0

    in_bf16 = score(METRICS.build(dict(cfg, bf16=True)), pairs)
    assert not torch.equal(in_bf16, one_by_one)
    torch.testing.assert_close(in_bf16, one_by_one, rtol=0.02, atol=0)
    with pytest.raises(ConfigError, match='batch_size is 0'):
        METRICS.build(dict(cfg, batch_size=0))


def test_use_leaves_the_random_stream_alone(tmp_path: Path) -> None:
    weights = save(make_backbone('alex'), tmp_path / 'weights.pth')
    metric = METRICS.build(dict(type='LPIPS', net='alex', weights=weights))
    pair = make_pair(0, 48)
    before = torch.get_rng_state()
    metric.process(None, [pair])
    assert torch.equal(torch.get_rng_state(), before)


def test_where_weights_come_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    features = make_backbone('alex')
    remote = Path(save(features, tmp_path / 'remote' / 'weights.pth'))
    name = f'alexnet-{hashlib.sha256(remote.read_bytes()).hexdigest()[:8]}.pth'
    remote = remote.rename(remote.with_name(name))
    backbone = lpips_weights.BACKBONES['alex']._replace(file=name)
    monkeypatch.setitem(lpips_weights.BACKBONES, 'alex', backbone)

    monkeypatch.setattr(lpips_weights, 'URL', remote.parent.as_uri() + '/')
    state, path = lpips_weights.load_backbone('alex')  # downloaded
    assert path == tmp_path / 'torch' / 'hub' / 'checkpoints' / name
    assert torch.equal(state['10.weight'], features[10].weight)
    remote.unlink()
    assert lpips_weights.load_backbone('alex')[1] == path  # cached
    named = save(features, tmp_path / 'named.pth')
    monkeypatch.setenv('SR4IR_LPIPS_WEIGHTS', named)
    assert lpips_weights.load_backbone('alex')[1] == Path(named)
    given = save(features, tmp_path / 'given.pth')
    assert lpips_weights.load_backbone('alex', given)[1] == Path(given)


def test_unusable_weights_are_named_when_the_metric_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build(**kwargs: str) -> None:
        METRICS.build(dict(type='LPIPS', **kwargs))

    with pytest.raises(CheckpointError, match=r'vgg16-397923af\.pth.*SR4IR_LPIPS_WEIGHTS'):
        build()
    with pytest.raises(CheckpointError, match=r'weights names .*nowhere\.pth'):
        build(weights=str(tmp_path / 'nowhere.pth'))
    alex = save(make_backbone('alex'), tmp_path / 'alex.pth')
    with pytest.raises(CheckpointError, match=r"alex\.pth are not those of net='vgg'"):
        build(weights=alex)
    broken = tmp_path / 'broken.pth'
    broken.write_bytes(Path(alex).read_bytes()[:1000])
    with pytest.raises(CheckpointError, match=r'broken\.pth cannot be read'):
        build(net='alex', weights=str(broken))
    monkeypatch.setenv('SR4IR_LPIPS_WEIGHTS', str(tmp_path / 'elsewhere.pth'))
    with pytest.raises(CheckpointError, match=r'SR4IR_LPIPS_WEIGHTS names .*elsewhere\.pth'):
        build()
    with pytest.raises(ConfigError, match='squeeze'):
        build(net='squeeze')
