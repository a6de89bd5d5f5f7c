"""Table 6 (B): TDP in the features of a task net that was trained on HR images and is fixed.

The phases are SR4IR's; the model says which net: ``losses=dict(tdp=dict(net='fixed_task'))``.
"""

_base_ = './sr4ir.py'
