# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Print what a bug report should say: ``python -m sr4ir_mm.utils.collect_env``."""

import importlib
import platform

from sr4ir_mm.compat import TESTED_STACKS, how_to_install, installed_versions
from sr4ir_mm.version import __version__


def collect_env() -> dict[str, str]:
    """Collect versions; libraries are named by the distributions of the stack that is here.

    Returns:
        dict[str, str]: What is printed, in its order. What is missing says 'not installed'; of both
            stacks if there is something of both, or nothing of either.
    """
    import numpy
    import torch

    installed = installed_versions()
    env = {
        'sr4ir_mm': __version__,
        'Platform': platform.platform(),
        'Python': platform.python_version(),
        'NumPy': numpy.__version__,
        'CUDA of torch': torch.version.cuda or 'none, a CPU build',
        'GPU': ', '.join(_gpus()) or 'none',
    }
    shared = set.intersection(*map(set, TESTED_STACKS.values()))
    stacks = [names for names in TESTED_STACKS.values() if installed.keys() & names.keys() - shared]
    for name in {name: None for stack in stacks or TESTED_STACKS.values() for name in stack}:
        env[name] = installed.get(name, 'not installed')
    env['mmcv ops'] = mmcv_ops()
    return env


def mmcv_ops() -> str:
    """Tell whether mmcv's compiled ops are there and load, and whether they were built for CUDA."""
    try:
        ops = importlib.import_module('mmcv.ops')
        cuda = ops.get_compiling_cuda_version()
    except ImportError as error:
        return f'missing ({error}): {how_to_install("mmcv")}'
    if cuda == 'not available':
        return 'compiled, for the CPU only'
    return f'compiled, with CUDA {cuda}'


def _gpus() -> list[str]:
    import torch

    return [torch.cuda.get_device_name(index) for index in range(torch.cuda.device_count())]


def main() -> None:
    """Print one line for each."""
    env = collect_env()
    width = max(map(len, env))
    for name, value in env.items():
        print(f'{name:<{width}}  {value}')


if __name__ == '__main__':
    main()
