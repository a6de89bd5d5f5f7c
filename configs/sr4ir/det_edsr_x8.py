"""Table 2, row SR4IR, EDSR-baseline x8: VOC2012 detection.

Paper: mAP 25.5, LPIPS 0.416, PSNR 20.86. GPUs: 1 x 16 images.
Command: python tools/train.py configs/sr4ir/det_edsr_x8.py
"""

_base_ = ['../_base_/pairs/det_edsr_x8.py', '../_base_/settings/sr4ir.py',
          '../_base_/schedules/det_30e_restart.py']  # fmt: skip
