"""Table 2, row T -> S, SwinIR x8: VOC2012 detection.

Paper: mAP / LPIPS / PSNR = 18.9 / .449 / 20.59. Here: not run.
Cost: 30 epochs of 357 iterations; the paper used 1 GPU for it. Not measured here.
Command: python tools/train.py configs/t2s/det_swinir_x8.py
Needs: configs/h2t/det.py run before.
"""

_base_ = [
    '../_base_/pairs/det_swinir_x8.py',
    '../_base_/settings/t2s.py',
    '../_base_/schedules/det_30e.py',
]

model = dict(init=dict(_delete_=True, sr=_base_.sr_weights, task='work_dirs/h2t/det'))
