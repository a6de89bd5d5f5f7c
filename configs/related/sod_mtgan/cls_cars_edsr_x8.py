"""Table 7, row SOD-MTGAN, EDSR-baseline x8: Stanford Cars classification.

Paper: Top-1 68.1. GPUs: 1 x 128 images.
Command: python tools/train.py configs/related/sod_mtgan/cls_cars_edsr_x8.py
Choice: 0.001 adversarial, 0.01 task for S; a discriminator like T; a separate T for tests.
"""

_base_ = ['../../_base_/pairs/cls_cars_edsr_x8.py', '../../_base_/settings/sod_mtgan.py',
          '../../_base_/schedules/cls_200e.py']  # fmt: skip

_discriminator = dict(type='MultiTaskDiscriminator', task=_base_.model.task, in_channels=512)
model = dict(
    extra_nets=dict(discriminator=_discriminator),
    losses=_base_.discriminator_losses,
    init={'discriminator.net.backbone': 'torchvision://resnet18.imagenet1k_v1'},
)
optim_wrapper = dict(discriminator=_base_.discriminator_optimizer)
param_scheduler = dict(discriminator=_base_.param_scheduler.sr)
