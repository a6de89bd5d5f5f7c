# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""A trained pair, ready for LR images."""

import warnings
from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import deepcopy
from pathlib import Path

import numpy as np
import torch
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmengine.structures import BaseDataElement

from sr4ir_mm.checkpoints import (
    check_state_dict,
    last_checkpoint,
    read_checkpoint,
    trained_config,
)
from sr4ir_mm.errors import CheckpointError, ConfigError
from sr4ir_mm.models import SR4IR
from sr4ir_mm.registry import MODELS
from sr4ir_mm.utils.building import building

from .dataset_meta import dataset_meta
from .find_config import find_config
from .inputs import Input, Picture, as_list


def init_model(
    config: str | Path | Config | None,
    checkpoint: str | Path | None = None,
    device: str | torch.device | None = None,
) -> SR4IR:
    """Build a config's model and load its weights.

    Args:
        config (str | Path | Config, optional): A config, its path, or the name of one of ours, such
            as 'sr4ir/det_edsr_x4'. None takes the one that the checkpoint was trained with.
        checkpoint (str | Path, optional): A checkpoint, or a work dir, of which the last one is
            taken. None leaves the weights at random, with a warning. Defaults to None.
        device (str | torch.device, optional): None takes a GPU if there is one. Defaults to None.

    Returns:
        SR4IR: In eval mode; ``cfg`` is its config, ``dataset_meta`` has the classes.

    Raises:
        ConfigError: There is no such config or device, or the model cannot be built.
        CheckpointError: The weights cannot be read, or are of another model.
    """
    path: str | Path | None = None
    content: dict = {}
    if checkpoint is not None:
        path = _file(checkpoint)
        content = read_checkpoint(path)
    meta = content.get('meta') or {}
    if config is None:
        config = trained_config(meta, path or '')
        if config is None:
            raise ConfigError('Name a config: there is no checkpoint that holds the one it is of.')
    cfg = deepcopy(find_config(config))
    init_default_scope(cfg.get('default_scope', 'sr4ir_mm'))
    cfg.model.init = None  # what training starts from does not matter here
    with building(cfg):
        model = MODELS.build(cfg.model)
    if path is None:
        warnings.warn('There is no checkpoint: the weights are random.', stacklevel=2)
    else:
        state = content.get('state_dict', content)
        check_state_dict(model, state, f'{path}, for the model of {cfg.filename}')
        model.load_state_dict(state)
    model.cfg = cfg
    model.dataset_meta = dataset_meta(cfg, meta)
    return _to_device(model, device).eval()


def inference_model(
    model: SR4IR, images: Input | Iterable[Input], see: str | None = None
) -> BaseDataElement | list[BaseDataElement]:
    """Restore LR images and predict on them.

    Images of one size are a batch. Those of another size are not padded to it, which would change
    them near their borders: so each result is that of the image alone.

    Args:
        model (SR4IR): Of :func:`init_model`.
        images (Input | Iterable[Input]): A file, an address, or an LR image ``(h, w, 3)``, BGR, in
            0..255; or several.
        see (str, optional): What the task model sees, such as 'bilinear', LR images up-sampled.
            None is what the config says, which is 'sr' but for a baseline. Defaults to None.

    Returns:
        BaseDataElement | list[BaseDataElement]: The library's data sample, or one for each image,
            in pixels of the SR image, with the images ``lr`` and ``sr`` (what the task model saw),
            ``(3, H, W)``, RGB, nominally in [0, 1].

    Raises:
        DataError: An image cannot be read.
        ConfigError: The task model is to see HR images.
    """
    if isinstance(images, (str, Path, np.ndarray)):
        return _infer(model, [Picture('', images).load()], see)[0]
    loaded = [Picture(f'{index}', image).load() for index, image in enumerate(as_list(images))]
    sizes = defaultdict(list)
    for index, image in enumerate(loaded):
        sizes[image.shape].append(index)
    found: dict[int, BaseDataElement] = {}
    for indices in sizes.values():
        found |= dict(zip(indices, _infer(model, [loaded[i] for i in indices], see), strict=True))
    return [found[index] for index in range(len(loaded))]


@torch.no_grad()
def _infer(
    model: SR4IR, images: Sequence[np.ndarray], see: str | None = None
) -> list[BaseDataElement]:
    if (see or model.predict_on) == 'hr':
        raise ConfigError(
            "This pair is tested on HR images (model.predict_on='hr', as an oracle is), which no "
            "LR picture has: use the pair of another setting, or let it see 'bilinear'."
        )
    # A copy, for some decoders give what must not be written to.
    lr = [torch.from_numpy(image.transpose(2, 0, 1).copy()) for image in images]
    data = model.data_preprocessor(dict(inputs=dict(lr=lr), data_samples=[]))
    return model.predict(**data, image=see)


def _to_device(model: SR4IR, device: str | torch.device | None) -> SR4IR:
    try:
        return model.to(device or ('cuda' if torch.cuda.is_available() else 'cpu'))
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0]
        raise ConfigError(f'The device {device!r} cannot be used: {reason}') from error


def _file(checkpoint: str | Path) -> str | Path:
    if not Path(checkpoint).is_dir():
        return checkpoint
    path = last_checkpoint(checkpoint)
    if path is None:
        raise CheckpointError(f'There is no whole checkpoint in {checkpoint}.')
    return path
