# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""YAML that runs nothing and takes no more memory than its text lets one expect."""

from typing import Any

import yaml  # type: ignore[import-untyped]
from mmengine.fileio import register_handler
from mmengine.fileio.handlers import YamlHandler

MAX_VALUES = 100_000
"""With every alias written out: the largest config has some thousands."""


class SafeLoader(yaml.SafeLoader):
    """Plain values and tuples, which MMEngine's configs have; aliases stand for few values.

    A line of aliases of a line of aliases ... can stand for billions.
    """

    def get_single_node(self) -> yaml.Node | None:
        """Compose the document, of which nothing is constructed yet.

        Raises:
            yaml.YAMLError: It is too large, too deep, or an alias stands for what it is in.
        """
        try:
            node = super().get_single_node()
            if node is not None:
                _count(node, {})
        except RecursionError:
            raise yaml.composer.ComposerError(problem='values are nested too deep') from None
        return node


def _construct_tuple(loader: SafeLoader, node: yaml.Node) -> tuple:
    return tuple(loader.construct_sequence(node, deep=True))


SafeLoader.add_constructor('tag:yaml.org,2002:python/tuple', _construct_tuple)


def _count(node: yaml.Node, counts: dict[int, int]) -> int:
    """Count the values that a node stands for; ``counts`` are those of nodes met before."""
    if isinstance(node, yaml.ScalarNode):
        return 1
    if id(node) not in counts:
        counts[id(node)] = MAX_VALUES  # if it is met within itself, it has no end
        parts = node.value
        if isinstance(node, yaml.MappingNode):
            parts = [part for pair in node.value for part in pair]
        counts[id(node)] = 1 + sum(_count(part, counts) for part in parts)
    if counts[id(node)] > MAX_VALUES:
        raise yaml.composer.ComposerError(
            problem=f'with all aliases written out it has more than {MAX_VALUES} values',
            problem_mark=node.start_mark,
        )
    return counts[id(node)]


@register_handler(['yaml', 'yml'])
class SafeYamlHandler(YamlHandler):
    """Reads YAML for MMEngine, whose own handler makes any Python object that a file names."""

    def load_from_fileobj(self, file: Any, **kwargs: Any) -> Any:
        """Read a file; see :class:`SafeLoader`."""
        return super().load_from_fileobj(file, Loader=SafeLoader, **kwargs)
