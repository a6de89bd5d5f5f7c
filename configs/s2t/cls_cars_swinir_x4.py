"""Table 3, row S -> T, SwinIR x4: Stanford Cars classification.

Paper: top-1 / LPIPS = 84.0 / .159. Here: not run.
Cost: 200 epochs of 64 iterations; the paper used 4 GPUs for it. Not measured here.
Command: tools/dist_train.sh configs/s2t/cls_cars_swinir_x4.py 4
Needs: configs/s/cls_cars_swinir_x4.py run before.
"""

_base_ = [
    '../_base_/pairs/cls_cars_swinir_x4.py',
    '../_base_/settings/s2t.py',
    '../_base_/schedules/cls_200e.py',
]

model = dict(init=dict(sr='work_dirs/s/cls_cars_swinir_x4'))
train_dataloader = dict(batch_size=32)
