"""Table 1, row S + T, EDSR-baseline x8: VOC2012 segmentation.

Paper: mIoU / LPIPS / PSNR = 50.0 / .480 / 23.58. Here: not run.
Cost: 100 epochs of 92 iterations; the paper used 1 GPU for it. Not measured here.
Command: python tools/train.py configs/joint/seg_edsr_x8.py
"""

_base_ = [
    '../_base_/pairs/seg_edsr_x8.py',
    '../_base_/settings/joint.py',
    '../_base_/schedules/seg_100e.py',
]
