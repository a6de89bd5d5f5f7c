"""Table 6 (C): S and T in one step, on TDP as well, which T can then also lower: it collapses.

Choice: T sees SR images; features in eval mode. Expected to collapse, so it is not an error.
"""

phases = [
    dict(
        update=('sr', 'task'), losses=dict(pixel=dict(sr=1.0), tdp=dict(sr=1.0), task=dict(sr=1.0))
    ),
]
