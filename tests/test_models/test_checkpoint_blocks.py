# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Fewer values are kept for the backward pass; gradients are equal to the bit."""

import pytest
import torch
from torch import Tensor, nn

from sr4ir_mm.models.checkpoint_blocks import checkpoint_blocks
from tests.utils.samples import TINY_EDSR, build_model, cls_batch, run_phase, setting
from tests.utils.tiny import resnet

SWINIR = dict(
    type='mmagic.SwinIRNet', upscale=4, in_chans=3, img_size=8, window_size=4, img_range=1.0,
    depths=[2] * 4, embed_dim=8, num_heads=[2] * 4, mlp_ratio=2, upsampler='pixelshuffle',
    resi_connection='1conv', drop_path_rate=0.5,
)  # fmt: skip
NETS = dict(edsr=dict(TINY_EDSR, num_blocks=5), swinir=SWINIR)


def kept_bytes(model: nn.Module, data: dict) -> tuple[int, dict[str, Tensor]]:
    """Train S for one phase, and tell what was kept for the backward pass, and the gradients."""
    sizes: dict[int, int] = {}

    def keep(value: Tensor) -> Tensor:
        sizes[value.data_ptr()] = value.numel() * value.element_size()
        return value

    torch.manual_seed(0)
    with torch.autograd.graph.saved_tensors_hooks(keep, lambda value: value):
        run_phase(model, model.data_preprocessor(data, True), setting('s')[0])
    return sum(sizes.values()), {name: p.grad for name, p in model.sr.named_parameters()}


@pytest.mark.parametrize('name', NETS)
def test_gradients_are_the_same(name: str) -> None:
    options = dict(task=resnet(num_classes=2), sr=NETS[name])
    plain = build_model(**options)
    saving = build_model(**options, checkpoint_sr=True)
    assert plain.state_dict().keys() == saving.state_dict().keys()
    (whole, expected), (less, grads) = (kept_bytes(model, cls_batch()) for model in (plain, saving))
    assert less < whole
    moved = 0
    for key, value in expected.items():
        assert (value is None) == (grads[key] is None)
        if value is not None:
            assert torch.equal(value, grads[key]), key
            moved += bool(value.any())
    assert moved


def test_a_net_without_blocks_is_computed_again_as_a_whole() -> None:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Tanh(), nn.Conv2d(4, 3, 3))
    images = torch.rand(1, 3, 8, 8)
    net(images).square().sum().backward()
    expected = [param.grad.clone() for param in net.parameters()]
    net.zero_grad()
    calls = []
    net[0].register_forward_hook(lambda *_: calls.append(1))
    checkpoint_blocks(net)
    net(images).square().sum().backward()
    assert len(calls) == 2
    for param, grad in zip(net.parameters(), expected, strict=True):
        assert torch.equal(param.grad, grad)
