"""Table 2, row S, the first step of S -> T, SwinIR x8: VOC2012 detection.

Paper: LPIPS 0.474, PSNR 21.85. GPUs: 1 x 16 images.
Command: python tools/train.py configs/s/det_swinir_x8.py
"""

_base_ = ['../_base_/pairs/det_swinir_x8.py', '../_base_/settings/s.py',
          '../_base_/schedules/det_30e.py']  # fmt: skip

model = dict(task=None, init=dict(_delete_=True, sr=_base_.sr_weights))
val_evaluator = test_evaluator = _base_.val_evaluator[1:]  # without the score
