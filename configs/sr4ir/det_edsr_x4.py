"""Table 2, row SR4IR, EDSR-baseline x4: VOC2012 detection.

Paper: mAP 32.4, LPIPS 0.275, PSNR 23.94. GPUs: 1 x 16 images.
Command: python tools/train.py configs/sr4ir/det_edsr_x4.py
"""

_base_ = ['../_base_/pairs/det_edsr_x4.py', '../_base_/settings/sr4ir.py',
          '../_base_/schedules/det_30e_restart.py']  # fmt: skip
