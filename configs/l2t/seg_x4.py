"""Table 1, row I_LR -> T, bilinear x4: VOC2012 segmentation.

Paper: mIoU / LPIPS / PSNR = 58.6 / .300 / 26.16. Here: not run.
Cost: 100 epochs of 92 iterations; the paper used 1 GPU for it. Not measured here.
Command: python tools/train.py configs/l2t/seg_x4.py
"""

_base_ = [
    '../_base_/pairs/seg_bilinear_x4.py',
    '../_base_/settings/l2t.py',
    '../_base_/schedules/seg_100e.py',
]
