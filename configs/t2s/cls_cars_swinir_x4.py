"""Table 3, row T -> S, SwinIR x4: Stanford Cars classification.

Paper: Top-1 82.0, LPIPS 0.162. GPUs: 4 x 32 images.
Command: tools/dist_train.sh configs/t2s/cls_cars_swinir_x4.py 4
Needs: configs/h2t/cls_cars.py, trained before.
"""

_base_ = ['../_base_/pairs/cls_cars_swinir_x4.py', '../_base_/settings/t2s.py',
          '../_base_/schedules/cls_200e.py']  # fmt: skip

model = dict(init=dict(_delete_=True, sr=_base_.sr_weights, task='work_dirs/h2t/cls_cars'))
train_dataloader = dict(batch_size=32)
