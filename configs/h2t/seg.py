"""Table 1, row I_HR -> T: VOC2012 segmentation.

Paper: mIoU / LPIPS / PSNR = 63.3 / 0 / inf. Here: not run.
Cost: 100 epochs of 92 iterations; the paper used 1 GPU for it. Not measured here.
Command: python tools/train.py configs/h2t/seg.py
"""

_base_ = [
    '../_base_/pairs/seg.py',
    '../_base_/settings/h2t.py',
    '../_base_/schedules/seg_100e.py',
]

model = dict(predict_on='hr')
