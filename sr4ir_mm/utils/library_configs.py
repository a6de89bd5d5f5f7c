# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Configs of installed libraries, ours included, by their names."""

import importlib.util
import os.path as osp
from pathlib import Path

from mmengine.config import Config
from mmengine.utils import get_installed_path, scandir

from sr4ir_mm.compat import how_to_install
from sr4ir_mm.errors import ConfigError

from .spelling import suggest


def load_library_config(path: str, key: str) -> tuple[Config, str]:
    """Load a config of an installed library, or a local one.

    Args:
        path (str): ``'mmdet::atss/atss_r50_fpn_1x_coco.py'``, or a file.
        key (str): Where it stands, for error messages.

    Returns:
        tuple[Config, str]: The config and its library's scope.

    Raises:
        ConfigError: There is no such library or file.
    """
    if '::' in path:
        return Config.fromfile(library_config(path, key)), path.partition('::')[0]
    if not osp.isfile(path):
        raise ConfigError(f'{key}: there is no config file {path}.')
    cfg = Config.fromfile(path)
    scope = cfg.get('default_scope') or cfg.get('model', {}).get('_scope_')
    if scope is None:
        raise ConfigError(f'{key}: {path} has no default_scope, so its library is unknown.')
    return cfg, scope


def library_config(path: str, key: str) -> str:
    """Find the file of a config of an installed library.

    Args:
        path (str): ``'mmdet::atss/atss_r50_fpn_1x_coco.py'``; the ending may be left out.
        key (str): Where it stands, for error messages.

    Raises:
        ConfigError: There is no such library or file, or the library is not installed but just
            found on the path.
    """
    scope, _, name = path.partition('::')
    if importlib.util.find_spec(scope) is None:
        raise ConfigError(
            f'{key} is {path!r}, but there is no library {scope!r} here: '
            f'{how_to_install(scope)}, or name one '
            'of mmdet, mmseg, mmpretrain, mmagic.'
        )
    root = library_folder(scope)
    if not osp.isdir(root):
        raise ConfigError(
            f'{key}: {scope} has no folder {root}. Installing it makes it: run '
            f'"pip install -e ." in the clone of {scope}.'
        )
    name = name if name.endswith('.py') else f'{name}.py'
    file = osp.join(root, name)
    if not osp.isfile(file):
        known = [Path(path).as_posix() for path in scandir(root, '.py', recursive=True)]
        same = [other for other in known if osp.basename(other) == osp.basename(name)]
        hint = suggest(name, same or known)
        raise ConfigError(f'{key}: {scope} has no config {name} in {root}; {hint}')
    return file


def library_folder(scope: str) -> str:
    """Give the folder of an installed library's configs."""
    spec = importlib.util.find_spec(scope)
    # Not imported: that is compat's, for mmagic.
    package = osp.dirname(spec.origin) if spec and spec.origin else get_installed_path(scope)
    return osp.join(package, '.mim', 'configs')
