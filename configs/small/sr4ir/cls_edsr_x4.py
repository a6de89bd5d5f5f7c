"""The small benchmark, row SR4IR, EDSR x4: 40 models of cars.

GPUs: 1 x 32 images.
Command: python tools/train.py configs/small/sr4ir/cls_edsr_x4.py
Needs: configs/small/s/cls_edsr_x4.py, trained before.
"""

_base_ = ['../_base_/pairs/cls_edsr_x4.py', '../../_base_/settings/sr4ir.py',
          '../_base_/schedules/cls_20e_warmup.py']  # fmt: skip
