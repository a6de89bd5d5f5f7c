"""Table 3, row S + T, SwinIR x8: Stanford Cars classification.

Paper: top-1 / LPIPS = 66.6 / .355. Here: not run.
Cost: 200 epochs of 64 iterations; the paper used 2 GPUs for it. Not measured here.
Command: tools/dist_train.sh configs/joint/cls_cars_swinir_x8.py 2
"""

_base_ = [
    '../_base_/pairs/cls_cars_swinir_x8.py',
    '../_base_/settings/joint.py',
    '../_base_/schedules/cls_200e.py',
]

train_dataloader = dict(batch_size=64)
