# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Changes of a loaded config that options of the tools stand for. Imports no PyTorch by itself."""

from collections.abc import Sequence

from mmengine.config import Config, ConfigDict

from sr4ir_mm.errors import ConfigError


def use_amp(cfg: Config) -> None:
    """Switch the wrapper of each net to automatic mixed precision.

    Raises:
        ConfigError: There is no GPU, or a wrapper is neither OptimWrapper nor AmpOptimWrapper.
    """
    import torch

    if not torch.cuda.is_available():
        raise ConfigError('--amp needs a GPU; there is none.')
    for name, wrapper in cfg.optim_wrapper.items():
        if not isinstance(wrapper, dict):
            continue
        if wrapper.get('type', 'OptimWrapper') not in ('OptimWrapper', 'AmpOptimWrapper'):
            raise ConfigError(
                f'--amp cannot be used with optim_wrapper.{name}.type = {wrapper["type"]!r}.'
            )
        wrapper['type'] = 'AmpOptimWrapper'
        wrapper.setdefault('loss_scale', 'dynamic')


def metrics_of(cfg: Config) -> list[dict]:
    """List the metrics of the test evaluator, whether it is one dict or a list."""
    evaluator = cfg.get('test_evaluator') or []
    return list(evaluator) if isinstance(evaluator, (list, tuple)) else [evaluator]


def add_metric(cfg: Config, metric: dict) -> None:
    """Add a metric to the test evaluator."""
    cfg.test_evaluator = [*metrics_of(cfg), ConfigDict(metric)]


def drop_metrics(cfg: Config, names: Sequence[str]) -> None:
    """Leave metrics out of the test evaluator, by their types.

    Raises:
        ConfigError: It has no such metric.
    """
    if not names:
        return
    metrics = metrics_of(cfg)
    types = [metric['type'] for metric in metrics]
    unknown = [name for name in names if name not in types]
    if unknown:
        raise ConfigError(f'There is no metric {unknown[0]} to leave out, only {", ".join(types)}.')
    cfg.test_evaluator = [metric for metric in metrics if metric['type'] not in names]
