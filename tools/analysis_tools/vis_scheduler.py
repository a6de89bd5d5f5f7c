# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Draw a run's learning rates beforehand: python tools/analysis_tools/vis_scheduler.py CONFIG.

The config is enough: each net's schedules are walked through on an optimizer of a single weight.
"""

import argparse
from collections.abc import Mapping, Sequence
from copy import deepcopy

from matplotlib.figure import Figure
from mmengine.config import Config
from mmengine.optim import build_optim_wrapper
from mmengine.registry import PARAM_SCHEDULERS, init_default_scope
from mmengine.runner import Runner
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from torch import nn

from sr4ir_mm.apis.arguments import output_file
from sr4ir_mm.apis.check_config import check_config
from sr4ir_mm.apis.clear_errors import clear_errors
from sr4ir_mm.apis.launch import add_launch_arguments, load_config
from sr4ir_mm.engine.runner import Phase
from sr4ir_mm.engine.runner.trained_nets import trained_nets
from sr4ir_mm.errors import ConfigError, DataError, named_errors
from sr4ir_mm.utils.progress import shown
from sr4ir_mm.visualization.figure_file import check_figure, save_figure


def count_iterations(cfg: Config) -> int:
    """Count the iterations of an epoch, by the data set.

    Raises:
        ConfigError: The data are not there.
    """
    try:
        return len(Runner.build_dataloader(cfg.train_dataloader))
    except (FileNotFoundError, DataError) as error:
        raise ConfigError(
            f'The training data, which tell how long an epoch is, cannot be read ({error}). '
            'Without them, give --iters-per-epoch N: images over the batch size of all GPUs.'
        ) from error


def learning_rates(cfg: Config, epoch_length: int) -> dict[str, list[float]]:
    """Walk through the schedules as MMEngine's runner does.

    Args:
        cfg (Config): The config.
        epoch_length (int): Iterations of an epoch.

    Returns:
        dict[str, list[float]]: The rate of each iteration, for each net that a phase updates.

    Raises:
        ConfigError: A net that is trained has no optimizer or schedule.
        ModelError: One of these cannot be built.
    """
    phases = cfg.train_cfg.get('phases') or cfg.get('phases') or []
    return {
        net: _walk(cfg, net, epoch_length)
        for net in shown(trained_nets([Phase.from_cfg(phase) for phase in phases]), 'Walking')
    }


def _walk(cfg: Config, net: str, epoch_length: int) -> list[float]:
    schedules = cfg.get('param_scheduler') or []
    if isinstance(schedules, dict) and 'type' not in schedules:
        schedules = schedules.get(net)
    if net not in cfg.optim_wrapper or schedules is None:
        key = 'param_scheduler' if net in cfg.optim_wrapper else 'optim_wrapper'
        raise ConfigError(f'A phase updates model.{net}, but {key} has no entry {net!r}.')
    epochs = cfg.train_cfg.get('max_epochs')
    iterations = epochs * epoch_length if epochs else cfg.train_cfg.max_iters
    with named_errors(f'optim_wrapper.{net}'):
        optimizer = build_optim_wrapper(
            nn.Linear(1, 1, bias=False), dict(optimizer=deepcopy(cfg.optim_wrapper[net].optimizer))
        )
    with named_errors(f'param_scheduler.{net}'):
        built = []
        for schedule in [schedules] if isinstance(schedules, dict) else schedules:
            by_epoch = schedule.get('by_epoch', True)
            end = (epochs or iterations) if by_epoch else iterations
            defaults = dict(end=end, optimizer=optimizer, epoch_length=epoch_length)
            built.append(PARAM_SCHEDULERS.build(deepcopy(schedule), default_args=defaults))
    rates = []
    for iteration in range(1, iterations + 1):
        rates.append(optimizer.param_groups[0]['lr'])
        optimizer.step()
        for schedule in built:
            if not schedule.by_epoch or (epochs and iteration % epoch_length == 0):
                schedule.step()
    return rates


def draw(rates: Mapping[str, Sequence[float]], epoch_length: int, by_epoch: bool) -> Figure:
    """Draw a panel for each net."""
    figure = Figure(figsize=(7, 2.6 * len(rates)), layout='constrained')
    for place, (net, values) in enumerate(rates.items(), 1):
        axes = figure.add_subplot(len(rates), 1, place)
        axes.plot([step / (epoch_length if by_epoch else 1) for step in range(len(values))], values)
        axes.set(title=f'{net}.lr', xlabel='epochs' if by_epoch else 'iterations')
        axes.set_ylim(bottom=0)
        axes.grid(alpha=0.3)
    return figure


def main(argv: Sequence[str] | None = None) -> None:
    """Draw the rates, and print where they begin, peak and end."""
    parser = argparse.ArgumentParser(description='Draw the learning rates of a run beforehand.')
    parser.add_argument('config', help='config file')
    parser.add_argument(
        '--iters-per-epoch', type=int, metavar='N', help='default: counted by the data set'
    )
    parser.add_argument(
        '--out', type=output_file, default='rates.png', help='PNG, PDF, ... (rates.png)'
    )
    add_launch_arguments(parser)
    args = parser.parse_args(argv)
    with clear_errors():
        check_figure(args.out)
        cfg = load_config(args)
        check_config(cfg)
        init_default_scope(cfg.get('default_scope', 'sr4ir_mm'))
        if args.iters_per_epoch is not None and args.iters_per_epoch < 1:
            raise ConfigError(f'--iters-per-epoch is {args.iters_per_epoch}, less than 1.')
        epoch_length = args.iters_per_epoch or count_iterations(cfg)
        rates = learning_rates(cfg, epoch_length)
        save_figure(draw(rates, epoch_length, 'max_epochs' in cfg.train_cfg), args.out)
        steps = len(next(iter(rates.values())))
        table = Table(title=f'{steps} iterations, {epoch_length} an epoch', box=SIMPLE_HEAD)
        for column in ('net', 'first', 'highest', 'last'):
            table.add_column(column)
        for net, values in rates.items():
            table.add_row(net, *(f'{value:.4g}' for value in (values[0], max(values), values[-1])))
        Console().print(table)
        print(f'written to {args.out}')


if __name__ == '__main__':
    main()
