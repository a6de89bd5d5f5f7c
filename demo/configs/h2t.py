"""I_HR -> T of the demo: the oracle."""

_base_ = [
    './_base_/cls.py',
    '../../configs/_base_/settings/h2t.py',
    './_base_/schedule.py',
]

model = dict(predict_on='hr')
