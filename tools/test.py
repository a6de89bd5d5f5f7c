# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Test a checkpoint: python tools/test.py CONFIG CHECKPOINT, or CONFIG --sr FILE --task FILE."""

import argparse
import os.path as osp
from collections.abc import Sequence
from copy import deepcopy

from mmengine.config import Config, ConfigDict
from mmengine.dist import is_main_process
from mmengine.fileio import dump
from tables.result import RESULT, write_result

from sr4ir_mm.apis.annotation_files import naming_annotations
from sr4ir_mm.apis.arguments import non_empty, non_negative_float, output_file
from sr4ir_mm.apis.clear_errors import clear_errors
from sr4ir_mm.apis.edit_config import AMP, AMP_HELP, add_metric, drop_metrics, use_amp_in_test
from sr4ir_mm.apis.launch import add_launch_arguments, build_runner, load_config
from sr4ir_mm.checkpoints import init_net_from, last_checkpoint, trusting
from sr4ir_mm.errors import CheckpointError, ConfigError
from sr4ir_mm.utils.files import check_folder, write_text
from sr4ir_mm.utils.nets import unwrap


def parse_args(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description='Test a checkpoint.')
    parser.add_argument('config', help='config file')
    parser.add_argument('checkpoint', nargs='?', help='checkpoint of both nets, or a work dir')
    parser.add_argument(
        '--sr', metavar='FILE', help='weights of the SR net, as published or ours, or a work dir'
    )
    parser.add_argument('--task', metavar='FILE', help='weights of the task net, likewise')
    parser.add_argument(
        '--out', type=output_file, metavar='PKL', help='dump predictions for offline evaluation'
    )
    parser.add_argument('--show', action='store_true', help='show pictures in a window')
    parser.add_argument(
        '--show-dir', type=non_empty, help='write pictures to this folder of the work dir'
    )
    parser.add_argument(
        '--wait-time', type=non_negative_float, default=2, help='seconds for each picture'
    )
    parser.add_argument(
        '--without',
        nargs='+',
        default=[],
        metavar='METRIC',
        help='leave out metrics, as LPIPS',
    )
    parser.add_argument(
        '--references',
        nargs='*',
        metavar='IMAGES',
        help='report these versions of the same images as well, with prefixed keys (hr bilinear)',
    )
    parser.add_argument('--amp', nargs='?', const='auto', choices=AMP, help=AMP_HELP)
    parser.add_argument('--tta', action='store_true', help="test time augmentation (the config's)")
    add_launch_arguments(parser)
    parser.add_argument(
        '--trust', action='store_true', help='also read weights files that run code when read'
    )
    return parser.parse_args(argv)


def _last_of(path: str) -> str:
    """Give the last checkpoint of a work dir, or the file that it is already."""
    return str(last_checkpoint(path) or path) if osp.isdir(path) else path


def _check_sources(checkpoint: str | None, weights: dict[str, str], cfg: Config) -> None:
    """Find out before anything is built whether each net gets weights."""
    if checkpoint and weights:
        raise ConfigError('Name either a checkpoint or --sr and --task, not both.')
    for path in [checkpoint] if checkpoint else weights.values():
        if not osp.isfile(path):
            raise CheckpointError(f'There is no checkpoint {path}.')
    nets = [name for name in ('sr', 'task') if cfg.model.get(name) is not None]
    if 'sr' in nets and 'BilinearUpsampler' in str(cfg.model.sr):
        nets.remove('sr')  # it has none
    wrong = set(weights) - set(nets) if weights else set()
    missing = set() if checkpoint else set(nets) - set(weights)
    if missing or wrong:
        needed = ' and '.join(f'--{name}' for name in nets)
        raise ConfigError(
            f'The config has the nets {", ".join(nets)}: name a checkpoint or {needed}.'
        )


def main(argv: Sequence[str] | None = None) -> dict[str, float]:
    """Test, print the metrics, and write ``metrics.json`` and ``result.json`` to the work dir."""
    args = parse_args(argv)
    with clear_errors(), trusting(args.trust):
        cfg = load_config(args)
        if args.checkpoint:
            args.checkpoint = _last_of(args.checkpoint)
        if args.show_dir:  # it will be in a folder of the time
            check_folder(osp.join(cfg.work_dir, '00000000_000000', args.show_dir), '--show-dir')
        given = {net: getattr(args, net) for net in ('sr', 'task') if getattr(args, net)}
        weights = {net: _last_of(path) for net, path in given.items()}
        _check_sources(args.checkpoint, weights, cfg)
        cfg.load_from = args.checkpoint
        # What training starts from does not matter to a test.
        cfg.model.init = None
        drop_metrics(cfg, args.without)
        if args.amp:
            use_amp_in_test(cfg, args.amp)
        if args.tta:
            if 'tta_model' not in cfg or 'tta_pipeline' not in cfg:
                raise ConfigError(f'--tta: {args.config} has no tta_model and tta_pipeline.')
            cfg.test_dataloader.dataset.pipeline = cfg.tta_pipeline
            cfg.model = ConfigDict(**cfg.tta_model, module=cfg.model)
        tested = deepcopy(cfg)  # what is added from here on changes none of its figures
        if args.show or args.show_dir:
            cfg.default_hooks.visualization.update(
                draw=True, show=args.show, wait_time=args.wait_time, test_out_dir=args.show_dir
            )
        if args.out:
            if not args.out.endswith(('.pkl', '.pickle')):
                raise ConfigError(f'--out is {args.out}: the file must end with .pkl or .pickle.')
            add_metric(cfg, dict(type='DumpPredictions', out_file_path=args.out))
        if args.references is not None:
            references = args.references or ['hr', 'bilinear']
            cfg.test_cfg.update(type='ReferenceTestLoop', references=references)
        runner = build_runner(cfg)
        for name, path in weights.items():
            init_net_from(unwrap(runner.model).net(name), path, name)
        with naming_annotations(cfg):
            metrics = runner.test()
        if is_main_process():
            path = osp.join(runner.work_dir, 'metrics.json')
            write_text(path, dump(metrics, file_format='json', indent=2))
            print('\n'.join(f'{name:<24} {value:.4f}' for name, value in metrics.items()))
            print(f'written to {path}')
            if args.checkpoint:
                write_result(runner.work_dir, tested, metrics, args.checkpoint)
                print(f'and, with what was tested, to {RESULT} beside it')
        return metrics


if __name__ == '__main__':
    main()
