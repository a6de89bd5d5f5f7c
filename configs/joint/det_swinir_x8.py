"""Table 2, row S + T, SwinIR x8: VOC2012 detection.

Paper: mAP 21.9, LPIPS 0.489, PSNR 21.11. GPUs: 1 x 16 images.
Command: python tools/train.py configs/joint/det_swinir_x8.py
"""

_base_ = ['../_base_/pairs/det_swinir_x8.py', '../_base_/settings/joint.py',
          '../_base_/schedules/det_30e.py']  # fmt: skip
