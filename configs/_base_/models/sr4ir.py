"""SR4IR around any two nets: how LR images are made, and the parts of the method."""

model = dict(
    type='SR4IR',
    data_preprocessor=dict(type='SRDataPreprocessor', pad_mode='replicate'),
    degradation=dict(type='BicubicDegradation', antialias=False, quantize=True),
    cqmix=dict(type='CQMix', grid=8, prob=0.5),
    losses=dict(tdp=dict(type='TDPLoss', layers=(-1,), weights=(1.0,))),
)
