"""Table 3, row SR4IR, EDSR-baseline x4: Stanford Cars classification.

Paper: top-1 / LPIPS = 83.3 / .158. Here: not run.
Cost: 200 epochs of 64 iterations; the paper used 1 GPU for it. Not measured here.
Command: python tools/train.py configs/sr4ir/cls_cars_edsr_x4.py
"""

_base_ = [
    '../_base_/pairs/cls_cars_edsr_x4.py',
    '../_base_/settings/sr4ir.py',
    '../_base_/schedules/cls_200e_restart.py',
]
