"""The small benchmark, row I_HR -> T: 40 models of cars.

GPUs: 1 x 32 images.
Command: python tools/train.py configs/small/h2t/cls.py
"""

_base_ = ['../_base_/pairs/cls.py', '../../_base_/settings/h2t.py',
          '../_base_/schedules/cls_20e.py']  # fmt: skip

model = dict(predict_on='hr')
