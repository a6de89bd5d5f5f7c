"""Table 3, row I_LR -> T, bilinear x8: Stanford Cars classification.

Paper: top-1 / LPIPS = 61.0 / .478. Here: not run.
Cost: 200 epochs of 64 iterations; the paper used 1 GPU for it. Not measured here.
Command: python tools/train.py configs/l2t/cls_cars_x8.py
"""

_base_ = [
    '../_base_/pairs/cls_cars_bilinear_x8.py',
    '../_base_/settings/l2t.py',
    '../_base_/schedules/cls_200e.py',
]
