"""Table 2, row T -> S, EDSR-baseline x8: VOC2012 detection.

Paper: mAP / LPIPS / PSNR = 15.5 / .476 / 20.48. Here: not run.
Cost: 30 epochs of 357 iterations; the paper used 1 GPU for it. Not measured here.
Command: python tools/train.py configs/t2s/det_edsr_x8.py
Needs: configs/h2t/det.py run before.
"""

_base_ = [
    '../_base_/pairs/det_edsr_x8.py',
    '../_base_/settings/t2s.py',
    '../_base_/schedules/det_30e.py',
]

model = dict(init=dict(_delete_=True, sr=_base_.sr_weights, task='work_dirs/h2t/det'))
