"""Table 3, row S -> T, EDSR-baseline x8: Stanford Cars classification.

Paper: Top-1 68.3, LPIPS 0.328. GPUs: 1 x 128 images.
Command: python tools/train.py configs/s2t/cls_cars_edsr_x8.py
Needs: configs/s/cls_cars_edsr_x8.py, trained before.
"""

_base_ = ['../_base_/pairs/cls_cars_edsr_x8.py', '../_base_/settings/s2t.py',
          '../_base_/schedules/cls_200e.py']  # fmt: skip

model = dict(init=dict(sr='work_dirs/s/cls_cars_edsr_x8'))
