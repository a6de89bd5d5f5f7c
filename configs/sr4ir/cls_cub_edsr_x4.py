"""Table 3, row SR4IR, EDSR-baseline x4: CUB-200-2011 classification.

Paper: Top-1 72.8, LPIPS 0.179. GPUs: 1 x 128 images.
Command: python tools/train.py configs/sr4ir/cls_cub_edsr_x4.py
"""

_base_ = ['../_base_/pairs/cls_cub_edsr_x4.py', '../_base_/settings/sr4ir.py',
          '../_base_/schedules/cls_200e_restart.py']  # fmt: skip
