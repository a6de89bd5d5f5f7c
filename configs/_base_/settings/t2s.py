"""T -> S: train S on the pixel loss and on the loss of a trained T.

T is the oracle's, of setting ``h2t``; it stays as it is.
"""

phases = [dict(update='sr', losses=dict(pixel=dict(sr=1.0), task=dict(sr=1.0)))]
