"""I_HR -> T, the oracle: train T on HR images.

It is also tested on them. T -> S, TDSR and Table 6 (B) start from its T.
"""

phases = [dict(update='task', losses=dict(task=dict(hr=1.0)))]
