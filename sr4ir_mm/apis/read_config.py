# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""From a config file to a config without a key that nobody reads."""

import inspect
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from mmengine.config import Config
from mmengine.runner import Runner
from mmengine.utils import import_modules_from_strings

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.utils.building import building
from sr4ir_mm.utils.config_variables import ConfigFile, config_files
from sr4ir_mm.utils.spelling import misspelt, suggest
from sr4ir_mm.utils.typed_dicts import check_keys, shown

# What a run reads: MMEngine's runner by its arguments and by name, we ourselves, and a test.
KEYS = {
    *inspect.signature(Runner.__init__).parameters.keys() - {'self', 'cfg'},
    *('runner_type', 'custom_imports', 'model_wrapper_cfg', 'sync_bn', 'compile'),
    *('activation_checkpointing', 'efficient_conv_bn_eval', 'find_unused_parameters'),
    *('phases', 'tta_model', 'tta_pipeline'),
}


def read_config(path: str | Path, options: Mapping[str, Any] | None = None) -> Config:
    """Read a config file, merge options into it, and refuse top-level keys that nobody reads.

    A key is one of those that a run reads, or a variable that other keys are made of. A variable
    begins with an underscore or is read by name, in the file that sets it or, where that is a base,
    in any other; a base may offer one that nobody takes, unless it looks like a misspelt key.

    A file without bases that reads none of its variables was written by a program (``cfg.dump``),
    which puts in their values. There, what is not misspelt is only named.

    Args:
        path (str | Path): The file.
        options (Mapping[str, Any], optional): Dotted keys to values, as ``--cfg-options`` has them.
            Defaults to None.

    Raises:
        ConfigError: The file or a base of it cannot be read, an option does not fit, or nobody
            reads a key.
    """
    files = config_files(str(path))
    with building():
        try:
            cfg = Config.fromfile(path)
        except Exception as error:
            raise ConfigError(f'{_line(error, files) or path}: {error}') from error
    _check_variables(cfg, files)
    if options:
        _check_options(cfg, options)
        _merge(cfg, options)
        if any(key.partition('.')[0] == 'custom_imports' for key in options):
            _import_custom(cfg.custom_imports)
    return cfg


def _line(error: Exception, files: list[ConfigFile]) -> str:
    """Tell in which line of which file Python stopped."""
    own = {str(Path(file.path).resolve()): file.path for file in files}
    place, found = error.__traceback__, ''
    while place is not None:
        name = own.get(place.tb_frame.f_code.co_filename)
        found = f'{name}, line {place.tb_lineno}' if name else found
        place = place.tb_next
    return found


def _check_variables(cfg: Config, files: list[ConfigFile]) -> None:
    leaf = files[0]
    read = frozenset().union(*(file.read for file in files))
    assigned = frozenset().union(*(file.assigned for file in files))
    dumped = not leaf.inherits and not leaf.assigned & leaf.read
    unread = []
    for key in cfg:
        if key in KEYS or key.startswith('_') or key not in assigned:
            continue
        if key not in read and misspelt(key, KEYS):
            places = ', '.join(file.path for file in files if key in file.assigned)
            raise ConfigError(
                f'{key} = {shown(cfg[key])}: a run reads no such key ({places}); '
                f'{suggest(key, KEYS)}'
            )
        if key in leaf.assigned and key not in leaf.read:
            unread.append(key)
    if unread and not dumped:
        key = unread[0]
        above = any(key in file.assigned for file in files[1:])
        raise ConfigError(
            f'{leaf.path}: nothing reads {key} = {shown(cfg[key])}. '
            + (
                'A base has a variable of that name, but was run before: set the keys that it '
                'made of it.'
                if above
                else f'{suggest(key, KEYS).capitalize()} A variable must be used by another key, '
                f'or be called _{key}.'
            )
        )
    if unread:
        print(f'note: {leaf.path} has variables that nothing reads: {", ".join(unread)}.')


def _check_options(cfg: Config, options: Mapping[str, Any]) -> None:
    for key, value in options.items():
        first = key.partition('.')[0]
        if first in KEYS:
            continue
        if first in cfg:
            raise ConfigError(
                f'--cfg-options {key}={value}: {first} is a variable of the config files, which '
                'were run before. Set the keys that they made of it.'
            )
        raise ConfigError(
            f'--cfg-options {key}={value}: a run reads no key {first}; {suggest(first, KEYS)}'
        )


def _merge(cfg: Config, options: Mapping[str, Any]) -> None:
    """Merge all options at once, as MMEngine does; name the one that does not fit."""
    before = deepcopy(cfg)
    try:
        cfg.merge_from_dict(dict(options))
    except Exception as error:
        for key, value in options.items():
            place = _misfit(before, key)
            if place:
                raise ConfigError(f'--cfg-options {key}={value}: {place}') from error
        raise ConfigError(f'--cfg-options: {error}') from error


def _import_custom(imports: Any) -> None:
    """Import what an option asks for; MMEngine has imported what the file did."""
    known = inspect.signature(import_modules_from_strings).parameters
    check_keys(imports, 'custom_imports', known)
    with building(key='custom_imports'):
        import_modules_from_strings(**imports)


def _misfit(cfg: Any, key: str) -> str:
    """Tell where the way along a dotted key ends in a value that has no keys."""
    node, done = cfg, ''
    for name in key.split('.'):
        if isinstance(node, (list, tuple)):
            if not (name.isdigit() and int(name) < len(node)) or isinstance(node, tuple):
                what = 'a tuple: give it whole' if isinstance(node, tuple) else 'a list'
                last = f' with the positions 0 to {len(node) - 1}' if node else ' without entries'
                return f'{done} is {what}{"" if isinstance(node, tuple) else last}.'
            node = node[int(name)]
        elif isinstance(node, (Config, Mapping)):
            if name not in node:
                return ''
            node = node[name]
        else:
            return f'{done} is {shown(node)}, which has no keys.'
        done = f'{done}.{name}' if done else name
    return ''
