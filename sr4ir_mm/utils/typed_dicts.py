# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Compare dicts of a config that have a ``type`` with what that type takes."""

import functools
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any, NoReturn

from mmengine.registry import MODELS, WEIGHT_INITIALIZERS, Registry

from sr4ir_mm.compat import import_mmagic
from sr4ir_mm.errors import ConfigError
from sr4ir_mm.registry import LazyRegistry

from .accepted_arguments import accepted_arguments, named_arguments
from .argument_kinds import misfit
from .plain_dicts import LIBRARIES, Found, check_plain, means_type
from .spelling import misspelt, nearest, suggest

# Keys that registries take out before a type sees the rest.
TAKEN_OUT = ('type', '_scope_')
# Layers and initialisers: what makes them takes some of their keys itself, as requires_grad of BN.
LAYERS = ('norm_cfg', 'conv_cfg', 'act_cfg', 'upsample_cfg', 'init_cfg')


def check_typed(
    node: Any,
    key: str,
    registry: Registry,
    *within: Registry,
    scope: str,
    also: Iterable[str] = (),
) -> None:
    """Find a type that does not exist, or a key that it does not take.

    Of the dicts within it only keys that are *nearly* those of their types are refused: what holds
    them may take some keys out before. Other unknown ones are left to what builds them, which
    takes no unknown key in silence.

    Args:
        node (Any): A dict with a type, or a list of these; it is not changed.
        key (str): Where it stands, for the message.
        registry (Registry): The root registry of its type.
        *within (Registry): Further ones of types within it.
        scope (str): That of unprefixed types.
        also (Iterable[str]): Keys that what builds it takes out. Defaults to none.

    Raises:
        ConfigError: It is no such dict, or has an unknown type or key.
    """
    if isinstance(node, (list, tuple)):
        for index, child in enumerate(node):
            check_typed(child, f'{key}.{index}', registry, *within, scope=scope, also=also)
        return
    if not isinstance(node, Mapping) or node.get('type') is None:
        raise ConfigError(f'{key} = {shown(node)}: it must be a dict with a type.')
    scope = node.get('_scope_', scope)
    kind = find_type(node['type'], registry, scope)
    if kind is None:
        _raise_unknown(node['type'], f'{key}.type', registry, scope)
    known = accepted_arguments(kind)
    if known is not None:
        check_keys(node, key, {*known, *TAKEN_OUT, *also}, node['type'])
    else:
        _check_spelling(node, key, {*named_arguments(kind), *TAKEN_OUT, *also})
    check_kinds(node, key, kind)
    found = Found([kind])
    _check_within(node, key, (registry, *within), scope, kind, found)
    check_plain(found)


def check_keys(node: Any, key: str, known: Iterable[str], what: Any = None) -> None:
    """Find a key that nobody reads.

    Args:
        node (Any): A dict of a config.
        key (str): Where it stands, for the message.
        known (Iterable[str]): The keys that it may have.
        what (Any): Whose keys they are. Defaults to ``key``.

    Raises:
        ConfigError: It is no dict, or has another key.
    """
    if not isinstance(node, Mapping):
        raise ConfigError(f'{key} = {shown(node)}: it must be a dict.')
    known = set(known)
    for name, value in node.items():
        if name not in known:
            whose = getattr(what, '__name__', what) or key
            # What is no slip of the pen may be left of what another type had in a base config.
            mixed = what is not None and not misspelt(str(name), known)
            advice = f' If a base config set it, {key} needs _delete_=True.' if mixed else ''
            raise ConfigError(
                f'{key}.{name} = {shown(value)}: {whose} has no such key; '
                f'{suggest(name, known - set(TAKEN_OUT))}{advice}'
            )


def check_kinds(node: Mapping, key: str, kind: Any) -> None:
    """Find a value of another kind than its argument takes; see :func:`misfit`.

    Args:
        node (Mapping): Arguments by their names.
        key (str): Where they stand, for the message.
        kind (type | Callable): What takes them.

    Raises:
        ConfigError: There is one.
    """
    parameters = named_arguments(kind)
    for name, value in node.items():
        wrong = name in parameters and misfit(value, parameters[name])
        if wrong:
            raise ConfigError(f'{f"{key}." if key else ""}{name} = {shown(value)}: {wrong}.')


def shown(value: Any) -> str:
    """Show a value in a message, in one line that is not too long."""
    text = ' '.join(repr(value).split())
    return text if len(text) <= 80 else f'{text[:76]} ...'


def find_type(name: Any, registry: Registry, scope: str) -> Any:
    """Find a type by its name, as building would; None where there is none."""
    return _look_up(name, registry, scope) if isinstance(name, str) else name


def _check_within(
    node: Any,
    key: str,
    registries: Sequence[Registry],
    scope: str,
    owner: Any,
    found: Found,
) -> None:
    """Check what is within a dict of the type ``owner``, and gather what is found there."""
    children = node.items() if isinstance(node, Mapping) else enumerate(node)
    for name, child in children:
        place, inner, kind = f'{key}.{name}', scope, owner
        if name in LAYERS and MODELS in registries:
            _check_layer(child, place, WEIGHT_INITIALIZERS if name == 'init_cfg' else MODELS, scope)
        if name in LAYERS or not isinstance(child, (Mapping, list, tuple)):
            continue
        if isinstance(child, Mapping):
            inner = child.get('_scope_', scope)
            kinds = _all(child, registries, inner)
            found.kinds += kinds
            if kinds:
                kind = kinds[0]
            else:
                found.add_plain(child, place, owner)
            known = [accepted_arguments(one) for one in kinds]
            if known and None not in known:
                names = frozenset[str]().union(*filter(None, known))
                _check_spelling(child, place, {*names, *TAKEN_OUT})
            if len(kinds) == 1:
                check_kinds(child, place, kind)
        _check_within(child, place, registries, inner, kind, found)


def _check_layer(node: Any, key: str, registry: Registry, scope: str) -> None:
    """Check the type alone of a layer, or of initialisers."""
    import_module('mmcv.cnn')  # where layers are registered
    for one in node if isinstance(node, (list, tuple)) else [node]:
        kind = one.get('type') if isinstance(one, Mapping) else None
        if isinstance(kind, str) and find_type(kind, registry, scope) is None:
            _raise_unknown(kind, f'{key}.type', registry, scope)


def _check_spelling(node: Mapping, key: str, names: set[str]) -> None:
    for unknown in node.keys() - names:
        if misspelt(unknown, names) or means_type(str(unknown)):
            check_keys({unknown: node[unknown]}, key, names, node['type'])


def _all(node: Mapping, registries: Sequence[Registry], scope: str) -> list[Any]:
    if node.get('type') is None:
        return []
    return [kind for registry in registries if (kind := find_type(node['type'], registry, scope))]


@functools.cache
def _look_up(name: str, registry: Registry, scope: str) -> Any:
    try:
        return _in_scope(registry, scope).get(name)
    except Exception:  # whatever the import of a library raises: then there is no such type here
        return None


def _raise_unknown(name: str, key: str, registry: Registry, scope: str) -> NoReturn:
    """Say why a type cannot be used, and what may have been meant."""
    try:
        _in_scope(registry, scope).get(name)
    except ImportError as error:  # it is there, but needs a package that is not
        raise ConfigError(f'{key} = {name!r} cannot be used: {error}') from error
    elsewhere = [f'{one}.{name}' for one in LIBRARIES if find_type(name, registry, one) is not None]
    if elsewhere and '.' not in name:
        hint = f'the scope here is {scope}; did you mean {" or ".join(map(repr, elsewhere))}?'
    else:
        hint = suggest(name, type_names(name, registry, scope))
    raise ConfigError(f'{key} = {name!r}: there is no such {registry.name}; {hint}')


def _in_scope(registry: Registry, scope: str) -> Registry:
    """Give a library's registry of this kind, or the root one where it has none."""
    with suppress(ImportError):
        if scope == 'mmagic':
            import_mmagic()
        import_module(f'{scope}.registry')
    found = registry._search_child(scope)
    return registry if found is None else found  # one without types yet is false


def type_names(name: str, registry: Registry, scope: str) -> list[str]:
    """Name the types of a registry that may have been meant by an unknown one."""
    prefix, _, own = name.rpartition('.')
    found = _in_scope(registry, prefix or scope)
    if isinstance(found, LazyRegistry):
        for stem in nearest(own, found.files, least=0.4):
            import_module(found.files[stem])
    # Some know what they can import without having imported it.
    importable = found.importable() if hasattr(found, 'importable') else ()
    types = {*importable, *found.module_dict, *(found.parent.module_dict if found.parent else ())}
    return [f'{prefix}.{kind}' if prefix else kind for kind in types]
