# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What a library raises over a config becomes one line that names the key.

The border is where work begins. Whatever goes wrong while a config is read, merged or built is the
config's mistake. Once a loop or a phase runs, an error is the program's own, and goes on as it is.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any

from mmengine.config import Config

from sr4ir_mm.compat import missing
from sr4ir_mm.errors import ConfigError, SR4IRError

from .accepted_arguments import accepted_arguments
from .spelling import suggest


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
        frames = list(_frames(error))
        if any(map(_runs, frames)) and not any(map(_begins, frames)):
            raise
        raise ConfigError(_explain(error, frames, cfg or _config(frames), key)) from error


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
    text = ' '.join(str(error.args[0] if error.args else error).split()) or type(error).__name__
    text = re.sub(r'\.? Please check whether the value of .*', '', text)  # MMEngine's, with a link
    if command := missing(error):
        text += f': {command}'
    built = [frame for frame in frames if frame.f_code.co_name == 'build_from_cfg']
    if not built:
        where = f'{key}: ' if key else ''
        return f'{where}{text} ({type(error).__name__}; SR4IR_TRACEBACK=1 shows where).'
    node, kind = built[-1].f_locals['cfg'], built[-1].f_locals.get('obj_cls')
    name = node.get('type') if isinstance(node, Mapping) else node
    name = getattr(name, '__name__', name)
    place = _find(node, cfg, key)
    unknown = re.search(r"unexpected keyword argument '(\w+)'", text)
    if unknown and kind is not None:
        hint = suggest(unknown[1], accepted_arguments(kind) or ())
        text = f'it has no key {unknown[1]!r}; {hint}'
    return f'{place + ": " if place else ""}{name} cannot be built: {text}'


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
