"""The small benchmark, row S + T, EDSR x4: CamVid.

GPUs: 1 x 16 images.
Command: python tools/train.py configs/small/joint/seg_edsr_x4.py
Needs: configs/small/s/seg_edsr_x4.py, trained before.
"""

_base_ = ['../_base_/pairs/seg_edsr_x4.py', '../../_base_/settings/joint.py',
          '../_base_/schedules/seg_60e.py']  # fmt: skip
