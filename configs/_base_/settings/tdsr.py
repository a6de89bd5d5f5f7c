"""Table 7, TDSR: S is trained on the pixel loss and the loss of a trained, fixed T."""

phases = [
    dict(update='sr', losses=dict(pixel=dict(sr=1.0), task=dict(sr=0.1))),
]
