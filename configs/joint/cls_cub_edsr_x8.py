"""Table 3, row S + T, EDSR-baseline x8: CUB-200-2011 classification.

Paper: top-1 / LPIPS = 58.6 / .380. Here: not run.
Cost: 200 epochs of 47 iterations; the paper used 1 GPU for it. Not measured here.
Command: python tools/train.py configs/joint/cls_cub_edsr_x8.py
"""

_base_ = [
    '../_base_/pairs/cls_cub_edsr_x8.py',
    '../_base_/settings/joint.py',
    '../_base_/schedules/cls_200e.py',
]
