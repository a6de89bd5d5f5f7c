"""The small benchmark, row I_LR -> T, bilinear x4: CamVid.

GPUs: 1 x 16 images.
Command: python tools/train.py configs/small/l2t/seg_x4.py
"""

_base_ = ['../_base_/pairs/seg_bilinear_x4.py', '../../_base_/settings/l2t.py',
          '../_base_/schedules/seg_60e.py']  # fmt: skip
