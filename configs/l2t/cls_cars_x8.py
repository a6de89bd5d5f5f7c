"""Table 3, row I_LR -> T, bilinear x8: Stanford Cars classification.

Paper: Top-1 61.0, LPIPS 0.478. GPUs: 1 x 128 images.
Command: python tools/train.py configs/l2t/cls_cars_x8.py
"""

_base_ = ['../_base_/pairs/cls_cars_bilinear_x8.py', '../_base_/settings/l2t.py',
          '../_base_/schedules/cls_200e.py']  # fmt: skip
