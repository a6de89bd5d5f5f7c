"""Table 3, row I_HR -> T: Stanford Cars classification.

Paper: Top-1 86.4, LPIPS 0.000. GPUs: 1 x 128 images.
Command: python tools/train.py configs/h2t/cls_cars.py
"""

_base_ = ['../_base_/pairs/cls_cars.py', '../_base_/settings/h2t.py',
          '../_base_/schedules/cls_200e.py']  # fmt: skip

model = dict(predict_on='hr')
