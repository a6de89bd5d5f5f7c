# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What a run would come to later comes up before it begins, and the run is none the worse."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.logging import MessageHub
from mmengine.runner import Runner
from torch import nn

from sr4ir_mm.engine.hooks import DryRunHook
from sr4ir_mm.engine.untouched import private_copy
from sr4ir_mm.errors import ConfigError, ModelError, SR4IRError
from sr4ir_mm.models.task_adapters.det import DetAdapter
from tests.utils.samples import build_model, det_batch, run_phase, setting
from tests.utils.tiny import tiny_config

HOOK = dict(type='DryRunHook')


def config(
    data: Path, work_dir: Path, name: str = 'sr4ir/det_edsr_x4', dry: bool = True, **options: Any
) -> Config:
    """Give a tiny config whose TDP loss begins in the second epoch, with a dry run or without."""
    cfg = tiny_config(data, work_dir, name, **options)
    cfg.experiment_name = work_dir.name
    if dry:
        cfg.default_hooks.dry_run = HOOK
    return cfg


@pytest.mark.parametrize('name', ['sr4ir/det_edsr_x4', 'sr4ir/seg_swinir_x8', 'iter'])
def test_training_is_bit_equal(name: str, coco: Path, tiny_data: Path, tmp_path: Path) -> None:
    ends = []
    for dry in (True, False):
        by_iterations = name == 'iter'
        cfg = config(
            tiny_data if 'seg' in name else coco,
            tmp_path / str(dry),
            'sr4ir/det_edsr_x4' if by_iterations else name,
            dry=dry,
            train_cfg__val_interval=1,
        )
        cfg.model.task.backbone.norm_eval = False
        if by_iterations:
            cfg.train_cfg = dict(type='AlternatingIterLoop', max_iters=4, val_interval=2)
            cfg.train_dataloader.sampler = dict(type='InfiniteSampler', shuffle=True)
            cfg.train_dataloader.pop('batch_sampler', None)
            cfg.default_hooks.checkpoint.by_epoch = False
        else:
            init = dict(type='sr4ir_mm.seed_worker')
            cfg.train_dataloader.update(num_workers=2, worker_init_fn=init)
        if 'swinir' in name:
            cfg.model.sr.update(drop_path_rate=0.5, depths=[2])
            cfg.model.task.decode_head.dropout_ratio = 0.5
        runner = Runner.from_cfg(cfg)
        runner.train()
        ends.append(runner)
    one, two = (runner.model.state_dict() for runner in ends)
    assert one.keys() == two.keys()
    assert all(torch.equal(one[key], value) for key, value in two.items())
    scalars = [
        {
            key: buffer.data[0].tolist()
            for key, buffer in runner.message_hub.log_scalars.items()
            if 'time' not in key and 'memory' not in key
        }
        for runner in ends
    ]
    assert scalars[0] == scalars[1]
    assert 'train/loss_pixel' in scalars[0]


def test_leaves_no_trace(coco: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Writes(nn.Module):
        """A loss that draws, counts, logs and tells the message hub."""

        def forward(self, batch: Any, image: str) -> torch.Tensor:
            random.random(), np.random.rand()
            self.called = True
            hub = MessageHub.get_current_instance()
            hub.update_scalar('train/seen', 1.0)
            hub.update_info('seen', hub.get_info('iter') + 1)
            runner.logger.error('seen')
            return batch.image(image).mean() * torch.rand(())

    cfg = config(coco, tmp_path)
    cfg.model.task.backbone.norm_eval = False
    runner = Runner.from_cfg(cfg)
    hook = next(hook for hook in runner.hooks if isinstance(hook, DryRunHook))
    runner.model.losses['pixel'] = Writes()
    seen: dict[str, Any] = {}

    def state() -> dict[str, Any]:
        metrics = runner.val_loop.evaluator.metrics
        return dict(
            weights={key: value.clone() for key, value in runner.model.state_dict().items()},
            grads=[param.grad for param in runner.model.parameters()],
            modes=[module.training for module in runner.model.modules()],
            python=random.getstate(),
            numpy=np.random.get_state()[1].tolist(),
            torch=torch.get_rng_state().tolist(),
            hub=(dict(runner.message_hub.log_scalars), dict(runner.message_hub.runtime_info)),
            results=[list(metric.results) for metric in metrics],
            counts=[wrapper._inner_count for wrapper in runner.optim_wrapper.values()],
            log=Path(runner.logger._log_file or '').read_text()
            if getattr(runner.logger, '_log_file', None)
            else sorted((path.name, path.stat().st_size) for path in tmp_path.rglob('*.log')),
        )

    before_train = hook.before_train

    def watched(self: DryRunHook, runner: Runner) -> None:
        before = state()
        before_train(runner)
        seen.update(before=before, after=state())
        raise KeyboardInterrupt

    monkeypatch.setattr(DryRunHook, 'before_train', watched)
    with pytest.raises(KeyboardInterrupt):
        runner.train()
    before, after = seen['before'], seen['after']
    weights = before.pop('weights'), after.pop('weights')
    assert all(torch.equal(weights[1][key], value) for key, value in weights[0].items())
    assert before == after
    assert not hasattr(runner.model.losses['pixel'], 'called')


def misspelt_image(cfg: Config) -> None:
    cfg.phases[1].losses.task.srr = cfg.phases[1].losses.task.pop('sr')


def layer_too_many(cfg: Config) -> None:
    cfg.model.losses = dict(tdp=dict(layers=(0, 9), weights=(0.5, 0.5)))


def number_of_weights(cfg: Config) -> None:
    cfg.model.losses = dict(tdp=dict(layers=('neck',), weights=(1.0,)))


def wrong_prediction(cfg: Config) -> None:
    cfg.model.predict_on = 'hd'


def no_such_figure(cfg: Config) -> None:
    cfg.default_hooks.checkpoint.update(save_best='coco/bbox_mAPP', rule='greater')


def no_such_suppression(cfg: Config) -> None:
    cfg.model.task.test_cfg = dict(nms=dict(type='nmss', iou_threshold=0.5))


def border_too_wide(cfg: Config) -> None:
    cfg.val_evaluator = dict(type='PSNR', crop_border=40)


def channels(cfg: Config) -> None:
    cfg.model.task.neck.in_channels = [8, 16, 32, 32]


@pytest.mark.parametrize(
    ('change', 'message'),
    [
        (misspelt_image, "phase that updates task: There are no 'srr' images"),
        (layer_too_many, r'phase that updates sr: .*9'),
        (number_of_weights, r'phase that updates sr: .*5 maps for 1 weights'),
        (no_such_figure, r"save_best = 'coco/bbox_mAPP': .* did you mean 'coco/bbox_mAP'"),
        (no_such_suppression, "validation: model.task, predict .*'nmss'"),
        (wrong_prediction, "validation: There are no 'hd' images"),
        (border_too_wide, 'validation, PSNR: PSNR: .*crop_border=40'),
        (channels, r'model\.task, .* \(56x40 pixels\): RuntimeError: .*channels'),
    ],
)
def test_comes_up_at_once(
    change: Callable[[Config], None], message: str, coco: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    cfg = config(coco, tmp_path)
    change(cfg)
    runner = Runner.from_cfg(cfg)
    with pytest.raises(SR4IRError, match=message):
        runner.train()
    assert not list(tmp_path.glob('*.pth'))
    assert runner.iter == 0


def test_an_earlier_run_is_not_moved_for_nothing(coco: Path, tmp_path: Path) -> None:
    Runner.from_cfg(config(coco, tmp_path, dry=False, train_cfg__max_epochs=1)).train()
    cfg = config(coco, tmp_path)
    wrong_prediction(cfg)
    with pytest.raises(ConfigError):
        Runner.from_cfg(cfg).train()
    assert (tmp_path / 'epoch_1.pth').is_file()


def test_a_library_s_error_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    model = build_model()
    data = model.data_preprocessor(det_batch(), True)

    def broken(self: DetAdapter, *args: object) -> None:
        raise IndexError('Target 7 is out of bounds.')

    monkeypatch.setattr(DetAdapter, 'loss', broken)
    with pytest.raises(ModelError) as error:
        run_phase(model, data, setting('sr4ir')[1])
    assert str(error.value) == (
        'phase that updates task: model.task, loss on 2 sr images (96x64, 70x50 pixels): '
        'IndexError: Target 7 is out of bounds.'
    )
    assert isinstance(error.value.__cause__, ModelError)


def test_a_copy_has_no_part_in_the_model() -> None:
    model = build_model()
    # Its weight is computed from two parameters: no leaf, which alone could not be copied.
    nn.utils.weight_norm(next(m for m in model.sr.modules() if isinstance(m, nn.Conv2d)))
    copied = private_copy(model)
    data = copied.data_preprocessor(det_batch(), True)
    run_phase(copied, data, setting('sr4ir')[0])
    assert all(param.grad is None for param in model.parameters())
    own = {id(value) for value in (*model.parameters(), *model.buffers())}
    assert not own & {id(value) for value in (*copied.parameters(), *copied.buffers())}
