"""The small benchmark, row I_LR -> T, bilinear x4: 40 models of cars.

GPUs: 1 x 32 images.
Command: python tools/train.py configs/small/l2t/cls_x4.py
"""

_base_ = ['../_base_/pairs/cls_bilinear_x4.py', '../../_base_/settings/l2t.py',
          '../_base_/schedules/cls_20e.py']  # fmt: skip
