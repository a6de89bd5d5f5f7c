"""What the data sets share: how they are loaded, and the metrics of images."""

train_dataloader = dict(
    num_workers=4,
    sampler=dict(type='DefaultSampler', shuffle=True),
    worker_init_fn=dict(type='sr4ir_mm.seed_worker'),
)
val_dataloader = dict(num_workers=4, sampler=dict(type='DefaultSampler', shuffle=False))
test_dataloader = val_dataloader

val_evaluator = [dict(type='PSNR'), dict(type='SSIM'), dict(type='LPIPS')]
val_cfg = dict(type='ValLoop')
test_cfg = dict(type='TestLoop')
vis_backends = [dict(type='LocalVisBackend')]
