"""Table 5, I_HR: T is trained on HR images alone, at the sum of SR4IR's weights."""

phases = [
    dict(update='sr', losses=dict(pixel=dict(sr=1.0), tdp=dict(sr=1.0))),
    dict(update='task', losses=dict(task=dict(hr=1.02))),
]
