"""Table 5, I_SR + I_HR: T is trained without CQMix, at the sum of SR4IR's weights."""

phases = [
    dict(update='sr', losses=dict(pixel=dict(sr=1.0), tdp=dict(sr=1.0))),
    dict(update='task', losses=dict(task=dict(sr=0.51, hr=0.51)), train_mode='sr'),
]
