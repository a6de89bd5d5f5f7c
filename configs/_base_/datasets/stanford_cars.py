"""Stanford Cars, 8144 / 8041 images of 196 classes, short side 256; crops of 224 x 224.

python tools/dataset_converters/prepare_stanford_cars.py ARCHIVES --out data/
"""

_base_ = './loaders.py'

_load = [
    dict(type='sr4ir_mm.LoadImage'),
    dict(type='sr4ir_mm.ResizeShortSide', size=256),
]
_pack = dict(type='PackInputs', meta_keys=('img_path', 'ori_shape', 'img_shape'))
_dataset = dict(
    _scope_='mmpretrain',
    type='sr4ir_mm.SortedStanfordCars',
    data_root='data/stanford_cars',
    split='train',
    pipeline=[
        *_load,
        dict(type='RandomCrop', crop_size=224),
        dict(type='RandomFlip', prob=0.5),
        _pack,
    ],
)

train_dataloader = dict(
    batch_size=128,
    dataset=_dataset,
)
val_dataloader = dict(
    batch_size=32,
    dataset=dict(
        _dataset,
        split='test',
        pipeline=[*_load, dict(type='CenterCrop', crop_size=224), _pack],
    ),
)
test_dataloader = val_dataloader

val_evaluator = [
    dict(type='mmpretrain.Accuracy', topk=(1,)),
    *_base_.val_evaluator,
]
test_evaluator = val_evaluator
visualizer = dict(type='mmpretrain.UniversalVisualizer', vis_backends=_base_.vis_backends)
