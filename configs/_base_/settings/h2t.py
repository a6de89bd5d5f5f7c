"""I_HR -> T, the oracle: train T on HR images."""

phases = [dict(update='task', losses=dict(task=dict(hr=1.0)))]
