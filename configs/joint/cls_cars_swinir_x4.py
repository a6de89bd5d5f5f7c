"""Table 3, row S + T, SwinIR x4: Stanford Cars classification.

Paper: top-1 / LPIPS = 83.4 / .179. Here: not run.
Cost: 200 epochs of 64 iterations; the paper used 4 GPUs for it. Not measured here.
Command: tools/dist_train.sh configs/joint/cls_cars_swinir_x4.py 4
"""

_base_ = [
    '../_base_/pairs/cls_cars_swinir_x4.py',
    '../_base_/settings/joint.py',
    '../_base_/schedules/cls_200e.py',
]

train_dataloader = dict(batch_size=32)
