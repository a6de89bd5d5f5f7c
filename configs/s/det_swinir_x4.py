"""Table 2, row S, the first step of S -> T, SwinIR x4: VOC2012 detection.

Paper: mAP / LPIPS / PSNR = - / .309 / 25.13. Here: not run.
Cost: 30 epochs of 357 iterations; the paper used 4 GPUs for it. Not measured here.
Command: tools/dist_train.sh configs/s/det_swinir_x4.py 4
"""

_base_ = [
    '../_base_/default_runtime.py',
    '../_base_/datasets/voc_det.py',
    '../_base_/models/faster_rcnn_mobilenet_v3.py',
    '../_base_/sr_nets/swinir_x4.py',
    '../_base_/settings/s.py',
    '../_base_/schedules/det_30e.py',
]

model = dict(
    task=None, sr=_base_.sr, scale=_base_.scale, init=dict(_delete_=True, sr=_base_.sr_weights)
)
train_dataloader = dict(batch_size=4)  # 4 GPUs x 4 = 16
val_evaluator = [dict(type='PSNR'), dict(type='SSIM'), dict(type='LPIPS')]
test_evaluator = val_evaluator
