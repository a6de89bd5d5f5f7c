"""VOC2012 detection with Faster R-CNN on MobileNetV3-Large, without an SR net."""

_base_ = [
    '../default_runtime.py',
    '../datasets/voc_det.py',
    '../models/faster_rcnn_mobilenet_v3.py',
]
