# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""LR images alone, of all tasks and sizes: what S makes of them is what T predicts on."""

from typing import Any

import pytest
import torch
from mmengine.structures import BaseDataElement

from sr4ir_mm.errors import ConfigError, DataError
from tests.utils.samples import TINY_EDSR, build_model, det_batch
from tests.utils.tiny import fcn, fcos, resnet

SWINIR = dict(
    type='mmagic.SwinIRNet', upscale=4, in_chans=3, img_size=8, window_size=8, img_range=1.0,
    depths=[1], embed_dim=8, num_heads=[1], mlp_ratio=2, upsampler='pixelshuffle',
)  # fmt: skip
TASKS = dict(det=fcos(), seg=fcn(num_classes=3), cls=resnet(num_classes=4))
SIZES = [(7, 5), (16, 24), (13, 9)]


def lr_images(*sizes: tuple[int, int]) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    return [torch.randint(0, 256, (3, *size), generator=generator).byte() for size in sizes]


def predict(model: Any, lr: list[torch.Tensor], samples: list | None = None) -> list:
    return model.eval().test_step(dict(inputs=dict(lr=lr), data_samples=samples))


@pytest.mark.parametrize('sr', [TINY_EDSR, SWINIR], ids=['edsr', 'swinir'])
@pytest.mark.parametrize('task', TASKS)
def test_lr_images_alone(task: str, sr: dict) -> None:
    model = build_model(sr=sr, task=TASKS[task])
    for size, lr in zip(SIZES, lr_images(*SIZES), strict=True):
        (sample,) = predict(model, [lr])
        expected = tuple(4 * side for side in size)
        assert sample.ori_shape == sample.hr_shape == sample.sr.shape[1:] == expected
        assert torch.equal(sample.lr, lr.flip(0).float() / 255)
        with torch.no_grad():
            assert torch.equal(sample.sr, model.sr(sample.lr[None])[0])
        assert 'hr' not in sample
        if task == 'seg':
            assert sample.pred_sem_seg.shape == expected
        elif task == 'det':
            boxes = sample.pred_instances.bboxes
            assert boxes.shape[1] == 4
            assert (boxes <= boxes.new_tensor([expected[1], expected[0]] * 2)).all()
        else:
            torch.testing.assert_close(sample.pred_score.sum(), torch.tensor(1.0))


@pytest.mark.parametrize('task', TASKS)
def test_predictions_are_those_on_the_lr_images_that_hr_images_become(task: str) -> None:
    model = build_model(task=TASKS[task])
    hr = det_batch([(64, 96)])['inputs']
    (with_hr,) = model.eval().test_step(
        dict(inputs=hr, data_samples=[type(predict(model, lr_images((16, 24)))[0])(
            metainfo=dict(ori_shape=(64, 96), img_shape=(64, 96)))])
    )  # fmt: skip
    lr = (with_hr.lr * 255).round().byte().flip(0)
    (alone,) = predict(model, [lr])
    torch.testing.assert_close(alone.sr, with_hr.sr, atol=1e-6, rtol=0)
    if task == 'det':
        torch.testing.assert_close(alone.pred_instances.bboxes, with_hr.pred_instances.bboxes)
    elif task == 'seg':
        assert torch.equal(alone.pred_sem_seg.data, with_hr.pred_sem_seg.data)
    else:
        torch.testing.assert_close(alone.pred_score, with_hr.pred_score)


@pytest.mark.parametrize('sr', [TINY_EDSR, SWINIR], ids=['edsr', 'swinir'])
@pytest.mark.parametrize('task', TASKS)
def test_batch_of_several_sizes_and_of_the_smallest(task: str, sr: dict) -> None:
    model = build_model(sr=sr, task=TASKS[task]).eval()
    sizes = [*SIZES, (1, 1), (4, 3), (1, 19)]
    samples = predict(model, lr_images(*sizes))
    assert [sample.sr.shape[1:] for sample in samples] == [(4 * h, 4 * w) for h, w in sizes]
    if task == 'seg':
        assert [s.pred_sem_seg.shape for s in samples] == [(4 * h, 4 * w) for h, w in sizes]
    (alone,) = predict(model, lr_images((1, 1)))
    assert alone.sr.shape == (3, 4, 4)


def test_what_is_smaller_than_half_a_window_has_its_border_repeated() -> None:
    model = build_model(sr=SWINIR, task=None).eval()
    (small,) = predict(model, lr_images((3, 13)))
    filled = torch.nn.functional.pad(small.lr[None], (0, 0, 0, 5), 'replicate')
    with torch.no_grad():
        assert torch.equal(small.sr, model.sr(filled)[0, :, :12])


def test_the_mode_tensor() -> None:
    model = build_model().eval()
    data = model.data_preprocessor(dict(inputs=dict(lr=lr_images((7, 5)))))
    assert model(**data, mode='tensor').shape == (1, 3, 28, 20)


def test_padding_is_kept_for_comparison_alone() -> None:
    model = build_model(compare_padded=True)
    samples = predict(model, lr_images(*SIZES))
    assert [sample.sr.shape[1:] for sample in samples] == [(4 * h, 4 * w) for h, w in SIZES]


def test_without_a_task_model() -> None:
    model = build_model(task=None)
    (sample,) = predict(model, lr_images((7, 5)), [BaseDataElement(metainfo=dict(img_path='a'))])
    assert sample.sr.shape == (3, 28, 20)
    assert sample.img_path == 'a'


def test_the_oracle_needs_hr_images() -> None:
    with pytest.raises(ConfigError, match="no 'hr' images: the batch has LR images alone"):
        predict(build_model(predict_on='hr'), lr_images((7, 5)))
    with pytest.raises(DataError, match=r"\['pixels'\]: it needs 'hr', 'lr' or both"):
        build_model().test_step(dict(inputs=dict(pixels=lr_images((7, 5)))))
