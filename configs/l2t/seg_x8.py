"""Table 1, row I_LR -> T, bilinear x8: VOC2012 segmentation.

Paper: mIoU / LPIPS / PSNR = 49.3 / .476 / 22.54. Here: not run.
Cost: 100 epochs of 92 iterations; the paper used 1 GPU for it. Not measured here.
Command: python tools/train.py configs/l2t/seg_x8.py
"""

_base_ = [
    '../_base_/pairs/seg_bilinear_x8.py',
    '../_base_/settings/l2t.py',
    '../_base_/schedules/seg_100e.py',
]
