"""Table 2, row S -> T, SwinIR x8: VOC2012 detection.

Paper: mAP / LPIPS / PSNR = 23.7 / .474 / 21.85. Here: not run.
Cost: 30 epochs of 357 iterations; the paper used 1 GPU for it. Not measured here.
Command: python tools/train.py configs/s2t/det_swinir_x8.py
Needs: configs/s/det_swinir_x8.py run before.
"""

_base_ = [
    '../_base_/pairs/det_swinir_x8.py',
    '../_base_/settings/s2t.py',
    '../_base_/schedules/det_30e.py',
]

model = dict(init=dict(sr='work_dirs/s/det_swinir_x8'))
