"""Table 2, row I_LR -> T, bilinear x8: VOC2012 detection.

Paper: mAP / LPIPS / PSNR = 18.9 / .559 / 20.29. Here: not run.
Cost: 30 epochs of 357 iterations; the paper used 1 GPU for it. Not measured here.
Command: python tools/train.py configs/l2t/det_x8.py
"""

_base_ = [
    '../_base_/pairs/det_bilinear_x8.py',
    '../_base_/settings/l2t.py',
    '../_base_/schedules/det_30e.py',
]
