"""Table 3, row S, the first step of S -> T, SwinIR x4: CUB-200-2011 classification.

Paper: LPIPS 0.201. GPUs: 4 x 32 images.
Command: tools/dist_train.sh configs/s/cls_cub_swinir_x4.py 4
"""

_base_ = ['../_base_/pairs/cls_cub_swinir_x4.py', '../_base_/settings/s.py',
          '../_base_/schedules/cls_200e.py']  # fmt: skip

model = dict(task=None, init=dict(_delete_=True, sr=_base_.sr_weights))
train_dataloader = dict(batch_size=32)
val_evaluator = test_evaluator = _base_.val_evaluator[1:]  # without the score
