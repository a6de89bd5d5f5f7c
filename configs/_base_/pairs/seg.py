"""VOC2012 segmentation with DeepLabV3 on MobileNetV3-Large, without an SR net."""

_base_ = ['../default_runtime.py', '../datasets/voc_seg.py', '../models/deeplabv3_mobilenet_v3.py']
