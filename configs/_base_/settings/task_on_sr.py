"""Table 5, I_SR: T is trained on SR images alone, at the sum of SR4IR's weights."""

phases = [
    dict(update='sr', losses=dict(pixel=dict(sr=1.0), tdp=dict(sr=1.0))),
    dict(update='task', losses=dict(task=dict(sr=1.02)), train_mode='sr'),
]
