"""Table 2, row S -> T, SwinIR x4: VOC2012 detection.

Paper: mAP 31.5, LPIPS 0.309, PSNR 25.13. GPUs: 4 x 4 images.
Command: tools/dist_train.sh configs/s2t/det_swinir_x4.py 4
Needs: configs/s/det_swinir_x4.py, trained before.
"""

_base_ = ['../_base_/pairs/det_swinir_x4.py', '../_base_/settings/s2t.py',
          '../_base_/schedules/det_30e.py']  # fmt: skip

model = dict(init=dict(sr='work_dirs/s/det_swinir_x4'))
train_dataloader = dict(batch_size=4)
