"""Table 4, row SR4IR without TDP loss, EDSR-baseline x8: VOC2012 segmentation.

Paper: mIoU / LPIPS = 53.3 / .407. Here: not run.
Cost: 100 epochs of 92 iterations. Not measured here.
Command: python tools/train.py configs/ablations/without_tdp/seg_edsr_x8.py
"""

_base_ = [
    '../../_base_/pairs/seg_edsr_x8.py',
    '../../_base_/settings/without_tdp.py',
    '../../_base_/schedules/seg_100e_restart.py',
]
