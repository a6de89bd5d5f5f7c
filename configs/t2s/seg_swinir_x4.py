"""Table 1, row T -> S, SwinIR x4: VOC2012 segmentation.

Paper: mIoU 53.2, LPIPS 0.376, PSNR 26.04. GPUs: 2 x 8 images.
Command: tools/dist_train.sh configs/t2s/seg_swinir_x4.py 2
Needs: configs/h2t/seg.py, trained before.
"""

_base_ = ['../_base_/pairs/seg_swinir_x4.py', '../_base_/settings/t2s.py',
          '../_base_/schedules/seg_100e.py']  # fmt: skip

model = dict(init=dict(_delete_=True, sr=_base_.sr_weights, task='work_dirs/h2t/seg'))
train_dataloader = dict(batch_size=8)
