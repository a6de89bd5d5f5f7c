"""Table 2, row S + T, EDSR-baseline x8: VOC2012 detection.

Paper: mAP 20.3, LPIPS 0.506, PSNR 20.98. GPUs: 1 x 16 images.
Command: python tools/train.py configs/joint/det_edsr_x8.py
"""

_base_ = ['../_base_/pairs/det_edsr_x8.py', '../_base_/settings/joint.py',
          '../_base_/schedules/det_30e.py']  # fmt: skip
