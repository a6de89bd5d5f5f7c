"""Table 7, row TDSR, EDSR-baseline x8: Stanford Cars classification.

Paper: Top-1 56.4. GPUs: 1 x 128 images.
Command: python tools/train.py configs/related/tdsr/cls_cars_edsr_x8.py
Needs: configs/h2t/cls_cars.py, trained before.
Choice: the losses are weighed 1 to 0.1; the paper refers to its supplement.
"""

_base_ = ['../../_base_/pairs/cls_cars_edsr_x8.py', '../../_base_/settings/tdsr.py',
          '../../_base_/schedules/cls_200e.py']  # fmt: skip

model = dict(init=dict(_delete_=True, sr=_base_.sr_weights, task='work_dirs/h2t/cls_cars'))
