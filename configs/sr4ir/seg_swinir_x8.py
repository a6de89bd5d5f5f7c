"""Table 1, row SR4IR, SwinIR x8: VOC2012 segmentation.

Paper: mIoU / LPIPS / PSNR = 56.5 / .355 / 24.23. Here: not run.
Cost: 100 epochs of 92 iterations; the paper used 1 GPU for it. Not measured here.
Command: python tools/train.py configs/sr4ir/seg_swinir_x8.py
"""

_base_ = [
    '../_base_/pairs/seg_swinir_x8.py',
    '../_base_/settings/sr4ir.py',
    '../_base_/schedules/seg_100e_restart.py',
]
