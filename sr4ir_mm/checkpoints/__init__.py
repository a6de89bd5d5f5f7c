# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Checkpoints: read, recognise, convert, check, write, find the last one.

Nobody else opens a ``.pth``. Importing this imports no PyTorch: programs that only look for files
are quick.
"""

from .init_net import find_source, init_net_from
from .last import POINTER, checkpoint_to_resume, last_checkpoint, steps_of
from .meta import VALIDATION_DUE, done_of, read_meta, trained_config, training_seconds
from .mmengine_loaders import guard_mmengine
from .previous import set_aside
from .reading import read_checkpoint, trusting
from .saving import checkpoint_file, save_checkpoint
from .state_dict import check_state_dict, load_state_dict, weights_in

__all__ = [
    'POINTER',
    'VALIDATION_DUE',
    'checkpoint_file',
    'check_state_dict',
    'checkpoint_to_resume',
    'done_of',
    'find_source',
    'guard_mmengine',
    'init_net_from',
    'last_checkpoint',
    'load_state_dict',
    'read_checkpoint',
    'read_meta',
    'save_checkpoint',
    'set_aside',
    'steps_of',
    'trained_config',
    'training_seconds',
    'trusting',
    'weights_in',
]
