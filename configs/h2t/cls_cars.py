"""Table 3, row I_HR -> T: Stanford Cars classification.

Paper: top-1 / LPIPS = 86.4 / 0. Here: not run.
Cost: 200 epochs of 64 iterations; the paper used 1 GPU for it. Not measured here.
Command: python tools/train.py configs/h2t/cls_cars.py
"""

_base_ = [
    '../_base_/pairs/cls_cars.py',
    '../_base_/settings/h2t.py',
    '../_base_/schedules/cls_200e.py',
]

model = dict(predict_on='hr')
