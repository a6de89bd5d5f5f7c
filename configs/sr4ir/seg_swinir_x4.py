"""Table 1, row SR4IR, SwinIR x4: VOC2012 segmentation.

Paper: mIoU 62.2, LPIPS 0.194, PSNR 28.83. GPUs: 4 x 4 images.
Command: tools/dist_train.sh configs/sr4ir/seg_swinir_x4.py 4
"""

_base_ = ['../_base_/pairs/seg_swinir_x4.py', '../_base_/settings/sr4ir.py',
          '../_base_/schedules/seg_100e_restart.py']  # fmt: skip

train_dataloader = dict(batch_size=4)
