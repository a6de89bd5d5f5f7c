# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What MMEngine reads by itself is read here, too."""

from typing import Any

from .reading import read_checkpoint

# All of MMEngine's, as regular expressions; '' is any other, a path.
PREFIXES = (
    '',
    'http://',
    'https://',
    'modelzoo://',
    'torchvision://',
    'open-mmlab://',
    'openmmlab://',
    'mmcls://',
    'pavi://',
    r'(\S+\:)?s3://',
    r'(\S+\:)?petrel://',
)


def guard_mmengine() -> None:
    """Let MMEngine read checkpoints by :func:`read_checkpoint` only, and pickles alike.

    ``load_from``, resuming, the libraries' ``init_cfg`` and MMEngine's hooks all end in its
    ``CheckpointLoader``, which unpickles a file without limits when reading it safely fails. Its
    ``register_scheme`` is made for putting in other loaders. So nothing is patched, and it holds
    for a plain ``Runner.from_cfg`` as for the tools. ``sr4ir_mm.models``, ``engine`` and
    ``datasets`` call this when they are imported, which is before a run reads anything.
    """
    from mmengine.fileio import register_handler
    from mmengine.runner.checkpoint import CheckpointLoader

    from .pickle_handler import SafePickleHandler

    CheckpointLoader.register_scheme(PREFIXES, load_from_weights_only, force=True)
    register_handler(['pkl', 'pickle'])(SafePickleHandler)


def load_from_weights_only(filename: str, map_location: Any = None) -> dict:
    """Read a checkpoint for MMEngine, which logs the end of this function's name.

    Args:
        filename (str): A path or another source; see :func:`fetch`.
        map_location (Any): See :func:`torch.load`.

    Raises:
        CheckpointError: See :func:`read_checkpoint`.
    """
    content = read_checkpoint(filename, map_location=map_location)
    if isinstance(content.get('meta'), dict):
        # Versions before 1.0 kept the config here, and resuming would run it as Python.
        content['meta'].pop('config', None)
    if filename.startswith('mmcls://'):  # it stands for the backbone of that classifier
        state, part = content.get('state_dict', content), 'backbone.'
        return dict(
            state_dict={k.removeprefix(part): v for k, v in state.items() if k.startswith(part)}
        )
    return content
