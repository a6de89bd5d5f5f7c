"""Table 1, row S -> T, EDSR-baseline x8: VOC2012 segmentation.

Paper: mIoU 52.3, LPIPS 0.407, PSNR 24.41. GPUs: 1 x 16 images.
Command: python tools/train.py configs/s2t/seg_edsr_x8.py
Needs: configs/s/seg_edsr_x8.py, trained before.
"""

_base_ = ['../_base_/pairs/seg_edsr_x8.py', '../_base_/settings/s2t.py',
          '../_base_/schedules/seg_100e.py']  # fmt: skip

model = dict(init=dict(sr='work_dirs/s/seg_edsr_x8'))
