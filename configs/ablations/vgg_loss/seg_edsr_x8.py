"""Table 6, row (A), EDSR-baseline x8: VOC2012 segmentation.

Paper: mIoU 53.6. GPUs: 1 x 16 images.
Command: python tools/train.py configs/ablations/vgg_loss/seg_edsr_x8.py
Choice: VGG19 before its last ReLU, weight 1; the paper does not say. Weights: losses.vgg.weights.
"""

_base_ = ['../../_base_/pairs/seg_edsr_x8.py', '../../_base_/settings/vgg_loss.py',
          '../../_base_/schedules/seg_100e_restart.py']  # fmt: skip

model = dict(losses=dict(vgg=dict(type='VGGLoss')))
