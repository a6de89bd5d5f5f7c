# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The config of a case: the ten lines of docs/own_data.md, and what makes the run short."""

from pathlib import Path

from .cases import Case
from .data import STUFF, THINGS

DETECTION = """
_base_ = 'sr4ir_mm::sr4ir/det_edsr_x4.py'
mine = dict(data_root=None, ann_file='{root}/instances.json', metainfo=dict({info}),
            data_prefix=dict(img='{root}/images/'{prefix}))
_read, _labels, *_flips, _ending = _base_.train_dataloader.dataset.pipeline
_steps = [_read, dict(_labels{notes}), *_flips, _ending]
train_dataloader = dict(dataset=dict(mine, pipeline=_steps))
val_dataloader = test_dataloader = dict(dataset=mine)
task = dict(_delete_=True, cfg_path={config!r}{classes})
model = dict(task=task, init=None)
"""
SEGMENTATION = """
_base_ = 'sr4ir_mm::sr4ir/seg_edsr_x4.py'
info = dict(classes={all}, palette=[[0, 0, 0], [255, 0, 0], [0, 0, 255]])
_read, _labels, _resize, _crop, *_rest = _base_.train_dataloader.dataset.pipeline
mine = dict(_delete_=True, _scope_='mmseg', type='BaseSegDataset', data_root='{root}',
            img_suffix='.png', data_prefix=dict(img_path='images', seg_map_path='maps'),
            metainfo=info, pipeline=[_read, _labels, *_rest])
train_dataloader = dict(dataset=mine)
val_dataloader = test_dataloader = dict(dataset=dict(mine, pipeline=[_read, _labels, _rest[-1]]))
_pad = dict(size=None, size_divisor=64, test_cfg=dict(size_divisor=64))
task = dict(_delete_=True, cfg_path={config!r}, num_classes=3, data_preprocessor=_pad)
model = dict(task=task, init=None)
"""
CLASSIFICATION = """
_base_ = 'sr4ir_mm::sr4ir/cls_cars_edsr_x4.py'
_read, _resize, _crop, *_rest = _base_.train_dataloader.dataset.pipeline
mine = dict(_delete_=True, _scope_='mmpretrain', type='CustomDataset',
            data_root='{root}/classes', pipeline=[_read, {resize}*_rest])
train_dataloader = dict(dataset=mine)
val_dataloader = test_dataloader = dict(dataset=dict(mine, pipeline=[_read, {resize}_rest[-1]]))
task = dict(_delete_=True, cfg_path={config!r}, num_classes=2)
model = dict(task=task, init=None)
"""
SR_NET = CLASSIFICATION.replace('{config!r}', "'mmpretrain::resnet/resnet18_8xb32_in1k.py'") + (
    'model.update(sr=dict(_delete_=True, cfg_path={config!r}), scale={scale})\n'
)
SHORT = """
{added}
# One iteration of every phase and one prediction, in this process.
for _each in (train_dataloader, val_dataloader):
    _each.update(num_workers=0, persistent_workers=False)
train_dataloader['batch_size'] = 2
val_dataloader['batch_size'] = 1
val_dataloader['dataset'] = dict(val_dataloader['dataset'], indices=1)
val_evaluator = [dict(type='PSNR')]
train_cfg = dict(max_epochs=1, val_interval=1)
custom_hooks = []
default_hooks = dict(logger=dict(interval=1), checkpoint=None, dry_run=None)
"""
NOTES = {'boxes': '', 'masks': ', with_mask=True', 'panoptic': ', with_mask=True, with_seg=True'}


def config_text(case: Case, root: Path) -> str:
    """Write the config of a case.

    Args:
        case (Case): The case.
        root (Path): Of :func:`make_data`.
    """
    stuff = STUFF if case.data == 'panoptic' else ()
    info = f'classes={THINGS + stuff}'
    if stuff:
        info += f', thing_classes={THINGS}, stuff_classes={STUFF}'
    text = {'mmdet': DETECTION, 'mmseg': SEGMENTATION, 'mmpretrain': CLASSIFICATION}.get(
        case.library, SR_NET
    )
    return text.format(
        root=root,
        all=THINGS + STUFF,
        info=info,
        prefix=f", seg='{root}/maps/'" if stuff else '',
        notes=NOTES.get(case.data, ''),
        config=case.name,
        classes='' if stuff else ', num_classes=2',
        resize='' if case.library == 'mmagic' else "dict(type='Resize', scale=224), ",
        scale=case.data[1:],
    ) + SHORT.format(added=case.added.replace('; ', '\n'))
