"""Table 3, row SR4IR, EDSR-baseline x8: Stanford Cars classification.

Paper: Top-1 71.4, LPIPS 0.326. GPUs: 1 x 128 images.
Command: python tools/train.py configs/sr4ir/cls_cars_edsr_x8.py
"""

_base_ = ['../_base_/pairs/cls_cars_edsr_x8.py', '../_base_/settings/sr4ir.py',
          '../_base_/schedules/cls_200e_restart.py']  # fmt: skip
