"""Table 2, row I_LR -> T, bilinear x8: VOC2012 detection.

Paper: mAP 18.9, LPIPS 0.559, PSNR 20.29. GPUs: 1 x 16 images.
Command: python tools/train.py configs/l2t/det_x8.py
"""

_base_ = ['../_base_/pairs/det_bilinear_x8.py', '../_base_/settings/l2t.py',
          '../_base_/schedules/det_30e.py']  # fmt: skip
