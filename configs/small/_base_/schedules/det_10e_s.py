"""10 epochs of the SR net alone, at three times the rate."""

_base_ = './det_10e.py'

optim_wrapper = dict(sr=dict(optimizer=dict(lr=3e-4)))
