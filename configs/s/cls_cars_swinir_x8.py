"""Table 3, row S, the first step of S -> T, SwinIR x8: Stanford Cars classification.

Paper: LPIPS 0.308. GPUs: 2 x 64 images.
Command: tools/dist_train.sh configs/s/cls_cars_swinir_x8.py 2
"""

_base_ = ['../_base_/pairs/cls_cars_swinir_x8.py', '../_base_/settings/s.py',
          '../_base_/schedules/cls_200e.py']  # fmt: skip

model = dict(task=None, init=dict(_delete_=True, sr=_base_.sr_weights))
train_dataloader = dict(batch_size=64)
val_evaluator = test_evaluator = _base_.val_evaluator[1:]  # without the score
