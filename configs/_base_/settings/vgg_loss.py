"""Table 6 (A): the perceptual loss of a fixed ImageNet VGG in place of TDP.

Choice: VGG19 before its last ReLU, weight 1; the paper does not say. Weights: losses.vgg.weights.
"""

phases = [
    dict(update='sr', losses=dict(pixel=dict(sr=1.0), vgg=dict(sr=1.0))),
    dict(update='task', losses=dict(task=dict(sr=0.34, hr=0.34, cqmix=0.34)), train_mode='sr'),
]
