"""S -> T: train T on the images of a trained S.

S is the one that setting ``s`` trains on the pixel loss; it stays as it is.
"""

phases = [dict(update='task', losses=dict(task=dict(sr=1.0)))]
