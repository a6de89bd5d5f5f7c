"""Table 2, row S -> T, EDSR-baseline x4: VOC2012 detection.

Paper: mAP 30.3, LPIPS 0.336, PSNR 24.62. GPUs: 1 x 16 images.
Command: python tools/train.py configs/s2t/det_edsr_x4.py
Needs: configs/s/det_edsr_x4.py, trained before.
"""

_base_ = ['../_base_/pairs/det_edsr_x4.py', '../_base_/settings/s2t.py',
          '../_base_/schedules/det_30e.py']  # fmt: skip

model = dict(init=dict(sr='work_dirs/s/det_edsr_x4'))
