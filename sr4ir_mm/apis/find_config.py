# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""A config by its path, or by its name."""

from pathlib import Path

from mmengine.config import Config

from sr4ir_mm.errors import ConfigError


def find_config(config: str | Path | Config) -> Config:
    """Load a config by its path, or by its name below our ``configs``.

    Raises:
        ConfigError: There is none.
    """
    from sr4ir_mm.models.build_net import load_library_config  # what only names need

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
