"""Table 6, row (A), EDSR-baseline x8: Stanford Cars classification.

Paper: Top-1 69.4. GPUs: 1 x 128 images.
Command: python tools/train.py configs/ablations/vgg_loss/cls_cars_edsr_x8.py
Choice: VGG19 before its last ReLU, weight 1; the paper does not say. Weights: losses.vgg.weights.
"""

_base_ = ['../../_base_/pairs/cls_cars_edsr_x8.py', '../../_base_/settings/vgg_loss.py',
          '../../_base_/schedules/cls_200e_restart.py']  # fmt: skip

model = dict(losses=dict(vgg=dict(type='VGGLoss')))
