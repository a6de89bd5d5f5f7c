"""Table 1, row SR4IR, SwinIR x8: VOC2012 segmentation.

Paper: mIoU 56.5, LPIPS 0.355, PSNR 24.23. GPUs: 1 x 16 images.
Command: python tools/train.py configs/sr4ir/seg_swinir_x8.py
"""

_base_ = ['../_base_/pairs/seg_swinir_x8.py', '../_base_/settings/sr4ir.py',
          '../_base_/schedules/seg_100e_restart.py']  # fmt: skip
