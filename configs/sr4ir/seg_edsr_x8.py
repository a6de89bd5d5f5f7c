"""Table 1, row SR4IR, EDSR-baseline x8: VOC2012 segmentation.

Paper: mIoU / LPIPS / PSNR = 55.0 / .380 / 23.91. Here: not run.
Cost: 100 epochs of 92 iterations; the paper used 1 GPU for it. Not measured here.
Command: python tools/train.py configs/sr4ir/seg_edsr_x8.py
"""

_base_ = [
    '../_base_/pairs/seg_edsr_x8.py',
    '../_base_/settings/sr4ir.py',
    '../_base_/schedules/seg_100e_restart.py',
]
