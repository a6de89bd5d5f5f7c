"""Table 1, row S, the first step of S -> T, SwinIR x8: VOC2012 segmentation.

Paper: LPIPS 0.387, PSNR 24.75. GPUs: 1 x 16 images.
Command: python tools/train.py configs/s/seg_swinir_x8.py
"""

_base_ = ['../_base_/pairs/seg_swinir_x8.py', '../_base_/settings/s.py',
          '../_base_/schedules/seg_100e.py']  # fmt: skip

model = dict(task=None, init=dict(_delete_=True, sr=_base_.sr_weights))
val_evaluator = test_evaluator = _base_.val_evaluator[1:]  # without the score
