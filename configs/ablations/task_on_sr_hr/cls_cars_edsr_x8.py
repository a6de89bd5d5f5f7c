"""Table 5, row I_SR + I_HR, EDSR-baseline x8: Stanford Cars classification.

Paper: Top-1 70.3. GPUs: 1 x 128 images.
Command: python tools/train.py configs/ablations/task_on_sr_hr/cls_cars_edsr_x8.py
Choice: the paper does not give the weights; their sum is 1.02, as in SR4IR.
"""

_base_ = ['../../_base_/pairs/cls_cars_edsr_x8.py', '../../_base_/settings/task_on_sr_hr.py',
          '../../_base_/schedules/cls_200e_restart.py']  # fmt: skip
