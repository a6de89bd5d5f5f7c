"""Table 2, row I_LR -> T, bilinear x4: VOC2012 detection.

Paper: mAP / LPIPS / PSNR = 27.5 / .411 / 22.77. Here: not run.
Cost: 30 epochs of 357 iterations; the paper used 1 GPU for it. Not measured here.
Command: python tools/train.py configs/l2t/det_x4.py
"""

_base_ = [
    '../_base_/pairs/det_bilinear_x4.py',
    '../_base_/settings/l2t.py',
    '../_base_/schedules/det_30e.py',
]
