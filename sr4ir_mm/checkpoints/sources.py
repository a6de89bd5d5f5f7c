# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""From what a config names to a file on this machine."""

import os.path as osp
from pathlib import Path
from urllib.parse import urlparse

from sr4ir_mm.errors import CheckpointError


def fetch(source: str) -> Path:
    """Give the file of a source; download it if it is not in PyTorch's cache.

    Args:
        source (str): A path, ``http(s)://...``, or one of MMEngine's names for such an address:
            ``torchvision://``, ``open-mmlab://``, ``mmcls://``.

    Raises:
        CheckpointError: The name is unknown, or the download fails.
    """
    scheme, separator, name = source.partition('://')
    if not separator:
        return Path(source).expanduser()
    if scheme in ('http', 'https'):
        return _download(source)
    table = _addresses(scheme)
    if table is None:
        raise CheckpointError(
            f'{source}: nothing is read from {scheme}://. Get the file and name its path.'
        )
    if name not in table:
        raise CheckpointError(f'{source}: there is no {name} among the weights of {scheme}://.')
    return _download(table[name])


def _addresses(scheme: str) -> dict[str, str] | None:
    from mmengine.runner import checkpoint

    if scheme in ('torchvision', 'modelzoo'):
        return checkpoint.get_torchvision_models()
    if scheme == 'mmcls':
        return checkpoint.get_mmcls_models()
    if scheme in ('open-mmlab', 'openmmlab'):
        urls = checkpoint.get_external_models()
        renamed = checkpoint.get_deprecated_model_names()
        return urls | {old: urls[new] for old, new in renamed.items() if new in urls}
    return None


def _download(url: str) -> Path:
    """Download where PyTorch does, one process for all; it writes a temporary file first."""
    import torch
    from mmengine.dist import barrier, is_main_process

    path = Path(torch.hub.get_dir(), 'checkpoints', osp.basename(urlparse(url).path))
    try:
        if is_main_process() and not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            torch.hub.download_url_to_file(url, str(path))
    except (OSError, RuntimeError) as error:
        raise CheckpointError(
            f'{url} cannot be downloaded ({error}). Get it on a machine with a network and put it '
            f'at {path}.'
        ) from error
    finally:
        barrier()  # the others wait, also if it failed
    return path
