"""Table 3, row S + T, EDSR-baseline x4: CUB-200-2011 classification.

Paper: Top-1 70.8, LPIPS 0.226. GPUs: 1 x 128 images.
Command: python tools/train.py configs/joint/cls_cub_edsr_x4.py
"""

_base_ = ['../_base_/pairs/cls_cub_edsr_x4.py', '../_base_/settings/joint.py',
          '../_base_/schedules/cls_200e.py']  # fmt: skip
