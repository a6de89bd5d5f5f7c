"""Table 2, row S + T, SwinIR x4: VOC2012 detection.

Paper: mAP 31.4, LPIPS 0.331, PSNR 23.94. GPUs: 4 x 4 images.
Command: tools/dist_train.sh configs/joint/det_swinir_x4.py 4
"""

_base_ = ['../_base_/pairs/det_swinir_x4.py', '../_base_/settings/joint.py',
          '../_base_/schedules/det_30e.py']  # fmt: skip

train_dataloader = dict(batch_size=4)
