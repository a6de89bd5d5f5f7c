"""The small benchmark, row SR4IR without CQMix, EDSR x4: CamVid.

GPUs: 1 x 16 images.
Command: python tools/train.py configs/small/task_on_sr_hr/seg_edsr_x4.py
Needs: configs/small/s/seg_edsr_x4.py, trained before.
Choice: the paper does not give the weights; their sum is 1.02, as in SR4IR.
"""

_base_ = ['../_base_/pairs/seg_edsr_x4.py', '../../_base_/settings/task_on_sr_hr.py',
          '../_base_/schedules/seg_60e_warmup.py']  # fmt: skip
