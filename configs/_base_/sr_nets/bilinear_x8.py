"""No SR net: bilinear up-sampling by 8, with aligned corners as in the authors' code."""

scale = 8
sr = dict(type='BilinearUpsampler', scale=scale)
