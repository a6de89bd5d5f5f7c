"""Table 3, row S + T, EDSR-baseline x4: Stanford Cars classification.

Paper: Top-1 80.8, LPIPS 0.196. GPUs: 1 x 128 images.
Command: python tools/train.py configs/joint/cls_cars_edsr_x4.py
"""

_base_ = ['../_base_/pairs/cls_cars_edsr_x4.py', '../_base_/settings/joint.py',
          '../_base_/schedules/cls_200e.py']  # fmt: skip
