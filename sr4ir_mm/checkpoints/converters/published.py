# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Published weights, recognised by their names, as weights of the project's nets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from sr4ir_mm.errors import CheckpointError

from .deeplabv3 import DEEPLABV3
from .edsr import count_blocks, edsr, mean_shifts
from .faster_rcnn import FASTER_RCNN
from .key_map import KeyMap
from .mobilenet_v3 import MOBILENET_V3
from .resnet import RESNET

State = dict[str, Tensor]


@dataclass(frozen=True)
class Published:
    """A published form of a net.

    Args:
        name (str): What it is called.
        net (str): Which net of ours it is for, 'sr' or 'task'.
        theirs (tuple[str, ...]): Names by which a state dict of theirs is recognised.
        ours (tuple[str, ...]): Names by which one of ours is.
        to_mm (Callable): From theirs to ours, names below the net.
        from_mm (Callable, optional): Back; None where something was left out.
        heads (tuple[str, ...]): How weights begin, below a part or below the net, that a net may
            lack which ends before. Defaults to none.
    """

    name: str
    net: str
    theirs: tuple[str, ...]
    ours: tuple[str, ...]
    to_mm: Callable[[Mapping[str, Tensor]], State]
    from_mm: Callable[[Mapping[str, Tensor]], State] | None
    heads: tuple[str, ...] = ()


def _edsr_to_mm(state: Mapping[str, Tensor]) -> State:
    shifts = mean_shifts()
    for key, value in shifts.items():
        if key in state and not torch.allclose(state[key], value, atol=1e-3):
            raise CheckpointError(
                f'{key} of this EDSR is {state[key].flatten().tolist()}, not the mean of DIV2K in '
                'the range 0 to 255: it was trained for other images.'
            )
    rest = {key: value for key, value in state.items() if key not in shifts}
    return edsr(count_blocks(state, '.body.2.weight')).to_mm(rest)


def _edsr_from_mm(state: Mapping[str, Tensor]) -> State:
    return edsr(count_blocks(state, '.conv2.weight')).from_mm(state) | mean_shifts()


def _timm(state: Mapping[str, Tensor]) -> State:
    """Name weights as :class:`mmpretrain.TIMMBackbone` does, without the classifier."""
    rest = {k: v for k, v in state.items() if not k.startswith('classifier.')}
    return {f'timm_model.{key}': value for key, value in rest.items()}


def _backbone(keys: KeyMap, classifier: str) -> Callable[[Mapping[str, Tensor]], State]:
    """Leave the ImageNet classifier out."""

    def to_mm(state: Mapping[str, Tensor]) -> State:
        return keys.to_mm({k: v for k, v in state.items() if not k.startswith(classifier)})

    return to_mm


FORMS = (
    Published(
        'EDSR (EDSR-PyTorch)',
        'sr',
        ('head.0.weight', 'body.0.body.0.weight', 'tail.1.weight'),
        ('conv_first.weight', 'body.0.conv1.weight', 'conv_last.weight'),
        _edsr_to_mm,
        _edsr_from_mm,
    ),
    Published(
        'SwinIR',
        'sr',
        ('layers.0.residual_group.blocks.0.norm1.weight', 'conv_first.weight'),
        ('layers.0.residual_group.blocks.0.norm1.weight', 'conv_first.weight'),
        dict,
        dict,
    ),
    Published(
        'DeepLabV3 with MobileNetV3-Large (torchvision)',
        'task',
        ('backbone.0.0.weight', 'classifier.0.convs.0.0.weight'),
        ('backbone.layer0.conv.weight', 'decode_head.branches.0.0.weight'),
        DEEPLABV3.to_mm,
        DEEPLABV3.from_mm,
    ),
    Published(
        'Faster R-CNN with MobileNetV3-Large-FPN (torchvision)',
        'task',
        ('backbone.body.0.0.weight', 'rpn.head.cls_logits.weight'),
        ('backbone.layer0.conv.weight', 'roi_head.bbox_head.fc_cls.weight'),
        FASTER_RCNN.to_mm,
        FASTER_RCNN.from_mm,
    ),
    Published(
        'ResNet-18 (torchvision)',
        'task',
        ('conv1.weight', 'layer4.1.conv2.weight', 'fc.weight'),
        ('backbone.conv1.weight', 'backbone.layer4.1.conv2.weight', 'head.fc.weight'),
        RESNET.to_mm,
        RESNET.from_mm,
    ),
    Published(
        'MobileNetV3-Large (torchvision), of which the backbone is taken',
        'task',
        ('features.0.0.weight', 'features.16.0.weight', 'classifier.3.weight'),
        (),
        _backbone(KeyMap(MOBILENET_V3.under('features.', 'backbone.')), 'classifier.'),
        None,
    ),
    Published(
        'EfficientNet (timm), of which the backbone is taken',
        'task',
        ('conv_stem.weight', 'blocks.0.0.conv_dw.weight', 'classifier.weight'),
        (),
        _timm,
        None,
        heads=('timm_model.conv_head.', 'timm_model.bn2.', 'conv_head.', 'bn2.'),
    ),
)


def recognise(state: Mapping[str, object]) -> Published | None:
    """Find out what a published state dict is of, by its names; None if it is nothing known."""
    return next((form for form in FORMS if all(key in state for key in form.theirs)), None)


def recognise_ours(state: Mapping[str, object]) -> Published | None:
    """Find out which published form one of our nets has; None if it has none."""
    return next((f for f in FORMS if f.ours and all(key in state for key in f.ours)), None)


def to_mm(form: Published, state: Mapping[str, Tensor], source: str) -> State:
    """Rename published weights.

    Raises:
        CheckpointError: There is a weight that this net does not have.
    """
    return _convert(form.to_mm, form, state, source)


def from_mm(form: Published, state: Mapping[str, Tensor], source: str) -> State:
    """Rename weights of ours to the published names.

    Raises:
        CheckpointError: There is a weight that this net does not have.
    """
    if form.from_mm is None:
        raise CheckpointError(f'{source}: there is no way back to {form.name}.')
    return _convert(form.from_mm, form, state, source)


def _convert(convert: Callable, form: Published, state: Mapping, source: str) -> State:
    try:
        return convert(state)
    except CheckpointError as error:
        raise CheckpointError(f'{source}: {error}') from error
    except KeyError as error:
        raise CheckpointError(
            f'{source} looks like {form.name}, but has the weight {error.args[0]}, which that net '
            'does not have: it is of another architecture.'
        ) from error
