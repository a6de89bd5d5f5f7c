"""Table 5, I_SR + I_HR: SR4IR with T trained on both, without CQMix.

Choice: the paper does not give the weights; their sum is 1.02, as in SR4IR.
"""

phases = [
    dict(update='sr', losses=dict(pixel=dict(sr=1.0), tdp=dict(sr=1.0))),
    dict(update='task', losses=dict(task=dict(sr=0.51, hr=0.51)), train_mode='sr'),
]
