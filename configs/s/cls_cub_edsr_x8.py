"""Table 3, row S, the first step of S -> T, EDSR-baseline x8: CUB-200-2011 classification.

Paper: top-1 / LPIPS = - / .365. Here: not run.
Cost: 200 epochs of 47 iterations; the paper used 1 GPU for it. Not measured here.
Command: python tools/train.py configs/s/cls_cub_edsr_x8.py
"""

_base_ = [
    '../_base_/default_runtime.py',
    '../_base_/datasets/cub.py',
    '../_base_/models/resnet18_cub.py',
    '../_base_/sr_nets/edsr_x8.py',
    '../_base_/settings/s.py',
    '../_base_/schedules/cls_200e.py',
]

model = dict(
    task=None, sr=_base_.sr, scale=_base_.scale, init=dict(_delete_=True, sr=_base_.sr_weights)
)
val_evaluator = [dict(type='PSNR'), dict(type='SSIM'), dict(type='LPIPS')]
test_evaluator = val_evaluator
