"""Table 1, row I_LR -> T, bilinear x8: VOC2012 segmentation.

Paper: mIoU 49.3, LPIPS 0.476, PSNR 22.54. GPUs: 1 x 16 images.
Command: python tools/train.py configs/l2t/seg_x8.py
"""

_base_ = ['../_base_/pairs/seg_bilinear_x8.py', '../_base_/settings/l2t.py',
          '../_base_/schedules/seg_100e.py']  # fmt: skip
