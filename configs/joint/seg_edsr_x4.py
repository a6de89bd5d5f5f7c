"""Table 1, row S + T, EDSR-baseline x4: VOC2012 segmentation.

Paper: mIoU 58.0, LPIPS 0.318, PSNR 27.64. GPUs: 1 x 16 images.
Command: python tools/train.py configs/joint/seg_edsr_x4.py
"""

_base_ = ['../_base_/pairs/seg_edsr_x4.py', '../_base_/settings/joint.py',
          '../_base_/schedules/seg_100e.py']  # fmt: skip
