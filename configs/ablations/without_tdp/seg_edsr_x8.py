"""Table 4, row SR4IR without TDP loss, EDSR-baseline x8: VOC2012 segmentation.

Paper: mIoU 53.3, LPIPS 0.407. GPUs: 1 x 16 images.
Command: python tools/train.py configs/ablations/without_tdp/seg_edsr_x8.py
"""

_base_ = ['../../_base_/pairs/seg_edsr_x8.py', '../../_base_/settings/without_tdp.py',
          '../../_base_/schedules/seg_100e_restart.py']  # fmt: skip
