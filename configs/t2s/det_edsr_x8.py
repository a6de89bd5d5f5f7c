"""Table 2, row T -> S, EDSR-baseline x8: VOC2012 detection.

Paper: mAP 15.5, LPIPS 0.476, PSNR 20.48. GPUs: 1 x 16 images.
Command: python tools/train.py configs/t2s/det_edsr_x8.py
Needs: configs/h2t/det.py, trained before.
"""

_base_ = ['../_base_/pairs/det_edsr_x8.py', '../_base_/settings/t2s.py',
          '../_base_/schedules/det_30e.py']  # fmt: skip

model = dict(init=dict(_delete_=True, sr=_base_.sr_weights, task='work_dirs/h2t/det'))
