"""Table 1, row T -> S, SwinIR x8: VOC2012 segmentation.

Paper: mIoU / LPIPS / PSNR = 48.7 / .466 / 23.06. Here: not run.
Cost: 100 epochs of 92 iterations; the paper used 1 GPU for it. Not measured here.
Command: python tools/train.py configs/t2s/seg_swinir_x8.py
Needs: configs/h2t/seg.py run before.
"""

_base_ = [
    '../_base_/pairs/seg_swinir_x8.py',
    '../_base_/settings/t2s.py',
    '../_base_/schedules/seg_100e.py',
]

model = dict(init=dict(_delete_=True, sr=_base_.sr_weights, task='work_dirs/h2t/seg'))
