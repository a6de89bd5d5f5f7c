"""The small benchmark, row I_HR -> T: five classes of VOC2012.

GPUs: 1 x 16 images.
Command: python tools/train.py configs/small/h2t/det.py
"""

_base_ = ['../_base_/pairs/det.py', '../../_base_/settings/h2t.py',
          '../_base_/schedules/det_10e.py']  # fmt: skip

model = dict(predict_on='hr')
