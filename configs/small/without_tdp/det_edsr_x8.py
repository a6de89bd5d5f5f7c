"""The small benchmark, row SR4IR without TDP, EDSR x8: five classes of VOC2012.

GPUs: 1 x 16 images.
Command: python tools/train.py configs/small/without_tdp/det_edsr_x8.py
Needs: configs/small/s/det_edsr_x8.py, trained before.
"""

_base_ = ['../_base_/pairs/det_edsr_x8.py', '../../_base_/settings/without_tdp.py',
          '../_base_/schedules/det_10e.py']  # fmt: skip
