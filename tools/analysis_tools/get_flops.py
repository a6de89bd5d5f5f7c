# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Count operations and parameters: python tools/analysis_tools/get_flops.py CONFIG --shape H W."""

import argparse
import warnings
from collections.abc import Sequence
from typing import Any

import torch
from mmengine.analysis import get_model_complexity_info
from mmengine.logging import MMLogger
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from torch import Tensor, nn

from sr4ir_mm.apis import init_model
from sr4ir_mm.apis.arguments import output_file
from sr4ir_mm.apis.check_config import check_config
from sr4ir_mm.apis.clear_errors import clear_errors
from sr4ir_mm.apis.launch import add_launch_arguments, load_config
from sr4ir_mm.errors import ConfigError, named_errors
from sr4ir_mm.models import SR4IR
from sr4ir_mm.models.exported_part import ExportedPart
from sr4ir_mm.utils.files import write_json
from sr4ir_mm.utils.progress import shown


class _Restoring(nn.Module):
    """S on images of any size."""

    def __init__(self, model: SR4IR) -> None:
        super().__init__()
        self.part = ExportedPart(model, 'sr').eval()

    def forward(self, images: Tensor) -> Tensor:
        return self.part(images)['sr']


class _Recognising(nn.Module):
    """T as its library counts it, from prepared images to what its heads give.

    Args:
        model (SR4IR): Its preprocessor works once, here, for tracers make tensors of sizes.
        images (Tensor): ``(1, 3, H, W)``, RGB in [0, 1].
    """

    def __init__(self, model: SR4IR, images: Tensor) -> None:
        super().__init__()
        adapter = model.adapter('task')
        size = tuple(images.shape[-2:])
        sample = adapter.new_data_sample()
        sample.set_metainfo(dict(ori_shape=size, img_shape=size))
        data = adapter.preprocess(images, adapter.copy([sample]), training=False)
        self.net, self.inputs, self.samples = adapter.net, data['inputs'], data['data_samples']

    def forward(self, inputs: Tensor) -> Any:
        return self.net(inputs, self.samples, mode='tensor')


def count(model: SR4IR, shape: tuple[int, int]) -> dict[str, Any]:
    """Count what one LR image takes.

    Args:
        model (SR4IR): In eval mode, on the CPU.
        shape (tuple[int, int]): Height and width of the LR image, in pixels.

    Returns:
        dict[str, Any]: ``lr`` and ``sr``, the sizes of the images, and ``flops`` of S, of T and of
            both; a multiplication with its addition is one.

    Raises:
        ModelError: A net cannot be traced.
    """
    size = (shape[0] * model.scale, shape[1] * model.scale)
    flops: dict[str, int] = {}
    if 'sr' in model.net_names:
        with named_errors(f'model.sr on {shape[0]}x{shape[1]} pixels'):
            flops['sr'] = _trace(_Restoring(model), torch.rand(1, 3, *shape))
    if 'task' in model.net_names:
        with named_errors(f'model.task on {size[0]}x{size[1]} pixels'):
            net = _Recognising(model, torch.rand(1, 3, *size))
            flops['task'] = _trace(net, net.inputs)
    return dict(lr=shape, sr=size, flops=flops | dict(both=sum(flops.values())))


def _trace(net: nn.Module, images: Tensor) -> int:
    info = get_model_complexity_info(net, inputs=(images,), show_table=False, show_arch=False)
    return info['flops']


def main(argv: Sequence[str] | None = None) -> dict[str, Any]:
    """Count, and print a table."""
    parser = argparse.ArgumentParser(description='Count operations and parameters of both nets.')
    parser.add_argument('config', help='config file')
    parser.add_argument(
        '--shape',
        type=int,
        nargs=2,
        action='append',
        metavar=('H', 'W'),
        help='pixels of the LR image (64 64); may be given several times',
    )
    parser.add_argument(
        '--json', type=output_file, metavar='FILE', help='write the figures to this file as well'
    )
    add_launch_arguments(parser)
    args = parser.parse_args(argv)
    shapes = [tuple(shape) for shape in args.shape or [(64, 64)]]
    with clear_errors(), warnings.catch_warnings():
        warnings.simplefilter('ignore')  # the weights are random, and traces are of one size
        if min(map(min, shapes)) < 1:
            raise ConfigError(f'--shape is {shapes}: give a positive height and width, in pixels.')
        cfg = load_config(args)
        check_config(cfg)
        # It would list each kind of operation that is not counted.
        MMLogger.get_current_instance().setLevel('ERROR')
        torch.manual_seed(0)  # of two-stage detectors random weights decide the number of boxes
        cfg.model.fast = False  # the libraries' own parts, whose operations are known
        model = init_model(cfg, device='cpu')
        nets = [net for net in ('sr', 'task') if net in model.net_names]
        params = {net: sum(p.numel() for p in model.net(net).parameters()) for net in nets}
        params['both'] = sum(params.values())
        counts = [count(model, shape) for shape in shown(shapes, 'Counting')]
    report = dict(config=args.config, params=params, counts=counts)
    table = Table(title=args.config, box=SIMPLE_HEAD)
    for column in ('', *nets, 'both'):
        table.add_column(column, justify='right' if column else 'left')
    names = (*nets, 'both')
    table.add_row('parameters', *(f'{params[net] / 1e6:.3f} M' for net in names))
    for counted in counts:
        (height, width), flops = counted['lr'], counted['flops']
        row = [f'{flops[net] / 1e9:.3f} G' for net in names]
        table.add_row(f'FLOPs, LR {height}x{width}', *row)
    Console().print(table)
    if args.json:
        write_json(args.json, report)
        print(f'written to {args.json}')
    return report


if __name__ == '__main__':
    main()
