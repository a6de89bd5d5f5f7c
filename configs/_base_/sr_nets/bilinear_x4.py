"""No SR net: bilinear up-sampling by 4, with aligned corners as in the authors' code."""

scale = 4
sr = dict(type='BilinearUpsampler', scale=scale)
