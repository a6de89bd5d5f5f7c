"""Table 1, row SR4IR, EDSR-baseline x8: VOC2012 segmentation.

Paper: mIoU 55.0, LPIPS 0.380, PSNR 23.91. GPUs: 1 x 16 images.
Command: python tools/train.py configs/sr4ir/seg_edsr_x8.py
"""

_base_ = ['../_base_/pairs/seg_edsr_x8.py', '../_base_/settings/sr4ir.py',
          '../_base_/schedules/seg_100e_restart.py']  # fmt: skip
