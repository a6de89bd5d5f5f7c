"""Table 1, row T -> S, EDSR-baseline x4: VOC2012 segmentation.

Paper: mIoU 56.6, LPIPS 0.352, PSNR 26.83. GPUs: 1 x 16 images.
Command: python tools/train.py configs/t2s/seg_edsr_x4.py
Needs: configs/h2t/seg.py, trained before.
"""

_base_ = ['../_base_/pairs/seg_edsr_x4.py', '../_base_/settings/t2s.py',
          '../_base_/schedules/seg_100e.py']  # fmt: skip

model = dict(init=dict(_delete_=True, sr=_base_.sr_weights, task='work_dirs/h2t/seg'))
