"""Table 3, row S + T, SwinIR x4: Stanford Cars classification.

Paper: Top-1 83.4, LPIPS 0.179. GPUs: 4 x 32 images.
Command: tools/dist_train.sh configs/joint/cls_cars_swinir_x4.py 4
"""

_base_ = ['../_base_/pairs/cls_cars_swinir_x4.py', '../_base_/settings/joint.py',
          '../_base_/schedules/cls_200e.py']  # fmt: skip

train_dataloader = dict(batch_size=32)
