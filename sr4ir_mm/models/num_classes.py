# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The number of classes of a model dict, wherever it stands, and what has to follow it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sr4ir_mm.errors import ConfigError

COUNTS = ('num_classes', 'num_things_classes', 'num_stuff_classes')
PER_CLASS = ('class_weight', 'pos_weight')
"""Lists of losses with an entry for each class and maybe, at the end, one for the background."""


def set_num_classes(model: dict, counts: Mapping[str, int], key: str) -> None:
    """Set numbers of classes wherever a nested config has them, and resize what follows them.

    Heads that find instances count things alone. An ``RPNHead``, which tells objects from
    background, keeps its number. Lists of weights that are all alike, but for the background's,
    get as many entries as there are classes.

    Args:
        model (dict): A model dict, changed in place.
        counts (Mapping[str, int]): Any of :data:`COUNTS`. ``num_classes`` alone will do where the
            model counts no stuff apart.
        key (str): Where the model stands, for messages.

    Raises:
        ConfigError: The model has no such key, or also counts what was not given.
    """
    things = counts.get('num_things_classes')
    if things is None:
        if counts_stuff(model) or 'num_classes' not in counts:
            raise ConfigError(
                f'{key} counts things and stuff apart: give num_things_classes and '
                'num_stuff_classes, or thing_classes and stuff_classes in metainfo of the data set.'
            )
        things = counts['num_classes']
    values = (things, things, counts.get('num_stuff_classes', 0))
    if not _set(model, dict(zip(COUNTS, values, strict=True))):
        given = ', '.join(counts)
        raise ConfigError(f'{key}: {given} is given, but the model has no such key to set.')


def set_class_weight(node: Any, weight: Sequence[float] | None) -> bool:
    """Set ``class_weight`` wherever a nested config has such a list; tell whether it had."""
    found = False
    for name, child in _children(node):
        if name == 'class_weight':
            node[name] = weight
            found = True
        else:
            found |= set_class_weight(child, weight)
    return found


def counts_stuff(model: Any) -> bool:
    """Tell whether a model dict counts classes of stuff beside those of things."""
    here = model.get('num_stuff_classes') if isinstance(model, Mapping) else None
    return bool(here) or any(counts_stuff(child) for _, child in _children(model))


def check_class_weights(node: Any, key: str, count: int | None = None) -> None:
    """Find lists with an entry for each class that are of another length.

    Args:
        node (Any): A model dict, or a part of one.
        key (str): Where it stands in the config.
        count (int, optional): How many classes what holds it has. Defaults to None.

    Raises:
        ConfigError: There is one.
    """
    count = _counted(node) or count
    for name, child in _children(node):
        place = f'{key}.{name}'
        if count and name in PER_CLASS and len(child) not in (count, count + 1):
            raise ConfigError(
                f'{place} has {len(child)} entries for {count} classes: set class_weight beside '
                'cfg_path, or that list, to one entry for each class, or to None.'
            )
        check_class_weights(child, place, count)


def _set(node: Any, counts: Mapping[str, int]) -> bool:
    old, found = _counted(node), False
    if isinstance(node, dict) and node.get('type') != 'RPNHead':
        for name in COUNTS:
            if name in node:
                node[name] = counts[name]
                found = True
    new = _counted(node)
    if old and new and old != new:
        _resize(node, old, new)
    within = [_set(child, counts) for _, child in _children(node)]
    return found or any(within)


def _resize(node: Any, old: int, new: int) -> None:
    for name, child in _children(node):
        if name in PER_CLASS and len(child) in (old, old + 1) and len(set(child[:old])) == 1:
            node[name] = [child[0]] * new + list(child[old:])
        elif not _counted(child):
            _resize(child, old, new)


def _counted(node: Any) -> int | None:
    if not isinstance(node, Mapping):
        return None
    names = COUNTS[1:] if COUNTS[1] in node else COUNTS[:1]
    numbers = [node.get(name) for name in names]
    return sum(n for n in numbers if isinstance(n, int)) or None


def _children(node: Any) -> Iterator[tuple[Any, Any]]:
    """Give the dicts and lists within one, by key or position."""
    pairs: Any = node.items() if isinstance(node, Mapping) else enumerate(node)
    for name, child in list(pairs):
        if isinstance(child, (Mapping, list, tuple)):
            yield name, child
