"""The small benchmark, row SR4IR without TDP, EDSR x4: CamVid.

GPUs: 1 x 16 images.
Command: python tools/train.py configs/small/without_tdp/seg_edsr_x4.py
Needs: configs/small/s/seg_edsr_x4.py, trained before.
"""

_base_ = ['../_base_/pairs/seg_edsr_x4.py', '../../_base_/settings/without_tdp.py',
          '../_base_/schedules/seg_60e.py']  # fmt: skip
