"""Table 2, row S + T, SwinIR x4: VOC2012 detection.

Paper: mAP / LPIPS / PSNR = 31.4 / .331 / 23.94. Here: not run.
Cost: 30 epochs of 357 iterations; the paper used 4 GPUs for it. Not measured here.
Command: tools/dist_train.sh configs/joint/det_swinir_x4.py 4
"""

_base_ = [
    '../_base_/pairs/det_swinir_x4.py',
    '../_base_/settings/joint.py',
    '../_base_/schedules/det_30e.py',
]

train_dataloader = dict(batch_size=4)
