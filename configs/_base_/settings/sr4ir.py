"""SR4IR (Section 3.3 and Eq. 3 of the paper): alternate between S and T.

Phase 1 updates S on the pixel loss and the TDP loss; phase 2 updates T on SR, HR and CQMix images.
The authors' code leaves S in train mode in phase 2 (SwinIR's drop path stays on) and weighs each of
the three by 0.34.
"""

phases = [
    dict(update='sr', losses=dict(pixel=dict(sr=1.0), tdp=dict(sr=1.0))),
    dict(update='task', losses=dict(task=dict(sr=0.34, hr=0.34, cqmix=0.34)), train_mode='sr'),
]
