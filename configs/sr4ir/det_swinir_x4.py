"""Table 2, row SR4IR, SwinIR x4: VOC2012 detection.

Paper: mAP 33.9, LPIPS 0.239, PSNR 24.38. GPUs: 8 x 2 images.
Command: tools/dist_train.sh configs/sr4ir/det_swinir_x4.py 8
"""

_base_ = ['../_base_/pairs/det_swinir_x4.py', '../_base_/settings/sr4ir.py',
          '../_base_/schedules/det_30e_restart.py']  # fmt: skip

train_dataloader = dict(batch_size=2)
