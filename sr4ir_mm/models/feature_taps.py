# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Features of a net that nobody has to edit."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any

from torch import Tensor, nn

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.utils.spelling import suggest


class FeatureTaps:
    """Read chosen features while a net extracts its own.

    Args:
        net (nn.Module): The net.
        layers (Sequence[int | str]): An integer is a position in what the extraction returns; a
            name is a submodule's, as in ``net.named_modules()``, whose output is taken.

    Raises:
        ConfigError: A named layer does not exist; the message names the nearest.
    """

    def __init__(self, net: nn.Module, layers: Sequence[int | str]) -> None:
        self.layers = tuple(layers)
        modules = dict(net.named_modules()) if self._names else {}
        unknown = [name for name in self._names if name not in modules]
        if unknown:
            raise ConfigError(
                f'{type(net).__name__} has no layer {", ".join(map(repr, unknown))}; '
                f'{suggest(unknown[0], filter(None, modules))} An integer takes a map that '
                'extract_feat returns.'
            )
        self._modules = {name: modules[name] for name in self._names}

    @property
    def _names(self) -> list[str]:
        return [layer for layer in self.layers if isinstance(layer, str)]

    def __call__(self, extract: Callable[[], Tensor | Sequence[Tensor]]) -> tuple[Tensor, ...]:
        """Run an extraction and return the features, in the order of ``layers``.

        Args:
            extract (Callable): Runs the net's feature extractor, returns its map or maps.

        Returns:
            tuple[Tensor, ...]: One tensor for each layer, or several where a layer gives several.

        Raises:
            ConfigError: A position is out of range, or a named layer did not run.
        """
        seen: dict[str, list[Tensor]] = {}

        def keep(name: str, *args: Any) -> None:
            # Copies, for the next layer may work in place (batch norm, then ReLU).
            seen[name] = [tensor.clone() for tensor in _flatten(args[-1])]

        with ExitStack() as stack:
            for name, module in self._modules.items():
                stack.callback(module.register_forward_hook(partial(keep, name)).remove)
            outputs = extract()
        outputs = (outputs,) if isinstance(outputs, Tensor) else tuple(outputs)
        feats: list[Tensor] = []
        for layer in self.layers:
            feats.extend(_flatten(self._pick(layer, outputs, seen)))
        return tuple(feats)

    @staticmethod
    def _pick(layer: int | str, outputs: tuple, seen: dict[str, Any]) -> Any:
        if isinstance(layer, str):
            if layer not in seen:
                raise ConfigError(
                    f'The layer {layer!r} does not run when features are extracted (heads '
                    f'do not); take one of the backbone or neck, or one of the {len(outputs)} '
                    'returned maps by its position.'
                )
            return seen[layer]
        if not -len(outputs) <= layer < len(outputs):
            raise ConfigError(
                f'There is no map {layer}: extract_feat returns {len(outputs)}, with '
                f'the shapes {[tuple(feat.shape) for feat in outputs]}. The layers of a loss name '
                'others: model = dict(losses=dict(tdp=dict(layers=(-1,), weights=None))).'
            )
        return outputs[layer]


def _flatten(value: Any) -> list[Tensor]:
    """Flatten nested sequences and dicts of tensors."""
    if isinstance(value, Tensor):
        return [value]
    items = value.values() if isinstance(value, dict) else value
    return [tensor for item in items for tensor in _flatten(item)]
