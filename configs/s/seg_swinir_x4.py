"""Table 1, row S, the first step of S -> T, SwinIR x4: VOC2012 segmentation.

Paper: LPIPS 0.221, PSNR 29.57. GPUs: 4 x 4 images.
Command: tools/dist_train.sh configs/s/seg_swinir_x4.py 4
"""

_base_ = ['../_base_/pairs/seg_swinir_x4.py', '../_base_/settings/s.py',
          '../_base_/schedules/seg_100e.py']  # fmt: skip

model = dict(task=None, init=dict(_delete_=True, sr=_base_.sr_weights))
train_dataloader = dict(batch_size=4)
val_evaluator = test_evaluator = _base_.val_evaluator[1:]  # without the score
