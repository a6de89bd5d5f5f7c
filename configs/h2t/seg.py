"""Table 1, row I_HR -> T: VOC2012 segmentation.

Paper: mIoU 63.3, LPIPS 0.000, PSNR inf. GPUs: 1 x 16 images.
Command: python tools/train.py configs/h2t/seg.py
"""

_base_ = ['../_base_/pairs/seg.py', '../_base_/settings/h2t.py', '../_base_/schedules/seg_100e.py']

model = dict(predict_on='hr')
