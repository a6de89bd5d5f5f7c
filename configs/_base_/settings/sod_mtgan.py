"""Table 7, SOD-MTGAN: S against a discriminator that also learns the task.

Phase 1 updates the discriminator on HR and SR images, phase 2 S on the pixel loss and on what the
discriminator says, phase 3 the task net on the images of S.

Choice: 0.001 adversarial, 0.01 task for S; a discriminator like T; a separate T for tests.
"""

phases = [
    dict(
        update='discriminator',
        losses=dict(adversarial=dict(hr=1.0, sr=1.0), discriminator_task=dict(hr=1.0, sr=1.0)),
    ),
    dict(
        update='sr',
        losses=dict(
            pixel=dict(sr=1.0), adversarial=dict(sr=0.001), discriminator_task=dict(sr=0.01)
        ),
    ),
    dict(update='task', losses=dict(task=dict(sr=1.0)), train_mode='sr'),
]
discriminator_losses = dict(
    adversarial=dict(type='AdversarialLoss'),
    discriminator_task=dict(type='TaskLoss', net='discriminator'),
)
discriminator_optimizer = dict(
    type='OptimWrapper', optimizer=dict(type='AdamW', lr=1e-4, weight_decay=0.0)
)
