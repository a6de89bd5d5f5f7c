"""The small benchmark, row S -> T, EDSR x8: five classes of VOC2012.

GPUs: 1 x 16 images.
Command: python tools/train.py configs/small/s2t/det_edsr_x8.py
Needs: configs/small/s/det_edsr_x8.py, trained before.
"""

_base_ = ['../_base_/pairs/det_edsr_x8.py', '../../_base_/settings/s2t.py',
          '../_base_/schedules/det_10e.py']  # fmt: skip
