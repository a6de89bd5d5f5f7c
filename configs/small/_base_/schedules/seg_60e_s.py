"""60 epochs of the SR net alone, at three times the rate."""

_base_ = './seg_60e.py'

optim_wrapper = dict(sr=dict(optimizer=dict(lr=3e-4)))
