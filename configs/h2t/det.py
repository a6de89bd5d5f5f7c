"""Table 2, row I_HR -> T: VOC2012 detection.

Paper: mAP 36.7, LPIPS 0.000, PSNR inf. GPUs: 1 x 16 images.
Command: python tools/train.py configs/h2t/det.py
"""

_base_ = ['../_base_/pairs/det.py', '../_base_/settings/h2t.py', '../_base_/schedules/det_30e.py']

model = dict(predict_on='hr')
