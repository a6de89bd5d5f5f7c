"""Table 3, row SR4IR, SwinIR x4: Stanford Cars classification.

Paper: top-1 / LPIPS = 85.1 / .136. Here: not run.
Cost: 200 epochs of 64 iterations; the paper used 8 GPUs for it. Not measured here.
Command: tools/dist_train.sh configs/sr4ir/cls_cars_swinir_x4.py 8
"""

_base_ = [
    '../_base_/pairs/cls_cars_swinir_x4.py',
    '../_base_/settings/sr4ir.py',
    '../_base_/schedules/cls_200e_restart.py',
]

train_dataloader = dict(batch_size=16)
