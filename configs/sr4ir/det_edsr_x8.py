"""Table 2, row SR4IR, EDSR-baseline x8: VOC2012 detection.

Paper: mAP / LPIPS / PSNR = 25.5 / .416 / 20.86. Here: not run.
Cost: 30 epochs of 357 iterations; the paper used 1 GPU for it. Not measured here.
Command: python tools/train.py configs/sr4ir/det_edsr_x8.py
"""

_base_ = [
    '../_base_/pairs/det_edsr_x8.py',
    '../_base_/settings/sr4ir.py',
    '../_base_/schedules/det_30e_restart.py',
]
