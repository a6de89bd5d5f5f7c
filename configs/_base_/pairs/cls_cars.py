"""Stanford Cars classification with ResNet-18, without an SR net."""

_base_ = ['../default_runtime.py', '../datasets/stanford_cars.py', '../models/resnet18.py']
