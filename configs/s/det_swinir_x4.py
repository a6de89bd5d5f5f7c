"""Table 2, row S, the first step of S -> T, SwinIR x4: VOC2012 detection.

Paper: LPIPS 0.309, PSNR 25.13. GPUs: 4 x 4 images.
Command: tools/dist_train.sh configs/s/det_swinir_x4.py 4
"""

_base_ = ['../_base_/pairs/det_swinir_x4.py', '../_base_/settings/s.py',
          '../_base_/schedules/det_30e.py']  # fmt: skip

model = dict(task=None, init=dict(_delete_=True, sr=_base_.sr_weights))
train_dataloader = dict(batch_size=4)
val_evaluator = test_evaluator = _base_.val_evaluator[1:]  # without the score
