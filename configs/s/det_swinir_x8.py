"""Table 2, row S, the first step of S -> T, SwinIR x8: VOC2012 detection.

Paper: mAP / LPIPS / PSNR = - / .474 / 21.85. Here: not run.
Cost: 30 epochs of 357 iterations; the paper used 1 GPU for it. Not measured here.
Command: python tools/train.py configs/s/det_swinir_x8.py
"""

_base_ = [
    '../_base_/pairs/det_swinir_x8.py',
    '../_base_/settings/s.py',
    '../_base_/schedules/det_30e.py',
]

model = dict(task=None, init=dict(_delete_=True, sr=_base_.sr_weights))
val_evaluator = test_evaluator = _base_.val_evaluator[1:]  # there is no task
