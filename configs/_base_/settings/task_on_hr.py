"""Table 5, I_HR: SR4IR with T trained on HR images alone.

Choice: the paper does not give the weight; 1.02 is the sum of SR4IR's.
"""

phases = [
    dict(update='sr', losses=dict(pixel=dict(sr=1.0), tdp=dict(sr=1.0))),
    dict(update='task', losses=dict(task=dict(hr=1.02))),
]
