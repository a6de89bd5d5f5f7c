"""The small benchmark, row I_HR -> T: CamVid.

GPUs: 1 x 16 images.
Command: python tools/train.py configs/small/h2t/seg.py
"""

_base_ = ['../_base_/pairs/seg.py', '../../_base_/settings/h2t.py',
          '../_base_/schedules/seg_60e.py']  # fmt: skip

model = dict(predict_on='hr')
