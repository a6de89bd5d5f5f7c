"""Table 2, row S, the first step of S -> T, EDSR-baseline x4: VOC2012 detection.

Paper: mAP / LPIPS / PSNR = - / .336 / 24.62. Here: not run.
Cost: 30 epochs of 357 iterations; the paper used 1 GPU for it. Not measured here.
Command: python tools/train.py configs/s/det_edsr_x4.py
"""

_base_ = [
    '../_base_/default_runtime.py',
    '../_base_/datasets/voc_det.py',
    '../_base_/models/faster_rcnn_mobilenet_v3.py',
    '../_base_/sr_nets/edsr_x4.py',
    '../_base_/settings/s.py',
    '../_base_/schedules/det_30e.py',
]

model = dict(
    task=None, sr=_base_.sr, scale=_base_.scale, init=dict(_delete_=True, sr=_base_.sr_weights)
)
val_evaluator = [dict(type='PSNR'), dict(type='SSIM'), dict(type='LPIPS')]
test_evaluator = val_evaluator
