"""Table 6, row (B), EDSR-baseline x8: VOC2012 segmentation.

Paper: mIoU 53.6. GPUs: 1 x 16 images.
Command: python tools/train.py configs/ablations/fixed_tdp/seg_edsr_x8.py
Needs: configs/h2t/seg.py, trained before.
"""

_base_ = ['../../_base_/pairs/seg_edsr_x8.py', '../../_base_/settings/fixed_tdp.py',
          '../../_base_/schedules/seg_100e_restart.py']  # fmt: skip

model = dict(
    extra_nets=dict(fixed_task=_base_.model.task),
    losses=dict(tdp=dict(net='fixed_task')),
    init=dict(fixed_task='work_dirs/h2t/seg'),
)
