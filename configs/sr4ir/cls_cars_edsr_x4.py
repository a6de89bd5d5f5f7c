"""Table 3, row SR4IR, EDSR-baseline x4: Stanford Cars classification.

Paper: top-1 / LPIPS = 83.3 / .158. Here: not run.
Cost: 200 epochs of 64 iterations; the paper used 1 GPU for it. Not measured here.
Command: python tools/train.py configs/sr4ir/cls_cars_edsr_x4.py
"""

_base_ = [
    '../_base_/default_runtime.py',
    '../_base_/datasets/stanford_cars.py',
    '../_base_/models/resnet18.py',
    '../_base_/sr_nets/edsr_x4.py',
    '../_base_/settings/sr4ir.py',
    '../_base_/schedules/cls_200e_restart.py',
]

model = dict(sr=_base_.sr, scale=_base_.scale, init=dict(sr=_base_.sr_weights))
