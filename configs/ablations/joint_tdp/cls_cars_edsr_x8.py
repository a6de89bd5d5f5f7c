"""Table 6, row (C), EDSR-baseline x8: Stanford Cars classification.

Paper: Top-1 3.7. GPUs: 1 x 128 images.
Command: python tools/train.py configs/ablations/joint_tdp/cls_cars_edsr_x8.py
Choice: T sees SR images; features in eval mode. Expected to collapse, so it is not an error.
"""

_base_ = ['../../_base_/pairs/cls_cars_edsr_x8.py', '../../_base_/settings/joint_tdp.py',
          '../../_base_/schedules/cls_200e.py']  # fmt: skip

train_cfg = dict(on_non_finite='end')
