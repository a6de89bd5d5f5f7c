"""The same for the 200 classes of CUB-200-2011."""

_base_ = './resnet18.py'

model = dict(task=dict(head=dict(num_classes=200)))
