"""Table 2, row SR4IR, SwinIR x8: VOC2012 detection.

Paper: mAP / LPIPS / PSNR = 27.8 / .382 / 21.07. Here: not run.
Cost: 30 epochs of 357 iterations; the paper used 2 GPUs for it. Not measured here.
Command: tools/dist_train.sh configs/sr4ir/det_swinir_x8.py 2
"""

_base_ = [
    '../_base_/pairs/det_swinir_x8.py',
    '../_base_/settings/sr4ir.py',
    '../_base_/schedules/det_30e_restart.py',
]

train_dataloader = dict(batch_size=8)
