"""Table 3, row S + T, EDSR-baseline x8: Stanford Cars classification.

Paper: Top-1 65.2, LPIPS 0.378. GPUs: 1 x 128 images.
Command: python tools/train.py configs/joint/cls_cars_edsr_x8.py
"""

_base_ = ['../_base_/pairs/cls_cars_edsr_x8.py', '../_base_/settings/joint.py',
          '../_base_/schedules/cls_200e.py']  # fmt: skip
