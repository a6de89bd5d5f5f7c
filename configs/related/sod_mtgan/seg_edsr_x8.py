"""Table 7, row SOD-MTGAN, EDSR-baseline x8: VOC2012 segmentation.

Paper: mIoU 51.6. GPUs: 1 x 16 images.
Command: python tools/train.py configs/related/sod_mtgan/seg_edsr_x8.py
Choice: 0.001 adversarial, 0.01 task for S; a discriminator like T; a separate T for tests.
"""

_base_ = ['../../_base_/pairs/seg_edsr_x8.py', '../../_base_/settings/sod_mtgan.py',
          '../../_base_/schedules/seg_100e.py']  # fmt: skip

_discriminator = dict(type='MultiTaskDiscriminator', task=_base_.model.task, in_channels=960)
model = dict(
    extra_nets=dict(discriminator=_discriminator),
    losses=_base_.discriminator_losses,
    init={'discriminator.net.backbone': 'torchvision://mobilenet_v3_large.imagenet1k_v1'},
)
optim_wrapper = dict(discriminator=_base_.discriminator_optimizer)
param_scheduler = dict(discriminator=_base_.param_scheduler.sr)
