"""Table 7, TDSR: S is trained on the pixel loss and the loss of a trained, fixed T.

Choice: the losses are weighed 1 to 0.1; the paper refers to its supplement.
"""

phases = [
    dict(update='sr', losses=dict(pixel=dict(sr=1.0), task=dict(sr=0.1))),
]
