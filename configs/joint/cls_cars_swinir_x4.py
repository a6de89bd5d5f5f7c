"""Table 3, row S + T, SwinIR x4: Stanford Cars classification.

Paper: top-1 / LPIPS = 83.4 / .179. Here: not run.
Cost: 200 epochs of 64 iterations; the paper used 4 GPUs for it. Not measured here.
Command: tools/dist_train.sh configs/joint/cls_cars_swinir_x4.py 4
"""

_base_ = [
    '../_base_/default_runtime.py',
    '../_base_/datasets/stanford_cars.py',
    '../_base_/models/resnet18.py',
    '../_base_/sr_nets/swinir_x4.py',
    '../_base_/settings/joint.py',
    '../_base_/schedules/cls_200e.py',
]

model = dict(sr=_base_.sr, scale=_base_.scale, init=dict(sr=_base_.sr_weights))
train_dataloader = dict(batch_size=32)  # 4 GPUs x 32 = 128
