"""Table 1, row T -> S, EDSR-baseline x4: VOC2012 segmentation.

Paper: mIoU / LPIPS / PSNR = 56.6 / .352 / 26.83. Here: not run.
Cost: 100 epochs of 92 iterations; the paper used 1 GPU for it. Not measured here.
Command: python tools/train.py configs/t2s/seg_edsr_x4.py
Needs: configs/h2t/seg.py run before.
"""

_base_ = [
    '../_base_/pairs/seg_edsr_x4.py',
    '../_base_/settings/t2s.py',
    '../_base_/schedules/seg_100e.py',
]

model = dict(init=dict(_delete_=True, sr=_base_.sr_weights, task='work_dirs/h2t/seg'))
