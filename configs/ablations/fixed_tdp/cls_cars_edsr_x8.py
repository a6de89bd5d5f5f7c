"""Table 6, row (B), EDSR-baseline x8: Stanford Cars classification.

Paper: Top-1 70.3. GPUs: 1 x 128 images.
Command: python tools/train.py configs/ablations/fixed_tdp/cls_cars_edsr_x8.py
Needs: configs/h2t/cls_cars.py, trained before.
"""

_base_ = ['../../_base_/pairs/cls_cars_edsr_x8.py', '../../_base_/settings/fixed_tdp.py',
          '../../_base_/schedules/cls_200e_restart.py']  # fmt: skip

model = dict(
    extra_nets=dict(fixed_task=_base_.model.task),
    losses=dict(tdp=dict(net='fixed_task')),
    init=dict(fixed_task='work_dirs/h2t/cls_cars'),
)
