"""Table 1, row S + T, SwinIR x8: VOC2012 segmentation.

Paper: mIoU 50.0, LPIPS 0.480, PSNR 23.63. GPUs: 1 x 16 images.
Command: python tools/train.py configs/joint/seg_swinir_x8.py
"""

_base_ = ['../_base_/pairs/seg_swinir_x8.py', '../_base_/settings/joint.py',
          '../_base_/schedules/seg_100e.py']  # fmt: skip
