# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Changes of a loaded config that options of the tools stand for. Imports no PyTorch by itself."""

from collections.abc import Sequence

from mmengine.config import Config, ConfigDict

from sr4ir_mm.errors import ConfigError

OWN_HOOKS = ('runtime_info', 'timer', 'sampler_seed', 'logger', 'param_scheduler', 'checkpoint')
"""What MMEngine registers unless a config says None."""

AMP = ('auto', 'bf16', 'fp16')
"""Values of the option --amp; the first one stands for none."""
AMP_HELP = (
    'automatic mixed precision: fp16 (GPU) or bf16 (GPU or CPU); alone, fp16 on a GPU, else bf16'
)
AMP_WRAPPERS = ('OptimWrapper', 'AmpOptimWrapper', 'BFloat16OptimWrapper')


def amp_dtype(choice: str) -> str:
    """Give the type of numbers that the option --amp stands for, here.

    Args:
        choice (str): 'bf16', 'fp16', or 'auto' for the option without a value.

    Returns:
        str: 'bfloat16' or 'float16'.

    Raises:
        ConfigError: This machine cannot compute so.
    """
    import torch

    gpu = torch.cuda.is_available()
    if choice == 'fp16' and not gpu:
        raise ConfigError('--amp fp16 needs a GPU, and there is none: use --amp bf16.')
    if choice == 'bf16' and gpu and not torch.cuda.is_bf16_supported():
        raise ConfigError('--amp bf16: this GPU has no bfloat16: use --amp fp16.')
    return 'float16' if choice == 'fp16' or (choice == 'auto' and gpu) else 'bfloat16'


def use_amp(cfg: Config, choice: str = 'auto') -> None:
    """Switch the wrapper of each net to automatic mixed precision.

    Args:
        cfg (Config): Its ``optim_wrapper`` is changed.
        choice (str): See :func:`amp_dtype`. Defaults to 'auto'.

    Raises:
        ConfigError: This machine cannot compute so, or a wrapper is of some other type.
    """
    dtype = amp_dtype(choice)
    for name, wrapper in cfg.optim_wrapper.items():
        if not isinstance(wrapper, dict):
            continue
        if wrapper.get('type', 'OptimWrapper') not in AMP_WRAPPERS:
            raise ConfigError(
                f'--amp cannot be used with optim_wrapper.{name}.type = {wrapper["type"]!r}.'
            )
        if dtype == 'bfloat16':
            wrapper['type'] = 'BFloat16OptimWrapper'
            for key in ('loss_scale', 'dtype'):  # of AmpOptimWrapper
                wrapper.pop(key, None)
        else:
            wrapper['type'] = 'AmpOptimWrapper'
            wrapper['dtype'] = dtype
            wrapper.setdefault('loss_scale', 'dynamic')


def use_amp_in_test(cfg: Config, choice: str = 'auto') -> None:
    """Let the test loop predict in automatic mixed precision; metrics stay in fp32.

    Args:
        cfg (Config): Its ``test_cfg`` is changed.
        choice (str): See :func:`amp_dtype`. Defaults to 'auto'.

    Raises:
        ConfigError: This machine cannot compute so.
    """
    import torch

    # MMEngine's loops take PyTorch's default of the device: of a GPU it can be set.
    torch.set_autocast_gpu_dtype(getattr(torch, amp_dtype(choice)))
    cfg.test_cfg = dict(cfg.get('test_cfg') or {}, fp16=True)


def metrics_of(cfg: Config, split: str = 'test') -> list[dict]:
    """List the metrics of an evaluator, whether it is one dict or a list."""
    evaluator = cfg.get(f'{split}_evaluator') or []
    return list(evaluator) if isinstance(evaluator, (list, tuple)) else [evaluator]


def add_metric(cfg: Config, metric: dict) -> None:
    """Add a metric to the test evaluator."""
    cfg.test_evaluator = [*metrics_of(cfg), ConfigDict(metric)]


def drop_metrics(cfg: Config, names: Sequence[str], split: str = 'test') -> None:
    """Leave metrics out of an evaluator, by their types.

    Raises:
        ConfigError: It has no such metric.
    """
    if not names:
        return
    metrics = metrics_of(cfg, split)
    types = [metric['type'] for metric in metrics]
    unknown = [name for name in names if name not in types]
    if unknown:
        raise ConfigError(f'There is no metric {unknown[0]} to leave out, only {", ".join(types)}.')
    cfg[f'{split}_evaluator'] = [metric for metric in metrics if metric['type'] not in names]


def drop_validation(cfg: Config) -> None:
    """Train without validation.

    Raises:
        ConfigError: The best checkpoint is to be kept, which only validation can tell.
    """
    best = cfg.get('default_hooks', {}).get('checkpoint', {}).get('save_best')
    if best:
        raise ConfigError(
            f'--no-validate: default_hooks.checkpoint.save_best = {best!r} needs validation.'
        )
    cfg.val_cfg = cfg.val_dataloader = cfg.val_evaluator = None


def drop_hooks(cfg: Config) -> None:
    """Leave out the default hooks that are None, which MMEngine takes for its own alone."""
    hooks = cfg.get('default_hooks') or {}
    for name in [name for name, hook in hooks.items() if hook is None and name not in OWN_HOOKS]:
        del hooks[name]


def pin_memory(cfg: Config) -> None:
    """Let loaders put batches where a GPU copies them from while it computes; one may say no."""
    import torch

    if torch.cuda.is_available():  # without one, PyTorch would warn
        for split in ('train', 'val', 'test'):
            loader = cfg.get(f'{split}_dataloader')
            if isinstance(loader, dict):
                loader.setdefault('pin_memory', True)
