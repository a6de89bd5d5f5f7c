"""Table 5, row I_SR + I_HR, EDSR-baseline x8: VOC2012 segmentation.

Paper: mIoU 54.7. GPUs: 1 x 16 images.
Command: python tools/train.py configs/ablations/task_on_sr_hr/seg_edsr_x8.py
Choice: the paper does not give the weights; their sum is 1.02, as in SR4IR.
"""

_base_ = ['../../_base_/pairs/seg_edsr_x8.py', '../../_base_/settings/task_on_sr_hr.py',
          '../../_base_/schedules/seg_100e_restart.py']  # fmt: skip
