"""Table 2, row S -> T, EDSR-baseline x8: VOC2012 detection.

Paper: mAP 21.9, LPIPS 0.494, PSNR 21.62. GPUs: 1 x 16 images.
Command: python tools/train.py configs/s2t/det_edsr_x8.py
Needs: configs/s/det_edsr_x8.py, trained before.
"""

_base_ = ['../_base_/pairs/det_edsr_x8.py', '../_base_/settings/s2t.py',
          '../_base_/schedules/det_30e.py']  # fmt: skip

model = dict(init=dict(sr='work_dirs/s/det_edsr_x8'))
