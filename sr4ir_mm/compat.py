# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Every workaround for a version of another library, each with its reason.

What is slow to import (torch, mmcv, mmagic) is imported inside the functions that use it.
"""

import functools
import importlib
import importlib.util
import os
import warnings
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import ModuleType
from typing import Any

from .errors import ConfigError

# The versions that the tests run with, by distribution.
TESTED_STACKS = {
    'current': {
        'torch': '2.11.0',
        'torchvision': '0.26.0',
        'onedl-mmengine': '0.10.12',
        'onedl-mmcv': '2.3.6',
        'onedl-mmdetection': '3.5.1',
        'onedl-mmsegmentation': '1.4.2',
        'onedl-mmpretrain': '1.3.6',
        'mmagic': '1.2.0',
        'lpips': '0.1.4',
    },
    'classic': {
        'torch': '2.1.2',
        'torchvision': '0.16.2',
        'mmengine': '0.10.7',
        'mmcv': '2.1.0',
        'mmdet': '3.3.0',
        'mmsegmentation': '1.2.2',
        'mmpretrain': '1.2.0',
        'mmagic': '1.2.0',
        'lpips': '0.1.4',
    },
}


def installed_versions() -> dict[str, str]:
    """Tell the versions of what is installed of both stacks, by distribution; imports nothing."""
    versions = {}
    for name in {name: None for stack in TESTED_STACKS.values() for name in stack}:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return versions


def warn_untested_versions(installed: dict[str, str] | None = None) -> None:
    """Warn, once, of versions that the tests do not run with. Never stops anything.

    Args:
        installed (dict[str, str], optional): Versions by distribution. Defaults to
            :func:`installed_versions`.
    """
    installed = installed_versions() if installed is None else installed
    both = [name for name in ('mmengine', 'mmcv') if {name, f'onedl-{name}'} <= installed.keys()]
    if both:
        warnings.warn(
            f'{both[0]} and onedl-{both[0]} are both installed: they are the same module and '
            'overwrite each other. Make the environment anew with one of them.',
            stacklevel=2,
        )
    stack = 'current' if 'onedl-mmengine' in installed else 'classic'
    differing = [
        f'{name} {installed[name]} (tested: {tested})'
        for name, tested in TESTED_STACKS[stack].items()
        if name in installed and _release(installed[name]) != _release(tested)
    ]
    if differing:
        matrix = '; '.join(
            f'{name}: ' + ', '.join(f'{dist} {tested}' for dist, tested in tested_stack.items())
            for name, tested_stack in TESTED_STACKS.items()
        )
        warnings.warn(
            f'sr4ir_mm is not tested with {", ".join(differing)}. Tested stacks: {matrix}.',
            stacklevel=2,
        )
    # From 2.6 on torch.load refuses pickled objects by default, and MMEngine's checkpoints hold
    # some (HistoryBuffer). The onedl fork asks for them explicitly, 0.10.7 does not.
    if stack == 'classic' and _release(installed.get('torch', '0')) >= (2, 6):
        warnings.warn(
            f'mmengine {installed.get("mmengine")} with torch {installed["torch"]} may be unable '
            'to load or resume its own checkpoints: use torch < 2.6 or onedl-mmengine.',
            stacklevel=2,
        )


def _release(text: str) -> tuple[int, ...]:
    """Give major and minor version: patches and builds ('2.11.1+cu130') do not matter here."""
    return tuple(int(part) for part in text.split('+')[0].split('.')[:2] if part.isdigit())


def register_config_packages() -> None:
    """Make paths such as ``'sr4ir_mm::sr4ir/det_edsr_x4.py'`` and ``'mmseg::...'`` resolve.

    Raises:
        ImportError: MMEngine is not installed.
    """
    try:
        from mmengine.config.utils import MODULE2PACKAGE
    except ModuleNotFoundError as error:
        raise ImportError(
            'sr4ir_mm needs MMEngine: run `make env`, or pip install -r requirements.txt (the '
            'onedl forks) or -r requirements/classic.txt (OpenMMLab).'
        ) from error
    # MMEngine looks for the *distribution* of this name beside its metadata, where an editable
    # install has no package. For a module it asks the import system, which always knows.
    MODULE2PACKAGE['sr4ir_mm'] = 'sr4ir_mm.version'
    # MMEngine maps 'mmseg' to the distribution 'mmsegmentation'. Where a fork of another name
    # gives that module, mmengine.hub would pip-install the official one over the fork.
    for module in ('mmdet', 'mmseg', 'mmpretrain', 'mmagic'):
        if not _is_distribution(MODULE2PACKAGE[module]) and importlib.util.find_spec(module):
            MODULE2PACKAGE[module] = module


def _is_distribution(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


@functools.cache
def import_mmagic() -> ModuleType:
    """Import mmagic 1.2.0 and its models, also beside a newer mmcv and NumPy 2.

    After it, look-ups such as ``'mmagic.EDSRNet'`` work. It takes seconds (mmagic pulls in
    diffusers and transformers): call it where an mmagic net is named, and nowhere else.

    Raises:
        ImportError: mmagic, or something that it imports, is missing.
    """
    if importlib.util.find_spec('mmagic') is None:
        raise ImportError(
            'mmagic is not installed: run `make env`, or pip install --no-deps mmagic==1.2.0 '
            '(with its dependencies it would replace NumPy 2).'
        )
    import mmcv
    import numpy as np

    mmcv_version = mmcv.__version__
    lacks_bool8 = 'bool8' not in vars(np)
    try:
        # mmagic asserts mmcv < 2.2.0, though its nets run with newer ones.
        mmcv.__version__ = '2.1.0'
        # mmagic.utils names np.bool8, which NumPy 2 lacks and 1.24 deprecates.
        if lacks_bool8:
            np.bool8 = np.bool_  # type: ignore[attr-defined]
        mmagic = importlib.import_module('mmagic')
        importlib.import_module('mmagic.models')
    except ImportError as error:
        raise ImportError(
            f'mmagic cannot be imported: {error}. It needs diffusers 0.24.0, transformers 4.37.2 '
            'and huggingface-hub 0.25.2, among others: run `make env`, or pip install '
            '-r requirements.txt.'
        ) from error
    finally:
        mmcv.__version__ = mmcv_version
        if lacks_bool8:
            del np.bool8  # type: ignore[attr-defined]
    return mmagic


def torch_globals() -> dict[str, Any]:
    """Give what PyTorch allows in a file of weights only, by full name; it differs by version."""
    from torch import _weights_only_unpickler

    return _weights_only_unpickler._get_allowed_globals()


def load_weights_only(file: Path, map_location: Any, allowed: dict, restricted: Callable) -> Any:
    """Call ``torch.load(weights_only=True)`` with further types that a file may name.

    Before 2.6 nobody can name some; there the file is read with a pickle module that we make.

    Args:
        file (Path): No TorchScript, which old versions would run.
        map_location (Any): See :func:`torch.load`.
        allowed (dict[str, Any]): Types and functions by full name.
        restricted (Callable): Makes a pickle module of all that is allowed.
    """
    import torch

    if _release(torch.__version__) >= (2, 6):
        with torch.serialization.safe_globals([(v, name) for name, v in allowed.items()]):
            return torch.load(file, map_location=map_location, weights_only=True)
    pickle_module = restricted(torch_globals() | allowed)
    return torch.load(
        file, map_location=map_location, weights_only=False, pickle_module=pickle_module
    )


def ensure_process_group(launcher: str) -> None:
    """Join the processes by gloo on a machine without a GPU; does nothing on one with a GPU.

    MMEngine's ``--launcher pytorch`` calls ``torch.cuda.set_device``, which fails without a GPU,
    unless it finds that the processes are joined already. So call this before building a Runner.

    Args:
        launcher (str): The launcher of the run; only 'pytorch' is told its rank by ``torchrun``.

    Raises:
        ConfigError: The process was not started by ``torchrun``.
    """
    import torch
    from torch import distributed

    if launcher != 'pytorch' or torch.cuda.is_available() or distributed.is_initialized():
        return
    missing = {'RANK', 'WORLD_SIZE', 'MASTER_ADDR', 'MASTER_PORT'} - os.environ.keys()
    if missing:
        raise ConfigError(
            f'--launcher pytorch needs the environment variables {", ".join(sorted(missing))}: '
            'start the run by torchrun, as dist_train.sh does.'
        )
    distributed.init_process_group('gloo')


def leave_process_group(code: int = 0) -> None:
    """End a process that worked in a gloo group, with an exit code; do nothing without one.

    gloo's threads now and then abort Python while it winds up (torch 2.11: "terminate called
    without an active exception", exit code -6), and the launcher then calls a finished run failed.
    So when all is written, such a process ends at once.
    """
    import sys

    import torch.distributed as dist

    if not dist.is_available() or not dist.is_initialized():
        return
    gloo = dist.get_backend() == 'gloo'
    dist.destroy_process_group()
    if gloo:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
