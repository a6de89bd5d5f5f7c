"""Table 1, row S + T, SwinIR x4: VOC2012 segmentation.

Paper: mIoU 57.5, LPIPS 0.341, PSNR 27.55. GPUs: 2 x 8 images.
Command: tools/dist_train.sh configs/joint/seg_swinir_x4.py 2
"""

_base_ = ['../_base_/pairs/seg_swinir_x4.py', '../_base_/settings/joint.py',
          '../_base_/schedules/seg_100e.py']  # fmt: skip

train_dataloader = dict(batch_size=8)
