"""Table 3, row S + T, SwinIR x8: Stanford Cars classification.

Paper: Top-1 66.6, LPIPS 0.355. GPUs: 2 x 64 images.
Command: tools/dist_train.sh configs/joint/cls_cars_swinir_x8.py 2
"""

_base_ = ['../_base_/pairs/cls_cars_swinir_x8.py', '../_base_/settings/joint.py',
          '../_base_/schedules/cls_200e.py']  # fmt: skip

train_dataloader = dict(batch_size=64)
