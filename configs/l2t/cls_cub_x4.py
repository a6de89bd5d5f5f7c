"""Table 3, row I_LR -> T, bilinear x4: CUB-200-2011 classification.

Paper: Top-1 70.8, LPIPS 0.298. GPUs: 1 x 128 images.
Command: python tools/train.py configs/l2t/cls_cub_x4.py
"""

_base_ = ['../_base_/pairs/cls_cub_bilinear_x4.py', '../_base_/settings/l2t.py',
          '../_base_/schedules/cls_200e.py']  # fmt: skip
