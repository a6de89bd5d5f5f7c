"""Table 4, row SR4IR without TDP loss, EDSR-baseline x8: Stanford Cars classification.

Paper: Top-1 69.9, LPIPS 0.327. GPUs: 1 x 128 images.
Command: python tools/train.py configs/ablations/without_tdp/cls_cars_edsr_x8.py
"""

_base_ = ['../../_base_/pairs/cls_cars_edsr_x8.py', '../../_base_/settings/without_tdp.py',
          '../../_base_/schedules/cls_200e_restart.py']  # fmt: skip
