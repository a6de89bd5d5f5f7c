"""Table 5, row I_SR, EDSR-baseline x8: Stanford Cars classification.

Paper: Top-1 66.7. GPUs: 1 x 128 images.
Command: python tools/train.py configs/ablations/task_on_sr/cls_cars_edsr_x8.py
Choice: the paper does not give the weight; 1.02 is the sum of SR4IR's.
"""

_base_ = ['../../_base_/pairs/cls_cars_edsr_x8.py', '../../_base_/settings/task_on_sr.py',
          '../../_base_/schedules/cls_200e_restart.py']  # fmt: skip
