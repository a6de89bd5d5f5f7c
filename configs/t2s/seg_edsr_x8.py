"""Table 1, row T -> S, EDSR-baseline x8: VOC2012 segmentation.

Paper: mIoU 49.2, LPIPS 0.461, PSNR 23.14. GPUs: 1 x 16 images.
Command: python tools/train.py configs/t2s/seg_edsr_x8.py
Needs: configs/h2t/seg.py, trained before.
"""

_base_ = ['../_base_/pairs/seg_edsr_x8.py', '../_base_/settings/t2s.py',
          '../_base_/schedules/seg_100e.py']  # fmt: skip

model = dict(init=dict(_delete_=True, sr=_base_.sr_weights, task='work_dirs/h2t/seg'))
