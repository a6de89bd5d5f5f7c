"""S + T: train both in one step, on the pixel loss and the task loss."""

phases = [dict(update=('sr', 'task'), losses=dict(pixel=dict(sr=1.0), task=dict(sr=1.0)))]
