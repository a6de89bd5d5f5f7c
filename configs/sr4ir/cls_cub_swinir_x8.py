"""Table 3, row SR4IR, SwinIR x8: CUB-200-2011 classification.

Paper: top-1 / LPIPS = 65.3 / .301. Here: not run.
Cost: 200 epochs of 47 iterations; the paper used 4 GPUs for it. Not measured here.
Command: tools/dist_train.sh configs/sr4ir/cls_cub_swinir_x8.py 4
"""

_base_ = [
    '../_base_/pairs/cls_cub_swinir_x8.py',
    '../_base_/settings/sr4ir.py',
    '../_base_/schedules/cls_200e_restart.py',
]

train_dataloader = dict(batch_size=32)
