"""Table 1, row SR4IR, SwinIR x4: VOC2012 segmentation.

Paper: mIoU / LPIPS / PSNR = 62.2 / .194 / 28.83. Here: not run.
Cost: 100 epochs of 92 iterations; the paper used 4 GPUs for it. Not measured here.
Command: tools/dist_train.sh configs/sr4ir/seg_swinir_x4.py 4
"""

_base_ = [
    '../_base_/default_runtime.py',
    '../_base_/datasets/voc_seg.py',
    '../_base_/models/deeplabv3_mobilenet_v3.py',
    '../_base_/sr_nets/swinir_x4.py',
    '../_base_/settings/sr4ir.py',
    '../_base_/schedules/seg_100e_restart.py',
]

model = dict(sr=_base_.sr, scale=_base_.scale, init=dict(sr=_base_.sr_weights))
train_dataloader = dict(batch_size=4)  # 4 GPUs x 4 = 16
