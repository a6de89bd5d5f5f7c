"""Table 2, row SR4IR, SwinIR x4: VOC2012 detection.

Paper: mAP / LPIPS / PSNR = 33.9 / .239 / 24.38. Here: not run.
Cost: 30 epochs of 357 iterations; the paper used 8 GPUs for it. Not measured here.
Command: tools/dist_train.sh configs/sr4ir/det_swinir_x4.py 8
"""

_base_ = [
    '../_base_/default_runtime.py',
    '../_base_/datasets/voc_det.py',
    '../_base_/models/faster_rcnn_mobilenet_v3.py',
    '../_base_/sr_nets/swinir_x4.py',
    '../_base_/settings/sr4ir.py',
    '../_base_/schedules/det_30e_restart.py',
]

model = dict(sr=_base_.sr, scale=_base_.scale, init=dict(sr=_base_.sr_weights))
train_dataloader = dict(batch_size=2)  # 8 GPUs x 2 = 16
