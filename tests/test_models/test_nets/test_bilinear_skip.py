# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""SR nets beside bilinear up-sampling."""

from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

from sr4ir_mm.errors import CheckpointError, ConfigError
from sr4ir_mm.models import SR4IR
from sr4ir_mm.models.tiles import Tiles
from sr4ir_mm.models.windows import restore_any_size
from tests.utils.any_model import cases
from tests.utils.samples import TINY_EDSR, build_model, det_batch, parameters, run_phase, setting
from tests.utils.sr_nets import NETS

OWN_SKIP = 'MSRResNet'


def with_skip(**changes: object) -> SR4IR:
    return build_model(sr=dict(type='BilinearSkip', net=TINY_EDSR), **changes)


def bilinear(lr: torch.Tensor) -> torch.Tensor:
    return F.interpolate(lr, scale_factor=4, mode='bilinear')


@pytest.mark.parametrize('name', cases([name for name in NETS if name != OWN_SKIP]))
def test_begins_at_bilinear_images_and_learns(name: str) -> None:
    path, changes = NETS[name]
    net = dict(cfg_path=f'mmagic::{path}.py', **changes)
    model = build_model(sr=dict(type='BilinearSkip', net=net))
    lr = torch.rand(2, 3, 12, 17)
    with torch.no_grad():
        torch.testing.assert_close(model.sr(lr), bilinear(lr), atol=1e-6, rtol=0)

    phase = setting('sr4ir')[0]
    data = model.data_preprocessor(det_batch(), True)
    optimizer = torch.optim.SGD(model.sr.parameters(), 1e-2)
    for _ in range(2):  # a layer of zeros lets gradients through once it has moved
        run_phase(model, data, phase)
        optimizer.step()
    grads = {n for n, param in model.sr.named_parameters() if param.grad is not None}
    assert grads == parameters(model.sr)
    assert all(param.grad.abs().sum() > 0 for param in model.sr.parameters())


def test_beginning_leaves_running_statistics_alone() -> None:
    class Normed(torch.nn.Sequential):
        """Ends with a convolution after a norm."""

        def __init__(self) -> None:
            conv = torch.nn.Conv2d(3, 3, 1)
            super().__init__(torch.nn.BatchNorm2d(3), torch.nn.Upsample(scale_factor=4), conv)

    model = build_model(sr=dict(type='BilinearSkip', net=dict(type=Normed)))
    assert model.sr.net[0].num_batches_tracked == 0
    assert model.sr.net.training
    lr = torch.rand(1, 3, 4, 4)
    torch.testing.assert_close(model.sr(lr), bilinear(lr))


@pytest.mark.parametrize('net', [OWN_SKIP, 'BilinearUpsampler'])
def test_a_net_with_a_skip_of_its_own_is_refused(net: str) -> None:
    path, changes = NETS.get(net, ('', {}))
    cfg = dict(cfg_path=f'mmagic::{path}.py', **changes) if path else dict(type=net, scale=4)
    with pytest.raises(ConfigError, match=rf'model\.sr\.net: {net} .* skip of its own'):
        build_model(sr=dict(type='BilinearSkip', net=cfg))


class Grey(torch.nn.Sequential):
    """Gives images of one channel."""

    def __init__(self) -> None:
        super().__init__(torch.nn.Upsample(scale_factor=4), torch.nn.Conv2d(3, 1, 1))


@pytest.mark.parametrize(
    ('net', 'words'),
    [
        (dict(type=Grey), r'Grey turns an image of \(1, 3, 32, 32\) into \(1, 1, 128, 128\)'),
        (None, 'None: it must be the SR net beside the skip'),
        ({}, '{}: it must be the SR net beside the skip'),
    ],
)
def test_what_is_no_net_for_colour_images_is_told(net: dict | None, words: str) -> None:
    with pytest.raises(ConfigError, match=rf'model\.sr\.net\b.*{words}'):
        build_model(sr=dict(type='BilinearSkip', net=net))


def test_the_net_is_part_of_the_path_in_messages() -> None:
    with pytest.raises(ConfigError, match=r"model\.sr\.net\.num_block\b.*'?num_blocks"):
        build_model(sr=dict(type='BilinearSkip', net=dict(TINY_EDSR, num_block=2)))
    with pytest.raises(ConfigError, match=r'model\.scale = 8'):
        with_skip(scale=8)(dict(lr=torch.rand(1, 3, 8, 8), sizes=[(64, 64)]))


def test_weights_of_the_net_alone_and_of_the_whole(tmp_path: Path) -> None:
    trained = with_skip()
    with torch.no_grad():
        for param in trained.sr.parameters():
            param.normal_()
    torch.save(trained.sr.net.state_dict(), tmp_path / 'rest.pth')
    torch.save(trained.state_dict(), tmp_path / 'whole.pth')
    lr = torch.rand(1, 3, 8, 8)
    for init in ({'sr.net': 'rest.pth'}, {'sr': 'whole.pth'}):
        model = with_skip(init={key: str(tmp_path / name) for key, name in init.items()})
        assert torch.equal(model.sr(lr), trained.sr(lr))
    with pytest.raises(CheckpointError, match=r'BilinearSkip.*missing \(mean, net\.conv_first'):
        with_skip(init=dict(sr=str(tmp_path / 'rest.pth')))


def test_tiles_small_images_and_windows() -> None:
    path, changes = NETS['SwinIRNet']
    net = dict(cfg_path=f'mmagic::{path}.py', **changes)
    model = build_model(sr=dict(type='BilinearSkip', net=net)).eval()
    assert model.sr.window_size == 8
    with torch.no_grad():
        model.sr.net.conv_last.weight.normal_(std=0.1)
        lr = torch.rand(1, 3, 40, 56)
        tiled = Tiles((16, 16), 16).restore(model.sr, lr, 4)
        torch.testing.assert_close(tiled, model.sr(lr), atol=1e-4, rtol=0)
        assert restore_any_size(model.sr, lr[..., :3, :3], 4).shape == (1, 3, 12, 12)
