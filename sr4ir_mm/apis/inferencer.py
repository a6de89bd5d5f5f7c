# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""LR pictures in, SR pictures and recognition out."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from mmengine.config import Config
from mmengine.infer import BaseInferencer
from mmengine.registry import VISUALIZERS
from mmengine.structures import BaseDataElement
from rich.progress import track

from sr4ir_mm.errors import ConfigError, DataError
from sr4ir_mm.models.tiles import Tiles
from sr4ir_mm.visualization import draw_sample, enlarge, to_uint8

from .inputs import Input, Picture, list_pictures
from .model import inference_model, init_model
from .prediction import to_dict
from .result_files import ResultFiles

FRAMES = ('sr', 'lr')


class SR4IRInferencer(BaseInferencer):
    """Restore LR pictures and recognise what is in them; arguments as those of mmdet's inferencer.

    Args:
        model (str | Path | Config): A config, its path, or the name of one of ours, such as
            'sr4ir/det_edsr_x4'.
        weights (str | Path, optional): A checkpoint or a work dir; None leaves the weights at
            random, with a warning. Defaults to None.
        device (str, optional): None takes a GPU if there is one. Defaults to None.
        show_progress (bool): Show a bar with the time that is left. Defaults to True.

    Example:
        >>> inferencer = SR4IRInferencer('sr4ir/det_edsr_x4', 'work_dirs/sr4ir/det_edsr_x4')
        >>> inferencer('photos/', out_dir='results', tile=(256, 256))['predictions'][0]['labels']
    """

    # Its base sorts keyword arguments by these; __call__ names them all instead.
    preprocess_kwargs: set[str] = set()
    forward_kwargs: set[str] = set()
    visualize_kwargs: set[str] = set()
    postprocess_kwargs: set[str] = set()

    def __init__(
        self,
        model: str | Path | Config,
        weights: str | Path | None = None,
        device: str | None = None,
        show_progress: bool = True,
    ) -> None:
        self.model = init_model(model, weights, device)
        self.cfg = self.model.cfg
        self.scope = 'sr4ir_mm'
        self.show_progress = show_progress
        self.visualizer = self._init_visualizer(self.cfg)

    def __call__(
        self,
        inputs: Input | Sequence[Input],
        batch_size: int = 1,
        return_vis: bool = False,
        show: bool = False,
        wait_time: float = 0,
        draw_pred: bool = True,
        pred_score_thr: float = 0.3,
        return_datasamples: bool = False,
        print_result: bool = False,
        no_save_vis: bool = False,
        no_save_pred: bool = False,
        no_save_sr: bool = False,
        out_dir: str | Path = '',
        tile: tuple[int, int] | None = None,
        tile_overlap: int = 32,
        pred_frame: str = 'sr',
    ) -> dict[str, list]:
        """Infer.

        Args:
            inputs (Input | Sequence[Input]): A file, a folder (all pictures below it), an address,
                an array ``(h, w, 3)``, BGR, in 0..255, or a list of these.
            batch_size (int): Pictures at a time. Defaults to 1.
            return_vis (bool): Give pictures of LR | SR with predictions. Defaults to False.
            show (bool): Show them in a window. Defaults to False.
            wait_time (float): Seconds that a window stays; 0 waits for a key. Defaults to 0.
            draw_pred (bool): Draw predictions. Defaults to True.
            pred_score_thr (float): Least score of what is drawn. Defaults to 0.3.
            return_datasamples (bool): Give data samples for predictions. Defaults to False.
            print_result (bool): Print predictions. Defaults to False.
            no_save_vis (bool): Do not write ``out_dir/vis/NAME.jpg``. Defaults to False.
            no_save_pred (bool): Do not write ``out_dir/preds/NAME.json``. Defaults to False.
            no_save_sr (bool): Do not write ``out_dir/sr/NAME.png``. Defaults to False.
            out_dir (str | Path): '' writes nothing. Defaults to ''.
            tile (tuple[int, int], optional): Height and width, in LR pixels, of the tiles that S
                restores one by one; T sees the whole SR picture. Defaults to None.
            tile_overlap (int): See :class:`Tiles`. Defaults to 32.
            pred_frame (str): Predictions are in pixels of the 'sr' or the 'lr' picture. Defaults to
                'sr'.

        Returns:
            dict[str, list]: For each picture that could be read, in their order, ``predictions``
                (see :func:`to_dict`), ``sr`` ``(H, W, 3)``, BGR, in 0..255 (none where they are
                written), ``visualization``; and ``failed``, a dict of name and error for others.

        Raises:
            DataError: No picture could be read.
            ConfigError: An argument cannot be used.
        """
        if pred_frame not in FRAMES or batch_size < 1:
            raise ConfigError(
                f'pred_frame={pred_frame!r}, batch_size={batch_size}: the frame is one of '
                f'{", ".join(FRAMES)}, and a batch has at least one picture.'
            )
        self.model.tiles = None if tile is None else Tiles((tile[0], tile[1]), tile_overlap)
        pictures = list_pictures(inputs)
        results: dict[str, list] = dict(predictions=[], visualization=[], sr=[], failed=[])
        starts = range(0, len(pictures), batch_size)
        for start in track(starts, 'Inference', disable=not self.show_progress, transient=True):
            loaded = self._load(pictures[start : start + batch_size], results['failed'])
            if not loaded:
                continue
            samples = self.forward([array for _, array in loaded])
            for (picture, _), sample in zip(loaded, samples, strict=True):
                sample = sample.cpu()
                prediction = self.postprocess([sample], pred_frame=pred_frame)
                vis = None
                if show or return_vis or (out_dir and not no_save_vis):
                    vis = self.visualize([sample], draw_pred, pred_score_thr, show, wait_time)
                sr = to_uint8(sample.sr)[..., ::-1]
                if out_dir:
                    files = ResultFiles(Path(out_dir), picture.name)
                    if not no_save_sr:
                        files.save_sr(sr)
                    if vis is not None and not no_save_vis:
                        files.save_vis(vis)
                    if not no_save_pred:
                        files.save_prediction(prediction, self.model.dataset_meta.get('palette'))
                if print_result:
                    print(f'{picture.name}: {prediction}')
                results['predictions'].append(sample if return_datasamples else prediction)
                results['visualization'] += [vis] if return_vis else []
                results['sr'] += [] if out_dir and not no_save_sr else [sr]
        if len(results['failed']) == len(pictures):
            raise DataError(results['failed'][0]['error'])
        return results

    def forward(self, arrays: Sequence[np.ndarray]) -> list[BaseDataElement]:
        """Restore LR pictures and predict on them; see :func:`inference_model`."""
        return inference_model(self.model, arrays)

    def visualize(
        self,
        samples: Sequence[BaseDataElement],
        draw_pred: bool = True,
        pred_score_thr: float = 0.3,
        show: bool = False,
        wait_time: float = 0,
    ) -> np.ndarray:
        """Put the LR picture, enlarged, and the SR picture with its predictions side by side.

        Returns:
            np.ndarray: ``(H, 2 * W, 3)``, RGB, in 0..255.
        """
        (sample,) = samples
        height, width = sample.hr_shape
        lr, sr = enlarge(to_uint8(sample.lr), self.model.scale, height, width), to_uint8(sample.sr)
        if draw_pred and self.model.task is not None:
            sr = draw_sample(self.visualizer, sr, sample, truth=False, score_thr=pred_score_thr)
        picture = np.concatenate([lr, sr], axis=1)
        if show:
            self.visualizer.show(picture, wait_time=wait_time)
        return picture

    def postprocess(
        self, samples: Sequence[BaseDataElement], pred_frame: str = 'sr'
    ) -> dict[str, Any]:
        """Give the predictions of a sample as plain types; see :func:`to_dict`."""
        factor = self.model.scale if pred_frame == 'lr' else 1
        return to_dict(samples[0], self.model.dataset_meta.get('classes') or (), factor)

    def _init_pipeline(self, cfg: Config) -> None:
        """Do nothing: pictures need no pipeline."""

    def _init_visualizer(self, cfg: Config) -> Any:
        name = f'{type(self).__name__}_{id(self)}'
        visualizer = VISUALIZERS.build(dict(cfg.visualizer, name=name, vis_backends=None))
        visualizer.dataset_meta = self.model.dataset_meta
        return visualizer

    @staticmethod
    def _load(pictures: Sequence[Picture], failed: list) -> list[tuple[Picture, np.ndarray]]:
        loaded = []
        for picture in pictures:
            try:
                loaded.append((picture, picture.load()))
            except DataError as error:
                failed.append(dict(name=picture.name, error=str(error)))
        return loaded
