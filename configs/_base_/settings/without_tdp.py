"""Table 4, SR4IR without the TDP loss: phase 1 has the pixel loss alone."""

phases = [
    dict(update='sr', losses=dict(pixel=dict(sr=1.0))),
    dict(update='task', losses=dict(task=dict(sr=0.34, hr=0.34, cqmix=0.34)), train_mode='sr'),
]
