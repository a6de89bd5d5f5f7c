"""Table 3, row S + T, EDSR-baseline x8: CUB-200-2011 classification.

Paper: Top-1 58.6, LPIPS 0.380. GPUs: 1 x 128 images.
Command: python tools/train.py configs/joint/cls_cub_edsr_x8.py
"""

_base_ = ['../_base_/pairs/cls_cub_edsr_x8.py', '../_base_/settings/joint.py',
          '../_base_/schedules/cls_200e.py']  # fmt: skip
