"""The small benchmark, row I_LR -> T, bilinear x8: five classes of VOC2012.

GPUs: 1 x 16 images.
Command: python tools/train.py configs/small/l2t/det_x8.py
"""

_base_ = ['../_base_/pairs/det_bilinear_x8.py', '../../_base_/settings/l2t.py',
          '../_base_/schedules/det_10e.py']  # fmt: skip
