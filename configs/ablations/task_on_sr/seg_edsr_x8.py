"""Table 5, row I_SR, EDSR-baseline x8: VOC2012 segmentation.

Paper: mIoU 51.7. GPUs: 1 x 16 images.
Command: python tools/train.py configs/ablations/task_on_sr/seg_edsr_x8.py
Choice: the paper does not give the weight; 1.02 is the sum of SR4IR's.
"""

_base_ = ['../../_base_/pairs/seg_edsr_x8.py', '../../_base_/settings/task_on_sr.py',
          '../../_base_/schedules/seg_100e_restart.py']  # fmt: skip
