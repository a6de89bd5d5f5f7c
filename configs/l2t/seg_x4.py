"""Table 1, row I_LR -> T, bilinear x4: VOC2012 segmentation.

Paper: mIoU 58.6, LPIPS 0.300, PSNR 26.16. GPUs: 1 x 16 images.
Command: python tools/train.py configs/l2t/seg_x4.py
"""

_base_ = ['../_base_/pairs/seg_bilinear_x4.py', '../_base_/settings/l2t.py',
          '../_base_/schedules/seg_100e.py']  # fmt: skip
