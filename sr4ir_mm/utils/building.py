# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What a library raises over a config becomes one line that names the key.

The border is where work begins. Whatever goes wrong while a config is read, merged or built is the
config's mistake. Once a loop or a phase runs, an error is the program's own, and goes on as it is.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from inspect import Parameter
from types import FrameType
from typing import Any

from mmengine.config import Config
from torch import nn

from sr4ir_mm.compat import missing
from sr4ir_mm.errors import ConfigError, SR4IRError, error_text

from .accepted_arguments import accepted_arguments, named_arguments
from .argument_kinds import unlike_default
from .spelling import suggest
from .typed_dicts import shown, type_names

# Functions that build from a dict, and what they call it.
BUILDERS = {'build_from_cfg': 'cfg', 'build_dataloader': 'dataloader'}
# Functions that act on one key of a config.
ACTORS = {
    'import_modules_from_strings': 'custom_imports',
    'turn_on_activation_checkpointing': 'activation_checkpointing',
    'turn_on_efficient_conv_bn_eval': 'efficient_conv_bn_eval',
}


@contextmanager
def building(cfg: Mapping | None = None, key: str = '') -> Iterator[None]:
    """Turn whatever a library raises over a config into one line that names the key.

    Args:
        cfg (Mapping, optional): What is built. None takes the config that the functions are at.
            Defaults to None.
        key (str): Where that stands in the config. Defaults to '', it is the whole one.

    Raises:
        ConfigError: Something cannot be built. What was raised is its cause.
    """
    try:
        yield
    except (SR4IRError, OSError):
        raise
    except Exception as error:
        text = explain(error, cfg, key)
        if text is None:
            raise
        raise ConfigError(text) from error


def explain(error: Exception, cfg: Mapping | None = None, key: str = '') -> str | None:
    """Say in one line what a library raised over a config; None for an error of a running loop.

    Args:
        error (Exception): The error, with its traceback.
        cfg (Mapping, optional): See :func:`building`.
        key (str): Likewise.
    """
    frames = list(_frames(error))
    if any(map(_runs, frames)) and not any(map(_begins, frames)):
        return None
    return _explain(error, frames, cfg or _config(frames), key)


def _frames(error: BaseException) -> Iterator[FrameType]:
    place = error.__traceback__
    while place is not None:
        yield place.tb_frame
        place = place.tb_next


def _config(frames: Sequence[FrameType]) -> Mapping:
    """Give the config that the innermost function with one works on."""
    configs = [frame.f_locals.get('cfg') for frame in frames]
    return next((dict(cfg) for cfg in reversed(configs) if isinstance(cfg, Config)), {})


def _runs(frame: FrameType) -> bool:
    """Tell whether a frame is that of a loop, or of one phase."""
    name = frame.f_code.co_name
    bases = [base.__name__ for base in type(frame.f_locals.get('self')).__mro__]
    return name == 'run_phase' or (name == 'run' and 'BaseLoop' in bases)


def _begins(frame: FrameType) -> bool:
    """Tell whether a frame is that of the hooks before a loop's first iteration."""
    hook = frame.f_locals.get('fn_name')
    return frame.f_code.co_name == 'call_hook' and hook in ('before_train', 'before_test')


def _explain(error: Exception, frames: Sequence[FrameType], cfg: Mapping, key: str) -> str:
    """Say what could not be built, where in the config that is, and what it takes."""
    # MMEngine adds a link.
    text = re.sub(r'\.? Please check whether the value of .*', '', error_text(error))
    text = text or type(error).__name__
    if command := missing(error):
        text += f': {command}'
    built = [frame for frame in frames if frame.f_code.co_name in BUILDERS]
    if not built:
        acting = [frame.f_code.co_name for frame in frames if frame.f_code.co_name in ACTORS]
        at = ACTORS[acting[-1]] if acting else _hook(frames, cfg) or _initialised(frames) or key
        where = f'{at}: '.removeprefix(': ')
        return f'{where}{text} ({type(error).__name__}; SR4IR_TRACEBACK=1 shows where).'
    found = built[-1].f_locals
    node, kind = found[BUILDERS[built[-1].f_code.co_name]], found.get('obj_cls')
    name = node.get('type') if isinstance(node, Mapping) else node
    name = getattr(name, '__name__', name) or 'it'
    place = _find(node, cfg, key)
    unknown = re.search(r"unexpected keyword argument '(\w+)'", text)
    absent = re.match(r'(\S+) is not in the (\w+)::', text)
    if absent:
        names = type_names(absent[1], found['registry']._get_root_registry(), absent[2])
        text = f'there is no such {found["registry"].name}; {suggest(absent[1], names)}'
    elif unknown and kind is not None and isinstance(node, Mapping) and unknown[1] in node:
        hint = suggest(unknown[1], accepted_arguments(kind) or ())
        text = f'it has no key {unknown[1]!r}; {hint}'
    elif isinstance(node, Mapping):
        text = ' '.join([text, *_doubtful(node, named_arguments(kind) if kind else {})])
    return f'{place + ": " if place else ""}{name} cannot be built: {text}'


def _hook(frames: Sequence[FrameType], cfg: Mapping) -> str:
    """Tell which hook was called, and where the config has it."""
    hooks = [f.f_locals.get('hook') for f in frames if f.f_code.co_name == 'call_hook']
    name = type(hooks[-1]).__name__ if hooks and hooks[-1] is not None else ''
    places = [place for place, value in _dicts(cfg, '') if value.get('type') == name]
    return ' or '.join(places[:3]) or name


def _initialised(frames: Sequence[FrameType]) -> str:
    """Tell which part of a model's weights were to be initialised."""
    initialised = [f.f_locals.get('self') for f in frames if f.f_code.co_name == 'init_weights']
    modules = [module for module in initialised if isinstance(module, nn.Module)]
    if not modules:
        return ''
    paths = (name for name, module in modules[0].named_modules() if module is modules[-1])
    path = next(paths, '')
    return f'model.{path} ({type(modules[-1]).__name__}.init_weights)' if path else 'model'


def _doubtful(node: Mapping, parameters: Mapping[str, Parameter]) -> Iterator[str]:
    """Name the values that may be what is wrong, by the defaults."""
    for name, value in node.items():
        if name in parameters and unlike_default(value, parameters[name]):
            yield f'({name} = {shown(value)}; its default is {parameters[name].default!r})'


def _find(node: Any, cfg: Any, key: str) -> str:
    """Tell where a dict, or one of its type, stands in a config."""
    places = dict(_dicts(cfg, key))
    same = [place for place, value in places.items() if value == node]
    kind = node.get('type') if isinstance(node, Mapping) else None
    alike = [place for place, value in places.items() if kind and value.get('type') == kind]
    return ' or '.join((same or alike)[:3])


def _dicts(node: Any, key: str) -> Iterator[tuple[str, Mapping]]:
    if isinstance(node, Mapping):
        yield key, node
    pairs: Any = node.items() if isinstance(node, Mapping) else enumerate(node)
    for name, child in pairs:
        if isinstance(child, (Mapping, list, tuple)):
            yield from _dicts(child, f'{key}.{name}' if key else str(name))
