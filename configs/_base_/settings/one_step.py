"""Control without alternation: the losses of SR4IR's two phases in one step of both nets."""

phases = [
    dict(
        update=('sr', 'task'),
        losses=dict(pixel=dict(sr=1.0), tdp=dict(sr=1.0), task=dict(sr=0.34, hr=0.34, cqmix=0.34)),
    ),
]
