"""I_LR -> T: train T on up-sampled LR images.

The SR net is bilinear up-sampling, which has nothing to learn.
"""

phases = [dict(update='task', losses=dict(task=dict(sr=1.0)))]
