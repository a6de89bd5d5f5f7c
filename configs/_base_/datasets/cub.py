"""CUB-200-2011, 5994 / 5794 images of 200 classes; prepared as Stanford Cars.

python tools/dataset_converters/prepare_cub.py CUB_200_2011.tgz --out data/
"""

_base_ = './stanford_cars.py'

_cub = dict(type='CUB', data_root='data/CUB_200_2011')

train_dataloader = dict(dataset=_cub)
val_dataloader = dict(dataset=_cub)
test_dataloader = val_dataloader
