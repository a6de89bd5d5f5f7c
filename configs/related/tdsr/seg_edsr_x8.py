"""Table 7, row TDSR, EDSR-baseline x8: VOC2012 segmentation.

Paper: mIoU 49.8. GPUs: 1 x 16 images.
Command: python tools/train.py configs/related/tdsr/seg_edsr_x8.py
Needs: configs/h2t/seg.py, trained before.
Choice: the losses are weighed 1 to 0.1; the paper refers to its supplement.
"""

_base_ = ['../../_base_/pairs/seg_edsr_x8.py', '../../_base_/settings/tdsr.py',
          '../../_base_/schedules/seg_100e.py']  # fmt: skip

model = dict(init=dict(_delete_=True, sr=_base_.sr_weights, task='work_dirs/h2t/seg'))
