"""Table 1, row S -> T, EDSR-baseline x4: VOC2012 segmentation.

Paper: mIoU / LPIPS / PSNR = 60.2 / .241 / 28.94. Here: not run.
Cost: 100 epochs of 92 iterations; the paper used 1 GPU for it. Not measured here.
Command: python tools/train.py configs/s2t/seg_edsr_x4.py
Needs: configs/s/seg_edsr_x4.py run before.
"""

_base_ = [
    '../_base_/pairs/seg_edsr_x4.py',
    '../_base_/settings/s2t.py',
    '../_base_/schedules/seg_100e.py',
]

model = dict(init=dict(sr='work_dirs/s/seg_edsr_x4'))
