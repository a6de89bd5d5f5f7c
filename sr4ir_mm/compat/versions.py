# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The versions that the tests run with, and warnings of others."""

import warnings
from importlib.metadata import PackageNotFoundError, version

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
        if name in installed and release(installed[name]) != release(tested)
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
    if stack == 'classic' and release(installed.get('torch', '0')) >= (2, 6):
        warnings.warn(
            f'mmengine {installed.get("mmengine")} with torch {installed["torch"]} may be unable '
            'to load or resume its own checkpoints: use torch < 2.6 or onedl-mmengine.',
            stacklevel=2,
        )


def release(text: str) -> tuple[int, ...]:
    """Give major and minor version: patches and builds ('2.11.1+cu130') do not matter here."""
    return tuple(int(part) for part in text.split('+')[0].split('.')[:2] if part.isdigit())
