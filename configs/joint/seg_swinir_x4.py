"""Table 1, row S + T, SwinIR x4: VOC2012 segmentation.

Paper: mIoU / LPIPS / PSNR = 57.5 / .341 / 27.55. Here: not run.
Cost: 100 epochs of 92 iterations; the paper used 2 GPUs for it. Not measured here.
Command: tools/dist_train.sh configs/joint/seg_swinir_x4.py 2
"""

_base_ = [
    '../_base_/pairs/seg_swinir_x4.py',
    '../_base_/settings/joint.py',
    '../_base_/schedules/seg_100e.py',
]

train_dataloader = dict(batch_size=8)
