"""Table 1, row T -> S, SwinIR x4: VOC2012 segmentation.

Paper: mIoU / LPIPS / PSNR = 53.2 / .376 / 26.04. Here: not run.
Cost: 100 epochs of 92 iterations; the paper used 2 GPUs for it. Not measured here.
Command: tools/dist_train.sh configs/t2s/seg_swinir_x4.py 2
Needs: configs/h2t/seg.py run before.
"""

_base_ = [
    '../_base_/pairs/seg_swinir_x4.py',
    '../_base_/settings/t2s.py',
    '../_base_/schedules/seg_100e.py',
]

model = dict(init=dict(_delete_=True, sr=_base_.sr_weights, task='work_dirs/h2t/seg'))
train_dataloader = dict(batch_size=8)
