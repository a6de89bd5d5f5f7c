"""Table 4, row SR4IR without TDP loss, EDSR-baseline x8: VOC2012 segmentation.

Paper: mIoU / LPIPS = 53.3 / .407. Here: not run.
Cost: 100 epochs of 92 iterations. Not measured here.
Command: python tools/train.py configs/ablations/without_tdp/seg_edsr_x8.py
"""

_base_ = [
    '../../_base_/default_runtime.py',
    '../../_base_/datasets/voc_seg.py',
    '../../_base_/models/deeplabv3_mobilenet_v3.py',
    '../../_base_/sr_nets/edsr_x8.py',
    '../../_base_/settings/without_tdp.py',
    '../../_base_/schedules/seg_100e_restart.py',
]

model = dict(sr=_base_.sr, scale=_base_.scale, init=dict(sr=_base_.sr_weights))
