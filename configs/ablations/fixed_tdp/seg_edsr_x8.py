"""Table 6, row (B), EDSR-baseline x8: VOC2012 segmentation.

Paper: mIoU = 53.6. Here: not run.
Cost: 100 epochs of 92 iterations. Not measured here.
Command: python tools/train.py configs/ablations/fixed_tdp/seg_edsr_x8.py
Needs: configs/h2t/seg.py run before.
"""

_base_ = [
    '../../_base_/default_runtime.py',
    '../../_base_/datasets/voc_seg.py',
    '../../_base_/models/deeplabv3_mobilenet_v3.py',
    '../../_base_/sr_nets/edsr_x8.py',
    '../../_base_/settings/fixed_tdp.py',
    '../../_base_/schedules/seg_100e_restart.py',
]

model = dict(
    sr=_base_.sr,
    scale=_base_.scale,
    extra_nets=dict(fixed_task=_base_.model.task),
    losses=dict(tdp=dict(net='fixed_task')),
    init=dict(sr=_base_.sr_weights, fixed_task='work_dirs/h2t/seg'),
)
