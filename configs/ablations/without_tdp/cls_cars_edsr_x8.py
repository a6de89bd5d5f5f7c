"""Table 4, row SR4IR without TDP loss, EDSR-baseline x8: Stanford Cars classification.

Paper: top-1 / LPIPS = 69.9 / .327. Here: not run.
Cost: 200 epochs of 64 iterations. Not measured here.
Command: python tools/train.py configs/ablations/without_tdp/cls_cars_edsr_x8.py
"""

_base_ = [
    '../../_base_/pairs/cls_cars_edsr_x8.py',
    '../../_base_/settings/without_tdp.py',
    '../../_base_/schedules/cls_200e_restart.py',
]
