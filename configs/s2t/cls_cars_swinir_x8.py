"""Table 3, row S -> T, SwinIR x8: Stanford Cars classification.

Paper: top-1 / LPIPS = 71.4 / .308. Here: not run.
Cost: 200 epochs of 64 iterations; the paper used 2 GPUs for it. Not measured here.
Command: tools/dist_train.sh configs/s2t/cls_cars_swinir_x8.py 2
Needs: configs/s/cls_cars_swinir_x8.py run before.
"""

_base_ = [
    '../_base_/pairs/cls_cars_swinir_x8.py',
    '../_base_/settings/s2t.py',
    '../_base_/schedules/cls_200e.py',
]

model = dict(init=dict(sr='work_dirs/s/cls_cars_swinir_x8'))
train_dataloader = dict(batch_size=64)
