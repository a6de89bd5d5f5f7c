"""Table 2, row T -> S, SwinIR x4: VOC2012 detection.

Paper: mAP / LPIPS / PSNR = 29.7 / .284 / 23.59. Here: not run.
Cost: 30 epochs of 357 iterations; the paper used 4 GPUs for it. Not measured here.
Command: tools/dist_train.sh configs/t2s/det_swinir_x4.py 4
Needs: configs/h2t/det.py run before.
"""

_base_ = [
    '../_base_/pairs/det_swinir_x4.py',
    '../_base_/settings/t2s.py',
    '../_base_/schedules/det_30e.py',
]

model = dict(init=dict(_delete_=True, sr=_base_.sr_weights, task='work_dirs/h2t/det'))
train_dataloader = dict(batch_size=4)
