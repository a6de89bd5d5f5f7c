"""I_LR -> T: train T on up-sampled LR images (the SR net is a bilinear up-sampler)."""

phases = [dict(update='task', losses=dict(task=dict(sr=1.0)))]
