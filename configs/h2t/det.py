"""Table 2, row I_HR -> T: VOC2012 detection.

Paper: mAP / LPIPS / PSNR = 36.7 / 0 / inf. Here: not run.
Cost: 30 epochs of 357 iterations; the paper used 1 GPU for it. Not measured here.
Command: python tools/train.py configs/h2t/det.py
"""

_base_ = [
    '../_base_/pairs/det.py',
    '../_base_/settings/h2t.py',
    '../_base_/schedules/det_30e.py',
]

model = dict(predict_on='hr')
