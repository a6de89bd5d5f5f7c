"""Table 2, row SR4IR, SwinIR x4: VOC2012 detection.

Paper: mAP / LPIPS / PSNR = 33.9 / .239 / 24.38. Here: not run.
Cost: 30 epochs of 357 iterations; the paper used 8 GPUs for it. Not measured here.
Command: tools/dist_train.sh configs/sr4ir/det_swinir_x4.py 8
"""

_base_ = [
    '../_base_/pairs/det_swinir_x4.py',
    '../_base_/settings/sr4ir.py',
    '../_base_/schedules/det_30e_restart.py',
]

train_dataloader = dict(batch_size=2)
