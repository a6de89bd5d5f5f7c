"""Table 3, row I_LR -> T, bilinear x4: Stanford Cars classification.

Paper: Top-1 78.7, LPIPS 0.304. GPUs: 1 x 128 images.
Command: python tools/train.py configs/l2t/cls_cars_x4.py
"""

_base_ = ['../_base_/pairs/cls_cars_bilinear_x4.py', '../_base_/settings/l2t.py',
          '../_base_/schedules/cls_200e.py']  # fmt: skip
