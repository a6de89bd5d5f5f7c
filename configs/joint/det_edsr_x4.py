"""Table 2, row S + T, EDSR-baseline x4: VOC2012 detection.

Paper: mAP / LPIPS / PSNR = 28.3 / .354 / 23.71. Here: not run.
Cost: 30 epochs of 357 iterations; the paper used 1 GPU for it. Not measured here.
Command: python tools/train.py configs/joint/det_edsr_x4.py
"""

_base_ = [
    '../_base_/pairs/det_edsr_x4.py',
    '../_base_/settings/joint.py',
    '../_base_/schedules/det_30e.py',
]
