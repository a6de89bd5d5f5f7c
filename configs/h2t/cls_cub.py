"""Table 3, row I_HR -> T: CUB-200-2011 classification.

Paper: Top-1 78.3, LPIPS 0.000. GPUs: 1 x 128 images.
Command: python tools/train.py configs/h2t/cls_cub.py
"""

_base_ = ['../_base_/pairs/cls_cub.py', '../_base_/settings/h2t.py',
          '../_base_/schedules/cls_200e.py']  # fmt: skip

model = dict(predict_on='hr')
