# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""A config by its path, or by its name."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mmengine.config import Config

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.utils.library_configs import library_config, library_folder

from .read_config import read_config
from .task_config import complete_from_task


def find_config(config: str | Path | Config, options: Mapping[str, Any] | None = None) -> Config:
    """Read a config by its path, or by its name below our ``configs``.

    Args:
        config (str | Path | Config): A file; a name such as 'sr4ir/det_edsr_x4' or, as in the
            metafiles and in mim, 'sr4ir_det_edsr_x4'; or a config, which is given back as it is.
        options (Mapping[str, Any], optional): What is merged into a file; see :func:`read_config`.
            Defaults to None.

    Raises:
        ConfigError: There is none, or it cannot be used.
    """
    if isinstance(config, Config):
        return config
    if not isinstance(config, str | Path):
        raise ConfigError(f'{config!r} is no config: give a file, a name or a Config.')
    if Path(config).is_file():
        return _read(config, options)
    name = _paths_by_metafile_name().get(str(config), str(config))
    try:
        path = library_config(name if '::' in name else f'sr4ir_mm::{name}', 'The model')
    except ConfigError as error:
        raise ConfigError(
            f'There is no config {config}: neither a file, nor one of ours, such as '
            f'sr4ir/det_edsr_x4 ({error})'
        ) from error
    return _read(path, options)


def _read(path: str | Path, options: Mapping[str, Any] | None) -> Config:
    cfg = read_config(path, options)
    complete_from_task(cfg)
    return cfg


def _paths_by_metafile_name() -> dict[str, str]:
    root = Path(library_folder('sr4ir_mm'))
    paths = [path.relative_to(root).with_suffix('') for path in root.rglob('*.py')]
    return {'_'.join(path.parts): path.as_posix() for path in paths}
