"""S -> T: train T on the images of a trained S, which stays as it is."""

phases = [dict(update='task', losses=dict(task=dict(sr=1.0)))]
