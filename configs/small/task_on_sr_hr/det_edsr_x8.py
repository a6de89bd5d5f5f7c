"""The small benchmark, row SR4IR without CQMix, EDSR x8: five classes of VOC2012.

GPUs: 1 x 16 images.
Command: python tools/train.py configs/small/task_on_sr_hr/det_edsr_x8.py
Needs: configs/small/s/det_edsr_x8.py, trained before.
Choice: the paper does not give the weights; their sum is 1.02, as in SR4IR.
"""

_base_ = ['../_base_/pairs/det_edsr_x8.py', '../../_base_/settings/task_on_sr_hr.py',
          '../_base_/schedules/det_10e_warmup.py']  # fmt: skip
