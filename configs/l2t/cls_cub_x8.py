"""Table 3, row I_LR -> T, bilinear x8: CUB-200-2011 classification.

Paper: Top-1 58.2, LPIPS 0.465. GPUs: 1 x 128 images.
Command: python tools/train.py configs/l2t/cls_cub_x8.py
"""

_base_ = ['../_base_/pairs/cls_cub_bilinear_x8.py', '../_base_/settings/l2t.py',
          '../_base_/schedules/cls_200e.py']  # fmt: skip
