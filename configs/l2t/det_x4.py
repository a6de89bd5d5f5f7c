"""Table 2, row I_LR -> T, bilinear x4: VOC2012 detection.

Paper: mAP 27.5, LPIPS 0.411, PSNR 22.77. GPUs: 1 x 16 images.
Command: python tools/train.py configs/l2t/det_x4.py
"""

_base_ = ['../_base_/pairs/det_bilinear_x4.py', '../_base_/settings/l2t.py',
          '../_base_/schedules/det_30e.py']  # fmt: skip
