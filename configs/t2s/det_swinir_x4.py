"""Table 2, row T -> S, SwinIR x4: VOC2012 detection.

Paper: mAP 29.7, LPIPS 0.284, PSNR 23.59. GPUs: 4 x 4 images.
Command: tools/dist_train.sh configs/t2s/det_swinir_x4.py 4
Needs: configs/h2t/det.py, trained before.
"""

_base_ = ['../_base_/pairs/det_swinir_x4.py', '../_base_/settings/t2s.py',
          '../_base_/schedules/det_30e.py']  # fmt: skip

model = dict(init=dict(_delete_=True, sr=_base_.sr_weights, task='work_dirs/h2t/det'))
train_dataloader = dict(batch_size=4)
