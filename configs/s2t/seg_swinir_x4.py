"""Table 1, row S -> T, SwinIR x4: VOC2012 segmentation.

Paper: mIoU 61.4, LPIPS 0.221, PSNR 29.57. GPUs: 2 x 8 images.
Command: tools/dist_train.sh configs/s2t/seg_swinir_x4.py 2
Needs: configs/s/seg_swinir_x4.py, trained before.
"""

_base_ = ['../_base_/pairs/seg_swinir_x4.py', '../_base_/settings/s2t.py',
          '../_base_/schedules/seg_100e.py']  # fmt: skip

model = dict(init=dict(sr='work_dirs/s/seg_swinir_x4'))
train_dataloader = dict(batch_size=8)
