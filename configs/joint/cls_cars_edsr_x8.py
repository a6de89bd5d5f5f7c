"""Table 3, row S + T, EDSR-baseline x8: Stanford Cars classification.

Paper: top-1 / LPIPS = 65.2 / .378. Here: not run.
Cost: 200 epochs of 64 iterations; the paper used 1 GPU for it. Not measured here.
Command: python tools/train.py configs/joint/cls_cars_edsr_x8.py
"""

_base_ = [
    '../_base_/pairs/cls_cars_edsr_x8.py',
    '../_base_/settings/joint.py',
    '../_base_/schedules/cls_200e.py',
]
