"""Table 2, row S + T, EDSR-baseline x4: VOC2012 detection.

Paper: mAP 28.3, LPIPS 0.354, PSNR 23.71. GPUs: 1 x 16 images.
Command: python tools/train.py configs/joint/det_edsr_x4.py
"""

_base_ = ['../_base_/pairs/det_edsr_x4.py', '../_base_/settings/joint.py',
          '../_base_/schedules/det_30e.py']  # fmt: skip
