# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Look at HR and LR with annotations: python tools/analysis_tools/browse_dataset.py CONFIG."""

import argparse
import os.path as osp
from collections.abc import Sequence

import mmcv
import numpy as np
from mmengine.config import Config
from mmengine.dataset import pseudo_collate
from mmengine.registry import DATASETS, init_default_scope
from mmengine.structures import BaseDataElement
from mmengine.utils import mkdir_or_exist, track_iter_progress
from mmengine.visualization import Visualizer

from sr4ir_mm.apis.arguments import output_folder, positive_int
from sr4ir_mm.apis.check_config import check_config
from sr4ir_mm.apis.clear_errors import clear_errors
from sr4ir_mm.apis.launch import add_launch_arguments, load_config
from sr4ir_mm.registry import MODELS
from sr4ir_mm.visualization import build_visualizer, draw_sample, enlarge, to_uint8


def compose(
    hr: np.ndarray, lr: np.ndarray, sample: BaseDataElement, visualizer: Visualizer, scale: int
) -> np.ndarray:
    """Put an HR image and its LR image, enlarged to show its pixels, side by side with annotations.

    Args:
        hr (np.ndarray): ``(H, W, 3)``, RGB in 0..255.
        lr (np.ndarray): ``(H / scale, W / scale, 3)``, RGB in 0..255.
        sample (BaseDataElement): The annotations.
        visualizer (Visualizer): The library's.
        scale (int): The SR factor.

    Returns:
        np.ndarray: ``(H, 2 * W, 3)``, RGB in 0..255.
    """
    images = hr, enlarge(lr, scale, *hr.shape[:2])
    return np.concatenate([draw_sample(visualizer, i, sample, truth=True) for i in images], axis=1)


def browse(cfg: Config, out_dir: str, number: int) -> list[str]:
    """Write pictures of the first training images, as the pipeline gives them.

    Returns:
        list[str]: The files.
    """
    init_default_scope(cfg.default_scope)
    dataset = DATASETS.build(cfg.train_dataloader.dataset)
    visualizer = build_visualizer(cfg, dataset.metainfo)
    scale = cfg.model.get('scale', 1)
    preprocessor = MODELS.build(dict(cfg.model.data_preprocessor, scale=scale))
    kind = cfg.model.get('degradation', dict(type='BicubicDegradation'))
    degradation = MODELS.build(dict(kind, scale=scale))
    mkdir_or_exist(out_dir)
    files = []
    for index in track_iter_progress(list(range(min(number, len(dataset))))):
        data = preprocessor(pseudo_collate([dataset[index]]))
        inputs, sample = data['inputs'], data['data_samples'][0]
        lr = inputs['lr'] if 'lr' in inputs else degradation(inputs['hr'])
        height, width = inputs['sizes'][0]
        hr = to_uint8(inputs['hr'][0, :, :height, :width])
        picture = compose(hr, to_uint8(lr[0]), sample, visualizer, scale)
        name = osp.splitext(osp.basename(sample.img_path))[0]
        files.append(osp.join(out_dir, f'{name}.png'))
        mmcv.imwrite(picture[..., ::-1], files[-1])
    return files


def main(argv: Sequence[str] | None = None) -> None:
    """Browse a data set."""
    parser = argparse.ArgumentParser(description='Write pictures of training data.')
    parser.add_argument('config', help='config file')
    parser.add_argument(
        '--output-dir', type=output_folder, help='folder of the pictures (WORK_DIR/browse)'
    )
    parser.add_argument('--number', type=positive_int, default=20, help='of images (20)')
    add_launch_arguments(parser)
    args = parser.parse_args(argv)
    with clear_errors():
        cfg = load_config(args)
        check_config(cfg)
        out_dir = args.output_dir or osp.join(cfg.work_dir, 'browse')
        files = browse(cfg, out_dir, args.number)
        print(f'\n{len(files)} pictures in {out_dir}')


if __name__ == '__main__':
    main()
