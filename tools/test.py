# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Test: python tools/test.py CONFIG CHECKPOINT."""

import argparse
import os
import os.path as osp
from collections.abc import Sequence

from mmengine.config import ConfigDict
from mmengine.dist import is_main_process
from mmengine.fileio import dump

from sr4ir_mm.apis.launch import (
    add_launch_arguments,
    add_metric,
    build_runner,
    clear_errors,
    drop_metrics,
    load_config,
)
from sr4ir_mm.apis.record import RESULT, write_result
from sr4ir_mm.errors import CheckpointError, ConfigError


def parse_args(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description='Test a checkpoint.')
    parser.add_argument('config', help='config file')
    parser.add_argument('checkpoint', help='checkpoint file')
    parser.add_argument('--out', metavar='PKL', help='dump predictions for offline evaluation')
    parser.add_argument('--show', action='store_true', help='show pictures in a window')
    parser.add_argument('--show-dir', help='write pictures to this folder of the work dir')
    parser.add_argument('--wait-time', type=float, default=2, help='seconds for each picture')
    parser.add_argument(
        '--without', nargs='+', default=[], metavar='METRIC', help='leave metrics out, as LPIPS'
    )
    parser.add_argument(
        '--references',
        nargs='*',
        metavar='IMAGES',
        help='report these versions of the same images as well, with prefixed keys (hr bilinear)',
    )
    parser.add_argument('--tta', action='store_true', help="test time augmentation (the config's)")
    add_launch_arguments(parser)
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> dict[str, float]:
    """Test, print the metrics, and write ``metrics.json`` and ``result.json`` to the work dir."""
    args = parse_args(argv)
    with clear_errors():
        cfg = load_config(args)
        if not osp.isfile(args.checkpoint):
            raise CheckpointError(f'There is no checkpoint {args.checkpoint}.')
        cfg.load_from = args.checkpoint
        # What training starts from does not matter to a test.
        cfg.model.init = None
        if args.show or args.show_dir:
            cfg.default_hooks.visualization.update(
                draw=True, show=args.show, wait_time=args.wait_time, out_dir=args.show_dir
            )
        drop_metrics(cfg, args.without)
        if args.out:
            if not args.out.endswith(('.pkl', '.pickle')):
                raise ConfigError(f'--out is {args.out}: the file must end with .pkl or .pickle.')
            add_metric(cfg, dict(type='DumpPredictions', out_file_path=args.out))
        if args.references is not None:
            references = args.references or ['hr', 'bilinear']
            cfg.test_cfg.update(type='ReferenceTestLoop', references=references)
        if args.tta:
            if 'tta_model' not in cfg or 'tta_pipeline' not in cfg:
                raise ConfigError(f'--tta: {args.config} has no tta_model and tta_pipeline.')
            cfg.test_dataloader.dataset.pipeline = cfg.tta_pipeline
            cfg.model = ConfigDict(**cfg.tta_model, module=cfg.model)
        runner = build_runner(cfg)
        metrics = runner.test()
        if is_main_process():
            path = osp.join(runner.work_dir, 'metrics.json')
            dump(metrics, f'{path}.part', file_format='json', indent=2)
            os.replace(f'{path}.part', path)
            write_result(runner.work_dir, cfg, metrics, args.checkpoint)
            print('\n'.join(f'{name:<24} {value:.4f}' for name, value in metrics.items()))
            print(f'written to {path} and, with what was tested, to {RESULT} beside it')
        return metrics


if __name__ == '__main__':
    main()
