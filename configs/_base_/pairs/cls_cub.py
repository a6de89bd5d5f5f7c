"""CUB-200-2011 classification with ResNet-18, without an SR net."""

_base_ = ['../default_runtime.py', '../datasets/cub.py', '../models/resnet18_cub.py']
