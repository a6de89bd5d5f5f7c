"""Table 6, row (C), EDSR-baseline x8: VOC2012 segmentation.

Paper: mIoU 3.5. GPUs: 1 x 16 images.
Command: python tools/train.py configs/ablations/joint_tdp/seg_edsr_x8.py
Choice: T sees SR images; features in eval mode. Expected to collapse, so it is not an error.
"""

_base_ = ['../../_base_/pairs/seg_edsr_x8.py', '../../_base_/settings/joint_tdp.py',
          '../../_base_/schedules/seg_100e.py']  # fmt: skip

train_cfg = dict(on_non_finite='end')
