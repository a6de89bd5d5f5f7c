"""Table 2, row S -> T, SwinIR x8: VOC2012 detection.

Paper: mAP 23.7, LPIPS 0.474, PSNR 21.85. GPUs: 1 x 16 images.
Command: python tools/train.py configs/s2t/det_swinir_x8.py
Needs: configs/s/det_swinir_x8.py, trained before.
"""

_base_ = ['../_base_/pairs/det_swinir_x8.py', '../_base_/settings/s2t.py',
          '../_base_/schedules/det_30e.py']  # fmt: skip

model = dict(init=dict(sr='work_dirs/s/det_swinir_x8'))
