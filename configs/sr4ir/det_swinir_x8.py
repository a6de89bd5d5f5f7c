"""Table 2, row SR4IR, SwinIR x8: VOC2012 detection.

Paper: mAP 27.8, LPIPS 0.382, PSNR 21.07. GPUs: 2 x 8 images.
Command: tools/dist_train.sh configs/sr4ir/det_swinir_x8.py 2
"""

_base_ = ['../_base_/pairs/det_swinir_x8.py', '../_base_/settings/sr4ir.py',
          '../_base_/schedules/det_30e_restart.py']  # fmt: skip

train_dataloader = dict(batch_size=8)
