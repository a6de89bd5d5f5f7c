"""Table 3, row S -> T, EDSR-baseline x4: Stanford Cars classification.

Paper: top-1 / LPIPS = 82.7 / .176. Here: not run.
Cost: 200 epochs of 64 iterations; the paper used 1 GPU for it. Not measured here.
Command: python tools/train.py configs/s2t/cls_cars_edsr_x4.py
Needs: configs/s/cls_cars_edsr_x4.py run before.
"""

_base_ = [
    '../_base_/pairs/cls_cars_edsr_x4.py',
    '../_base_/settings/s2t.py',
    '../_base_/schedules/cls_200e.py',
]

model = dict(init=dict(sr='work_dirs/s/cls_cars_edsr_x4'))
