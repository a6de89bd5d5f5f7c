# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""A trained pair, ready for LR images."""

import warnings
from collections import defaultdict
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import torch
from mmengine.config import Config
from mmengine.registry import DATASETS, init_default_scope
from mmengine.structures import BaseDataElement

from sr4ir_mm.checkpoints import check_state_dict, last_checkpoint, read_checkpoint
from sr4ir_mm.errors import CheckpointError, ConfigError
from sr4ir_mm.models import SR4IR
from sr4ir_mm.models.build_net import load_library_config
from sr4ir_mm.registry import MODELS


def init_model(
    config: str | Path | Config,
    checkpoint: str | Path | None = None,
    device: str | torch.device | None = None,
) -> SR4IR:
    """Build a config's model and load its weights.

    Args:
        config (str | Path | Config): A config, its path, or the name of one of ours, such as
            'sr4ir/det_edsr_x4'.
        checkpoint (str | Path, optional): A checkpoint, or a work dir, of which the last one is
            taken. None leaves the weights at random, with a warning. Defaults to None.
        device (str | torch.device, optional): None takes a GPU if there is one. Defaults to None.

    Returns:
        SR4IR: In eval mode; ``cfg`` is its config, ``dataset_meta`` has the classes.

    Raises:
        ConfigError: There is no such config, or its model cannot be built.
        CheckpointError: The weights cannot be read, or are of another model.
    """
    cfg = deepcopy(find_config(config))
    init_default_scope(cfg.get('default_scope', 'sr4ir_mm'))
    cfg.model.init = None  # what training starts from does not matter here
    model = MODELS.build(cfg.model)
    meta: dict[str, Any] = {}
    if checkpoint is None:
        warnings.warn('There is no checkpoint: the weights are random.', stacklevel=2)
    else:
        path = _file(checkpoint)
        content = read_checkpoint(path)
        state = content.get('state_dict', content)
        check_state_dict(model, state, f'{path}, for the model of {cfg.filename}')
        model.load_state_dict(state)
        meta = (content.get('meta') or {}).get('dataset_meta') or {}
    model.cfg = cfg
    model.dataset_meta = meta or _dataset_meta(cfg)
    device = device or ('cuda' if torch.cuda.is_available() else 'cpu')
    return model.to(device).eval()


def inference_model(
    model: SR4IR, images: np.ndarray | Sequence[np.ndarray]
) -> BaseDataElement | list[BaseDataElement]:
    """Restore LR images and predict on them.

    Images of one size are a batch. Those of another size are not padded to it, which would change
    them near their borders: so each result is that of the image alone.

    Args:
        model (SR4IR): Of :func:`init_model`.
        images (np.ndarray | Sequence[np.ndarray]): An LR image ``(h, w, 3)``, BGR, in 0..255, or
            several.

    Returns:
        BaseDataElement | list[BaseDataElement]: The library's data sample, or one for each image,
            in pixels of the SR image, with the images ``lr`` and ``sr``, ``(3, H, W)``, RGB,
            nominally in [0, 1].
    """
    if isinstance(images, np.ndarray):
        return _infer(model, [images])[0]
    sizes = defaultdict(list)
    for index, image in enumerate(images):
        sizes[image.shape].append(index)
    found: dict[int, BaseDataElement] = {}
    for indices in sizes.values():
        found |= dict(zip(indices, _infer(model, [images[i] for i in indices]), strict=True))
    return [found[index] for index in range(len(images))]


@torch.no_grad()
def _infer(model: SR4IR, images: Sequence[np.ndarray]) -> list[BaseDataElement]:
    lr = [torch.from_numpy(np.ascontiguousarray(image.transpose(2, 0, 1))) for image in images]
    return model.test_step(dict(inputs=dict(lr=lr), data_samples=[]))


def find_config(config: str | Path | Config) -> Config:
    """Load a config by its path, or by its name below our ``configs``.

    Raises:
        ConfigError: There is none.
    """
    if isinstance(config, Config):
        return config
    if Path(config).is_file():
        return Config.fromfile(config)
    path = str(config) if '::' in str(config) else f'sr4ir_mm::{config}'
    try:
        return load_library_config(path, 'The model')[0]
    except ConfigError as error:
        raise ConfigError(
            f'There is no config {config}: neither a file, nor one of ours, such as '
            f'sr4ir/det_edsr_x4 ({error})'
        ) from error


def _file(checkpoint: str | Path) -> str | Path:
    if not Path(checkpoint).is_dir():
        return checkpoint
    path = last_checkpoint(checkpoint)
    if path is None:
        raise CheckpointError(f'There is no whole checkpoint in {checkpoint}.')
    return path


def _dataset_meta(cfg: Config) -> dict:
    """Ask the data set of the config for its classes."""
    dataset = (cfg.get('test_dataloader') or {}).get('dataset', {})
    with DATASETS.switch_scope_and_registry(dataset.get('_scope_')) as registry:
        kind = registry.get(dataset['type']) if 'type' in dataset else None
    return dict(getattr(kind, 'METAINFO', {})) | dict(dataset.get('metainfo') or {})
