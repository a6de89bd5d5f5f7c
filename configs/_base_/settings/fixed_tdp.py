"""Table 6 (B): TDP in the features of a task net that was trained on HR images and is fixed.

The model says so: ``losses=dict(tdp=dict(net='fixed_task'))``.
"""

phases = [
    dict(update='sr', losses=dict(pixel=dict(sr=1.0), tdp=dict(sr=1.0))),
    dict(update='task', losses=dict(task=dict(sr=0.34, hr=0.34, cqmix=0.34)), train_mode='sr'),
]
