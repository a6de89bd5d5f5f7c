"""Table 1, row S + T, EDSR-baseline x8: VOC2012 segmentation.

Paper: mIoU 50.0, LPIPS 0.480, PSNR 23.58. GPUs: 1 x 16 images.
Command: python tools/train.py configs/joint/seg_edsr_x8.py
"""

_base_ = ['../_base_/pairs/seg_edsr_x8.py', '../_base_/settings/joint.py',
          '../_base_/schedules/seg_100e.py']  # fmt: skip
