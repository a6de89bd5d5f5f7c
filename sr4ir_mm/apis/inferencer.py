# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""LR pictures in, SR pictures and recognition out."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from mmengine.config import Config
from mmengine.infer import BaseInferencer
from mmengine.structures import BaseDataElement
from rich.progress import Progress

from sr4ir_mm.errors import DataError, ModelError
from sr4ir_mm.models.tiles import Tiles
from sr4ir_mm.utils.check_number import check_number
from sr4ir_mm.visualization import build_visualizer, draw_sample, enlarge, to_uint8

from .inputs import Input, Picture, list_pictures
from .model import inference_model, init_model
from .prediction import to_dict
from .result_files import KINDS, ResultFiles, check_out_dir
from .wanted import Wanted


class SR4IRInferencer(BaseInferencer):
    """Restore LR pictures and recognise what is in them; arguments as those of mmdet's inferencer.

    Args:
        model (str | Path | Config, optional): A config, its path, or the name of one of ours, such
            as 'sr4ir/det_edsr_x4'. None takes the one that the weights were trained with.
        weights (str | Path, optional): A checkpoint or a work dir; None leaves the weights at
            random, with a warning. Defaults to None.
        device (str, optional): None takes a GPU if there is one. Defaults to None.
        show_progress (bool): Show a bar with the time that is left. Defaults to True.

    Examples:
        >>> inferencer = SR4IRInferencer('sr4ir/det_edsr_x4', 'work_dirs/sr4ir/det_edsr_x4')
        >>> results = inferencer('photos/', out_dir='results', tile=(256, 256))
    """

    # Its base sorts keyword arguments by these; __call__ names them all instead.
    preprocess_kwargs: set[str] = set()
    forward_kwargs: set[str] = set()
    visualize_kwargs: set[str] = set()
    postprocess_kwargs: set[str] = set()

    def __init__(
        self,
        model: str | Path | Config | None = None,
        weights: str | Path | None = None,
        device: str | None = None,
        show_progress: bool = True,
    ) -> None:
        self.model = init_model(model, weights, device)
        self.cfg = self.model.cfg
        self.scope = 'sr4ir_mm'
        self.show_progress = show_progress
        self.visualizer = self._init_visualizer(self.cfg)
        self.num_arrays = 0  # results of arrays are named by their number

    def __call__(
        self,
        inputs: Input | Iterable[Input],
        batch_size: int = 1,
        return_vis: bool = False,
        show: bool = False,
        wait_time: float = 0,
        no_save_vis: bool = False,
        draw_pred: bool = True,
        pred_score_thr: float = 0.3,
        return_datasamples: bool = False,
        print_result: bool = False,
        no_save_pred: bool = False,
        out_dir: str | Path = '',
        no_save_sr: bool = False,
        tile: tuple[int, int] | None = None,
        tile_overlap: int = 32,
        pred_frame: str = 'sr',
    ) -> dict[str, list]:
        """Infer.

        Args:
            inputs (Input | Iterable[Input]): A file, a folder (all pictures below it), an address,
                an array ``(h, w, 3)``, BGR, in 0..255, or several of these.
            batch_size (int): Pictures at a time. Defaults to 1.
            return_vis (bool): Give pictures of LR | SR with predictions. Defaults to False.
            show (bool): Show them in a window. Defaults to False.
            wait_time (float): Seconds that a window stays; 0 waits for a key. Defaults to 0.
            no_save_vis (bool): Do not write ``out_dir/vis/NAME.jpg``. Defaults to False.
            draw_pred (bool): Draw predictions. Defaults to True.
            pred_score_thr (float): Least score of what is drawn. Defaults to 0.3.
            return_datasamples (bool): Give data samples for predictions. Defaults to False.
            print_result (bool): Print predictions. Defaults to False.
            no_save_pred (bool): Do not write ``out_dir/preds/NAME.json``. Defaults to False.
            out_dir (str | Path): '' writes nothing. Defaults to ''.
            no_save_sr (bool): Do not write ``out_dir/sr/NAME.png``. Defaults to False.
            tile (tuple[int, int], optional): Height and width of the tiles, see :class:`Tiles`; T
                sees the whole SR picture. Defaults to None.
            tile_overlap (int): See :class:`Tiles`. Defaults to 32.
            pred_frame (str): Predictions are in pixels of the 'sr' or the 'lr' picture. Defaults to
                'sr'.

        Returns:
            dict[str, list]: For each picture that could be read, in their order, ``predictions``
                (see :func:`to_dict`), ``names`` (as those of result files), ``sr`` ``(H, W, 3)``,
                BGR, in 0..255 (none where they are written), ``visualization``; and ``failed``, a
                dict of name and error for others.

        Raises:
            DataError: No picture could be read.
            ConfigError: An argument cannot be used.
        """
        check_number(batch_size, 'batch_size', least=1, whole=True)
        save = bool(out_dir)
        wanted = Wanted(
            return_vis=return_vis,
            show=show,
            wait_time=wait_time,
            draw_pred=draw_pred,
            pred_score_thr=pred_score_thr,
            return_datasamples=return_datasamples,
            print_result=print_result,
            pred_frame=pred_frame,
            out_dir=out_dir,
            save_vis=save and not no_save_vis,
            save_pred=save and not no_save_pred,
            save_sr=save and not no_save_sr,
        )
        pictures = self._list(inputs, Path(out_dir) if save else None)
        kinds = ('predictions', 'visualization', 'sr', 'names', 'failed')
        results: dict[str, list] = {kind: [] for kind in kinds}
        with Progress(disable=not self.show_progress, transient=True) as progress:
            watch = partial(_watch, progress)
            self.model.tiles = None if tile is None else Tiles(tile, tile_overlap, watch)
            starts = range(0, len(pictures), batch_size)
            for start in progress.track(starts, description='Inference'):
                self._batch(pictures[start : start + batch_size], wanted, results)
        if len(results['failed']) == len(pictures):
            raise DataError('\n'.join(failed['error'] for failed in results['failed']))
        return results

    def _list(self, inputs: Input | Iterable[Input], out_dir: Path | None) -> list[Picture]:
        """List the pictures; results of former calls are none, and none is written over."""
        results = [out_dir, *(out_dir / kind for kind in KINDS)] if out_dir else []
        pictures = list_pictures(inputs, results, self.num_arrays)
        if out_dir:
            check_out_dir(out_dir, pictures)
        self.num_arrays += sum(isinstance(picture.source, np.ndarray) for picture in pictures)
        return pictures

    def _batch(self, pictures: Sequence[Picture], wanted: Wanted, results: dict) -> None:
        """Infer a batch; when this returns, none of its images is kept but what is a result."""
        loaded = []
        for picture in pictures:
            try:
                loaded.append((picture, picture.load()))
            except DataError as error:
                results['failed'].append(dict(name=picture.name, error=str(error)))
        if not loaded:
            return
        try:
            samples = self.forward([array for _, array in loaded])
        except (torch.cuda.OutOfMemoryError, ModelError) as error:
            if len(loaded) > 1:  # one of them may be the reason
                for picture, _ in loaded:
                    self._batch([picture], wanted, results)
                return
            name, reason = loaded[0][0].name, str(error)
            if isinstance(error, torch.cuda.OutOfMemoryError):
                reason = 'does not fit into the memory of the GPU: use smaller tiles.'
            results['failed'].append(dict(name=name, error=f'{name}: {reason}'))
            return
        for picture, _ in loaded:
            self._finish(picture, samples.pop(0).cpu(), wanted, results)

    def _finish(
        self, picture: Picture, sample: BaseDataElement, wanted: Wanted, results: dict
    ) -> None:
        """Show, write and collect what is wanted of a picture."""
        prediction = self.postprocess([sample], pred_frame=wanted.pred_frame)
        vis = None
        if wanted.show or wanted.return_vis or wanted.save_vis:
            vis = self.visualize(
                [sample], wanted.draw_pred, wanted.pred_score_thr, wanted.show, wanted.wait_time
            )
        sr = to_uint8(sample.sr)[..., ::-1]
        files = ResultFiles(Path(wanted.out_dir), picture.name)
        if wanted.save_sr:
            files.save_sr(sr)
        if vis is not None and wanted.save_vis:
            files.save_vis(vis)
        if wanted.save_pred:
            files.save_prediction(prediction, self.model.dataset_meta.get('palette'))
        if wanted.print_result:
            print(f'{picture.name}: {prediction}')
        results['names'].append(picture.name)
        results['predictions'].append(sample if wanted.return_datasamples else prediction)
        results['visualization'] += [vis] if wanted.return_vis else []
        results['sr'] += [] if wanted.save_sr else [sr]

    def forward(self, inputs: Sequence[np.ndarray]) -> list[BaseDataElement]:
        """Restore LR pictures and predict on them; see :func:`inference_model`."""
        return inference_model(self.model, inputs)

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
        return build_visualizer(cfg, self.model.dataset_meta)


def _watch(progress: Progress, tiles: list) -> Iterator:
    """Show a bar of the tiles of a picture below that of the pictures."""
    task = progress.add_task('Tiles', total=len(tiles))
    yield from progress.track(tiles, task_id=task)
    progress.remove_task(task)
