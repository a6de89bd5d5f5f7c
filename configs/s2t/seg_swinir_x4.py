"""Table 1, row S -> T, SwinIR x4: VOC2012 segmentation.

Paper: mIoU / LPIPS / PSNR = 61.4 / .221 / 29.57. Here: not run.
Cost: 100 epochs of 92 iterations; the paper used 2 GPUs for it. Not measured here.
Command: tools/dist_train.sh configs/s2t/seg_swinir_x4.py 2
Needs: configs/s/seg_swinir_x4.py run before.
"""

_base_ = [
    '../_base_/pairs/seg_swinir_x4.py',
    '../_base_/settings/s2t.py',
    '../_base_/schedules/seg_100e.py',
]

model = dict(init=dict(sr='work_dirs/s/seg_swinir_x4'))
train_dataloader = dict(batch_size=8)
