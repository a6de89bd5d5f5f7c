"""S + T: train both in one step, on the pixel loss and the task loss.

Nothing alternates, and there is neither TDP nor CQMix.
"""

phases = [dict(update=('sr', 'task'), losses=dict(pixel=dict(sr=1.0), task=dict(sr=1.0)))]
