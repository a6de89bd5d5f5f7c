# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What a run would ignore, or could not mean, is named before anything is built."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from mmcv.transforms import BaseTransform
from mmengine.config import Config, ConfigDict
from mmengine.registry import TRANSFORMS

from sr4ir_mm.apis.check_config import check_config
from sr4ir_mm.errors import ConfigError
from tests.utils.tiny import tiny_config

UNKNOWN = [
    ('optim_wrapper.tsk.optimizer.lr', 1, "optim_wrapper.tsk is for no net; did you mean 'task'?"),
    ('optim_wrapper.task.optimizer.momentun', 1, "SGD has no such key; did you mean 'momentum'?"),
    ('optim_wrapper.sr.accumulative_count', 2, "did you mean 'accumulative_counts'?"),
    ('optim_wrapper.sr.clip_grad', dict(max_nrm=1), "clip_grad.max_nrm = 1: .* 'max_norm'?"),
    ('optim_wrapper.sr.paramwise_cfg', dict(norm_decay=0), "did you mean 'norm_decay_mult'?"),
    ('param_scheduler.srr', [], "param_scheduler.srr is for no net; did you mean 'sr'?"),
    ('param_scheduler.sr.0.star_factor', 1, "LinearLR has no such key; did you mean 'start_fac"),
    ('model.losses.tpd', dict(type='TDPLoss'), "model.losses.tpd: .* did you mean 'tdp'?"),
    ('model.losses.tdp.layer', 1, "TDPLoss has no such key; did you mean 'layers'?"),
    ('model.scal', 4, "model.scal = 4: SR4IR has no such key; did you mean 'scale'?"),
    ('model.cqmix', dict(type='CQMix', probb=1), "model.cqmix.probb = 1: .* mean 'prob'?"),
    ('custom_hooks.0.beginn', 3, "TDPWarmupHook has no such key; did you mean 'begin'?"),
    ('train_cfg.max_epoch', 3, "AlternatingEpochLoop has no such key; did you mean 'max_epochs'?"),
    ('val_cfg.fp61', True, "ValLoop has no such key; did you mean 'fp16'?"),
    ('train_dataloader.batchsize', 2, "no such key; did you mean 'batch_size'?"),
    ('train_dataloader.sampler.shufle', 1, "DefaultSampler has no such key; .* 'shuffle'?"),
    ('train_dataloader.dataset.ann_fil', '', "CocoDataset has no such key; .* 'ann_file'?"),
    ('train_dataloader.dataset.pipeline.2.probb', 1, "pipeline.2.probb = 1: RandomFlip .* 'prob'"),
    ('val_evaluator.0.class_wise', 1, "CocoMetric has no such key; did you mean 'classwise'?"),
    ('default_hooks.checkpoint.intervall', 1, "no such key; did you mean 'interval'?"),
    ('default_hooks.loger', dict(interval=1), "default_hooks.loger = .* did you mean 'logger'?"),
    ('env_cfg.cudnn_benchmrk', True, "did you mean 'cudnn_benchmark'?"),
    ('env_cfg.mp_cfg.start_method', 'fork', "did you mean 'mp_start_method'?"),
    ('randomness', dict(sed=1), "randomness.sed = 1: .* did you mean 'seed'?"),
    ('train_cfg.by_epoch', True, 'train_cfg.by_epoch = True: AlternatingEpochLoop has no such key'),
    ('val_cfg.by_epoch', True, 'val_cfg.by_epoch = True: ValLoop has no such key'),
    ('log_processor.window', 3, "LogProcessor has no such key; did you mean 'window_size'?"),
    ('visualizer.vis_backend', [], "did you mean 'vis_backends'?"),
    ('auto_scale_lr.base_batch_sizes', 4, "did you mean 'base_batch_size'?"),
]
IN_DICTS_WITHOUT_A_TYPE = [
    ('train_dataloader.dataset.metainfo', dict(clases=('a',)), "did you mean 'classes'?"),
    ('train_dataloader.dataset.data_prefix', dict(imgs='a/'), "did you mean 'img'?"),
    ('train_dataloader.dataset.filter_cfg', dict(filter_empty_g=1), "mean 'filter_empty_gt'?"),
    (
        'optim_wrapper.sr.paramwise_cfg',
        dict(custom_keys=dict(body=dict(lr_mul=0.1))),
        "custom_keys.body.lr_mul = 0.1: .* did you mean 'lr_mult'?",
    ),
    ('default_hooks.chekpoint', dict(type='SafeCheckpointHook'), "did you mean 'checkpoint'?"),
]
UNKNOWN_TYPES = [
    ('model.type', 'SR4IRR', "no such model; did you mean 'SR4IR'?"),
    ('model.degradation', dict(type='BicubicDegradatio'), "did you mean 'BicubicDegradation'?"),
    ('train_cfg.type', 'AlternatingEpochLop', "no such loop; did you mean 'AlternatingEpochLoop'?"),
    ('train_dataloader.dataset.type', 'CocoDatset', "did you mean 'CocoDataset'?"),
    ('train_dataloader.sampler.type', 'DefaultSamplr', "did you mean 'DefaultSampler'?"),
    ('optim_wrapper.sr.optimizer.type', 'Admm', "no such optimizer; did you mean 'Adam'?"),
    ('param_scheduler.sr.0.type', 'LinearLRR', "did you mean 'LinearLR'?"),
    ('val_evaluator.0.type', 'PSNRR', "no such metric; did you mean 'PSNR'?"),
    ('custom_hooks.0.type', 'TDPWarmup', "no such hook; did you mean 'TDPWarmupHook'?"),
    ('custom_hooks', [dict(begin=1)], 'custom_hooks.0 = .*: it must be a dict with a type'),
    (
        'model.losses',
        dict(pixel=dict(type='L1Lss')),
        r'L1Lss.*; there are (\w+, ){,4}PixelLoss',
    ),
    ('model.losses', dict(pixel=dict(type='pixelloss')), "did you mean 'PixelLoss'?"),
    ('train_dataloader.dataset.pipeline.2', dict(tpye='Pad'), "pipeline.2.tpye: .* mean 'type'?"),
    ('train_dataloader.dataset.pipeline.2', dict(prob=1), 'it must be a dict with a type'),
    ('visualizer.type', 'Visualiser', "did you mean 'Visualizer'?"),
]
OF_A_WRONG_KIND = [
    ('model', 3, 'model = 3: it must be a dict'),
    ('train_dataloader', 5, 'train_dataloader = 5: it must be a dict'),
    ('train_dataloader.sampler', None, 'train_dataloader has no sampler'),
    ('train_dataloader.dataset', None, 'train_dataloader has no dataset'),
    ('phases', 3, 'phases = 3: it must be a list'),
    ('custom_hooks', dict(type='TDPWarmupHook'), 'it must be a list'),
    ('model.extra_nets', 3, 'model.extra_nets = 3: it must be a dict of nets by name'),
    ('runner_type', 'Runnerr', "no such runner; did you mean 'Runner'?"),
    (
        'optim_wrapper.sr',
        dict(optimizer=dict(type='SGD', lr=1), paramwise_cfg=dict(norm_decay_mult=0)),
        'optim_wrapper.sr.optimizer has no weight_decay, of which norm_decay_mult',
    ),
    ('model.losses', [1], r'model.losses = \[1\]: it must be a dict of losses by name'),
    ('optim_wrapper.sr', 3, 'optim_wrapper.sr = 3: it must be a dict'),
    ('param_scheduler', 3, 'param_scheduler = 3: it must be a dict with a type'),
]
OF_A_WRONG_KIND += [
    ('train_cfg', None, 'train_cfg: None, but train_dataloader and optim_wrapper are given'),
    ('resume', 'maybe', "resume = 'maybe': it must be True or False"),
    ('load_from', 3, 'load_from = 3: it must be a text'),
    ('default_hooks.checkpoint.save_last', 'maybe', "save_last = 'maybe': it must be True or"),
    ('train_dataloader.pin_memory', 'yes', "pin_memory = 'yes': it must be True or False"),
    ('train_dataloader.dataset.metainfo.classes', 3, r'metainfo\.classes = 3: it must be a list'),
    ('val_dataloader.dataset.metainfo.classes', ['a', 'a'], 'a list of different names'),
    ('val_evaluator', [], r'val_evaluator = \[\]: it must have a metric'),
    ('train_cfg.phases', 3, 'train_cfg.phases = 3: it must be a list'),
    ('env_cfg.cudnn_benchmark', 'maybe', "cudnn_benchmark = 'maybe': it must be True or False"),
    ('randomness', dict(deterministic='maybe'), "deterministic = 'maybe': it must be True or"),
    ('randomness', dict(seed='abc'), "randomness.seed = 'abc': it must be a whole number"),
]
OF_A_WRONG_KIND += [
    (
        'train_dataloader.dataset.pipeline.2',
        'RandomFlip',
        "pipeline.2 = 'RandomFlip': it must be",
    ),
    ('val_dataloader.dataset.pipeline.0', None, 'val_dataloader.*pipeline.0 = None: it must be a'),
    (
        'train_dataloader.dataset.pipeline.2',
        dict(type='RandomApply', transforms=[[3]]),
        'pipeline.2.transforms.0.0 = 3: it must be a dict with a type',
    ),
    ('tta_pipeline', ['Resize'], "tta_pipeline.0 = 'Resize': it must be a dict with a type"),
    ('activation_checkpointing', 3, 'activation_checkpointing = 3: it must be a list'),
    ('activation_checkpointing', ['tsk.neck'], "'tsk.neck' is of no net; did you mean 'task'?"),
    ('efficient_conv_bn_eval', 'srr', "conv_bn_eval = 'srr': 'srr' is of no net; .* 'sr'?"),
]
CHOICES = [
    ('default_scope', 'mmdett', "no library of that name here; did you mean 'mmdet'?"),
    ('default_scope', 'mmdet', "the scope here is mmdet; did you mean 'sr4ir_mm"),
    ('compile', 'yes', "compile = 'yes': use True, False or a dict"),
    ('compile', dict(mode='fastest'), "compile.mode = 'fastest': "),
    ('compile', dict(mod='default'), "compile.mod = 'default': compile has no such key; did you"),
    ('compile', dict(backend='inductr'), "compile.backend = 'inductr': did you mean 'inductor'?"),
    ('model.memory_format', 'chanels_last', "'chanels_last': did you mean 'channels_last'?"),
    ('model.memory_format', 'last', "model.memory_format = 'last': "),
    ('launcher', 'pytorhc', "launcher = 'pytorhc': did you mean 'pytorch'?"),
    ('log_level', 'INFOO', "log_level = 'INFOO': did you mean 'INFO'?"),
    ('env_cfg.dist_cfg.backend', 'ncll', "backend = 'ncll': did you mean 'nccl'?"),
    ('env_cfg.mp_cfg.mp_start_method', 'frok', "mp_start_method = 'frok': did you mean 'fork'?"),
    ('default_hooks.checkpoint.rule', 'greatr', "rule = 'greatr': did you mean 'greater'?"),
    ('custom_hooks.0.priority', 'HIHG', "custom_hooks.0.priority = 'HIHG': .* 'HIGH'?"),
]
NOT_TO_BE_MEANT = [
    ('train_cfg.max_epochs', 0, 'train_cfg.max_epochs = 0: it must be a whole number at least 1'),
    ('train_cfg.max_epochs', 'many', "train_cfg.max_epochs = 'many': it must be a whole number"),
    ('train_cfg.max_epochs', True, 'train_cfg.max_epochs = True: it must be a whole number'),
    ('train_cfg.val_begin', 50, 'train_cfg.val_begin = 50: there would be no validation'),
    ('phases', [dict(update='sr', losses=dict(pixel=dict(sr=1)), begin=9)], 'nothing would be tr'),
    ('phases.0.losses', dict(pixel=dict(sr=0)), 'phases.0.losses: all weights are 0'),
    ('default_hooks.checkpoint.filename_tmpl', 'a.pth', 'checkpoints would overwrite each other'),
    ('default_hooks.checkpoint.max_keep_ckpts', 0, 'max_keep_ckpts = 0: .* at least 1'),
    ('default_hooks.checkpoint.max_keep_ckpts', 'a', "max_keep_ckpts = 'a': .* whole number"),
    ('train_cfg.val_interval', -1, 'train_cfg.val_interval = -1'),
    ('train_cfg.val_interval', 0, 'train_cfg.val_interval = 0'),
    ('train_dataloader.batch_size', 0, 'train_dataloader.batch_size = 0'),
    ('val_dataloader.batch_size', -2, 'val_dataloader.batch_size = -2'),
    ('train_dataloader.num_workers', -1, 'num_workers = -1: it must not be negative'),
    ('default_hooks.checkpoint.interval', 0, 'default_hooks.checkpoint.interval = 0'),
    ('default_hooks.visualization.interval', 0, r'visualization.interval = 0: .* at least 1'),
    ('optim_wrapper.sr.clip_grad', [1], r'sr.clip_grad = \[1\]: it must be a dict'),
    ('param_scheduler.sr', [dict(type='WarmupCosineRestartLR', periods=[2, 0])], 'periods.1 = 0'),
    ('param_scheduler.sr', [dict(type='CosineAnnealingLR', T_max=0)], 'sr.0.T_max = 0: .* above 0'),
    ('optim_wrapper.sr.clip_grad', dict(max_norm=-1), 'clip_grad.max_norm = -1: .* above 0'),
    ('optim_wrapper.sr.clip_grad', dict(max_norm=0), 'clip_grad.max_norm = 0: .* above 0'),
    ('default_hooks.logger.interval', -5, 'default_hooks.logger.interval = -5'),
    ('optim_wrapper.sr.optimizer.lr', -0.1, r'sr.optimizer.lr = -0.1: .* at least 0'),
    ('optim_wrapper.sr.optimizer.lr', 'fast', "sr.optimizer.lr = 'fast': it must be a number"),
    ('optim_wrapper.sr.optimizer.lr', float('nan'), 'sr.optimizer.lr = nan: it must be a number'),
    ('param_scheduler.sr.0.start_factor', 0, 'start_factor = 0: .* above 0'),
    ('param_scheduler.sr.0.begin', 5, r'param_scheduler.sr.0.end = 3: .* above 5'),
    ('phases.0.losses.pixel.sr', -1, 'losses.pixel.sr = -1: it must be a number at least 0'),
    ('phases.0.losses.tdp.sr', -1, 'losses.tdp.sr = -1: it must be a number at least 0'),
    ('phases.0.losses.pixel.sr', 'much', "losses.pixel.sr = 'much': it must be a number"),
    ('phases.0.losses.pixel.sr', float('inf'), 'losses.pixel.sr = inf: it must be a number'),
    ('phases.0.losses.pixle', dict(sr=1), "phases.0.losses.pixle: .* did you mean 'pixel'?"),
    ('phases.0.losses.tdp.srr', 1, "phases.0.losses.tdp.srr: no such images; .* 'sr'?"),
    ('phases.0.losses.tdp.hr', 1, 'phases.0.losses.tdp.hr = 1: tdp compares images with these'),
    ('phases.0.interval', -1, 'interval = -1: it must be a whole number at least 1'),
    ('phases.1.end', -3, 'end = -3: it must be a whole number above 0'),
    ('custom_hooks.0.loss', 'tdpp', "custom_hooks.0.loss = 'tdpp': did you mean 'tdp'?"),
    ('model.predict_on', 'srr', "model.predict_on = 'srr': did you mean 'sr'?"),
    ('model.predict_on', 'lr', "model.predict_on = 'lr'"),
]


@pytest.fixture(scope='module')
def tiny(coco: Path, tmp_path_factory: pytest.TempPathFactory) -> Config:
    """A config that a run takes."""
    cfg = tiny_config(coco, tmp_path_factory.mktemp('run') / 'work')
    check_config(cfg)
    return cfg


def changed(cfg: Config, key: str, value: Any) -> Config:
    """Set one key, whatever was there."""
    cfg = deepcopy(cfg)
    *above, last = key.split('.')
    node: Any = cfg
    for name in above:
        if not isinstance(node, list) and name not in node:
            node[name] = ConfigDict()
        node = node[int(name)] if isinstance(node, list) else node[name]
    place: Any = int(last) if isinstance(node, list) else last
    node[place] = ConfigDict(value) if isinstance(value, dict) else value
    return cfg


@pytest.mark.parametrize(
    ('key', 'value', 'message'),
    [
        *UNKNOWN,
        *IN_DICTS_WITHOUT_A_TYPE,
        *UNKNOWN_TYPES,
        *OF_A_WRONG_KIND,
        *CHOICES,
        *NOT_TO_BE_MEANT,
    ],
)
def test_mistake(tiny: Config, key: str, value: object, message: str) -> None:
    cfg = changed(tiny, key, value)
    before = deepcopy(cfg)
    with pytest.raises(ConfigError, match=message):
        check_config(cfg)
    assert str(cfg.to_dict()) == str(before.to_dict())


@pytest.mark.parametrize(
    ('key', 'value'),
    [
        ('default_hooks.checkpoint.interval', -1),  # never
        ('phases.0.losses.tdp.hr', 0),
        ('model.losses.perceptual', dict(type='VGGLoss')),  # a phase may be added
        ('default_hooks.timer', None),
        ('default_hooks.checkpoint2', dict(type='CheckpointHook', interval=5)),
        ('default_hooks.checkpoint.max_keep_ckpts', -1),
        ('custom_hooks.0.priority', 45),
        ('log_level', 20),
        ('train_dataloader.dataset.metainfo.palette', [(1, 2, 3)]),
        ('train_dataloader.dataset.metainfo.authors', 'of the data set'),
        ('randomness', dict(seed=None)),
        ('default_hooks.checkpoint.backend_args', None),
        ('optim_wrapper.sr.optimizer.fused', False),
        ('train_dataloader.dataset.pipeline.2.prob', 0.1),
        ('activation_checkpointing', ['task.backbone', 'sr']),
        ('efficient_conv_bn_eval', 'task.backbone'),
    ],
)
def test_what_a_run_takes(tiny: Config, key: str, value: object) -> None:
    check_config(changed(tiny, key, value))


@pytest.mark.parametrize(
    ('name', 'told'), [('layers', True), ('loss_weight', True), ('momentun', False)]
)
def test_what_another_type_may_have_left_is_told_from_a_slip(
    tiny: Config, name: str, told: bool
) -> None:
    cfg = changed(tiny, 'optim_wrapper.sr.optimizer', {'type': 'SGD', 'lr': 1.0, name: 0.9})
    with pytest.raises(ConfigError, match=f'{name} = 0.9: SGD has no such key') as error:
        check_config(cfg)
    told_so = 'If a base config set it, optim_wrapper.sr.optimizer needs _delete_=True.'
    assert (told_so in str(error.value)) == told


def test_a_module_without_arguments_takes_none(tiny: Config) -> None:
    cfg = changed(tiny, 'model.losses.pixel', dict(type='PixelLoss', reduction='mean'))
    with pytest.raises(ConfigError, match='pixel.reduction = .*PixelLoss has no such key; there'):
        check_config(cfg)


@TRANSFORMS.register_module()
class OwnTransform(BaseTransform):
    """What a user's own transform does with its options is up to it."""

    def __init__(self, options: dict) -> None:
        self.options = options

    def transform(self, results: dict) -> dict:
        """Leave all as it is."""
        return results


@pytest.mark.parametrize('options', [dict(classs=1), dict(typ='a'), dict(inner=dict(bboxs=[0]))])
def test_dicts_of_a_users_own_transform_are_left_to_it(tiny: Config, options: dict) -> None:
    step = dict(type='OwnTransform', options=options)
    check_config(changed(tiny, 'train_dataloader.dataset.pipeline.2', step))
    step = dict(type='OwnTransform', option=options)
    with pytest.raises(ConfigError, match="pipeline.2.option = .* did you mean 'options'"):
        check_config(changed(tiny, 'train_dataloader.dataset.pipeline.2', step))


def test_in_test_time_augmentation_the_model_within_is_checked(tiny: Config) -> None:
    cfg = deepcopy(tiny)
    cfg.model = ConfigDict(type='BaseTTAModel', module=cfg.model)
    check_config(cfg)
    cfg.model.module.scal = 4
    with pytest.raises(ConfigError, match=r"model\.scal = 4: .* did you mean 'scale'"):
        check_config(cfg)
