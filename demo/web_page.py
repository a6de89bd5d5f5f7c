# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The page of web_demo.py: an LR picture goes in; SR, predictions and files come out."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import gradio as gr
import numpy as np
from mmengine.structures import BaseDataElement
from shrink import shrink

from sr4ir_mm.apis import SR4IRInferencer, inference_model
from sr4ir_mm.apis.result_files import ResultFiles
from sr4ir_mm.datasets.decode_image import decode_image
from sr4ir_mm.errors import DataError, SR4IRError
from sr4ir_mm.models.degradations import StoredLR
from sr4ir_mm.visualization import draw_sample, enlarge, enlarge_sample, to_uint8

MOST_PIXELS = 2**20
"""Of an LR picture; a larger one would hold up whoever comes next."""

READABLE = 640
"""Smaller pictures are enlarged up to this side, so that what is drawn can be read."""

# Fonts of the machine: Gradio's own themes fetch theirs from the net.
THEME = gr.themes.Soft(
    primary_hue='teal',
    font=['system-ui', 'sans-serif'],
    font_mono=['ui-monospace', 'monospace'],
    spacing_size='sm',
)


class View(NamedTuple):
    """What the task model sees of a picture, what it finds there, and how long that took."""

    sample: BaseDataElement
    drawn: np.ndarray
    seconds: float


class WebPage:
    """A page that restores one picture at a time.

    Args:
        inferencer (SR4IRInferencer): The trained pair.
        title (str): What the pair is called.
        score_thr (float): Least score of what is drawn, at first.
        examples (Sequence[Path]): LR pictures to begin with.

    Raises:
        ConfigError: The pair does not work on LR pictures alone.
    """

    def __init__(
        self,
        inferencer: SR4IRInferencer,
        title: str,
        score_thr: float = 0.3,
        examples: Sequence[Path] = (),
    ) -> None:
        self.inferencer = inferencer
        self.model = inferencer.model
        self.classes = self.model.dataset_meta.get('classes') or ()
        # What cannot work fails here, and the first visitor need not wait for a warm-up.
        inferencer.forward([np.zeros((32, 32, 3), np.uint8)])
        self.blocks = self._lay_out(title, score_thr, [str(path) for path in examples])

    def _lay_out(self, title: str, score_thr: float, examples: list[str]) -> gr.Blocks:
        scale = self.model.scale
        with gr.Blocks(title=title, analytics_enabled=False, delete_cache=(600, 3600)) as blocks:
            gr.Markdown(
                f'## {title}\nDrop an LR picture: it is restored, ×{scale}, and recognised.'
            )
            with gr.Row():
                with gr.Column(scale=1, min_width=280):
                    picture = gr.Image(
                        label='Picture',
                        sources=['upload', 'clipboard'],
                        height=280,
                    )
                    is_hr = gr.Checkbox(
                        label=f'It has high resolution: shrink it by {scale} first',
                        visible=not isinstance(self.model.degradation, StoredLR),
                    )
                    score = gr.Slider(0, 1, score_thr, step=0.05, label='Least score that is drawn')
                    button = gr.Button('Restore and recognise', variant='primary')
                    inputs = [picture, is_hr, score]
                    if examples:
                        shelf = gr.Examples(examples, picture, label='LR pictures of the demo')
                with gr.Column(scale=2, min_width=400):
                    with gr.Tab('LR, up-sampled | SR'):
                        # A label would cover what is drawn in the picture's corner.
                        pair = gr.ImageSlider(show_label=False, format='png', max_height=620)
                    with gr.Tab('Side by side'), gr.Row():
                        plain = dict(format='png', interactive=False, buttons=['fullscreen'])
                        low = gr.Image(label='LR, up-sampled', **plain)
                        high = gr.Image(label='SR', **plain)
                    table = gr.Markdown()
                    files = gr.File(label='SR picture and predictions on it', interactive=False)
            outputs = [pair, low, high, table, files]
            # Gradio's preprocessing would decode the file; it is decoded as everywhere here.
            work = dict(fn=self.restore, inputs=inputs, outputs=outputs, preprocess=False)
            gr.on([button.click, picture.upload], api_name='restore', **work)
            if examples:
                shelf.load_input_event.then(api_visibility='private', **work)
        return blocks.queue(max_size=16)

    def restore(self, file: dict | None, is_hr: bool, score_thr: float) -> Iterator[tuple]:
        """Restore a picture and recognise, on it and on the LR picture, up-sampled.

        Args:
            file (dict, optional): The picture as Gradio keeps it, with ``path``, its copy, and
                ``orig_name``.
            is_hr (bool): Shrink the picture first.
            score_thr (float): Least score of what is drawn.

        Yields:
            tuple: Both views as a pair, each, a table in Markdown, and files.
        """
        # Gradio copies the files when they are handed out, before it asks for more.
        with _as_messages(), TemporaryDirectory() as folder:
            if file is None:
                raise DataError('There is no picture yet: drop one.')
            path, name = Path(file['path']), file.get('orig_name') or 'picture'
            lr = self._load(path, name, is_hr)
            low, high = (self._look(lr, see, score_thr) for see in ('bilinear', None))
            pair = (low.drawn, high.drawn)
            files = self._write(high, Path(folder), Path(name).stem)
            yield pair, *pair, self._table(lr, low, high, score_thr), files

    def _load(self, path: Path, name: str, is_hr: bool) -> np.ndarray:
        picture = decode_image(path.read_bytes(), name)
        if is_hr:
            picture = shrink(picture, self.model.degradation)
        height, width = picture.shape[:2]
        if height * width > MOST_PIXELS:
            raise DataError(
                f'An LR picture of {width}x{height} is too large for this page, which takes '
                f'{MOST_PIXELS} pixels: use demo/image_demo.py --tile.'
            )
        return picture

    def _look(self, lr: np.ndarray, see: str | None, score_thr: float) -> View:
        begin = time.perf_counter()
        sample = inference_model(self.model, lr, see).cpu()
        seconds = time.perf_counter() - begin
        height, width = sample.sr.shape[1:]
        factor = max(1, READABLE // max(height, width))
        drawn = enlarge(to_uint8(sample.sr), factor, factor * height, factor * width)
        if self.model.task is not None:
            large = enlarge_sample(sample, factor)
            visualizer = self.inferencer.visualizer
            drawn = draw_sample(visualizer, drawn, large, truth=False, score_thr=score_thr)
        return View(sample, drawn, seconds)

    def _table(self, lr: np.ndarray, low: View, high: View, score_thr: float) -> str:
        rows = [
            f'| {name} | {view.sample.sr.shape[2]}×{view.sample.sr.shape[1]} '
            f'| {self._words(view.sample, score_thr)} | {view.seconds:.2f} s |'
            for name, view in (('LR, up-sampled', low), ('SR', high))
        ]
        head = f'| LR: {lr.shape[1]}×{lr.shape[0]} | pixels | found | time |'
        return '\n'.join([head, '|---|---|---|---|', *rows])

    def _words(self, sample: BaseDataElement, score_thr: float) -> str:
        """Tell in a line what was found."""
        prediction = self.inferencer.postprocess([sample])
        if 'top_k' in prediction:
            best = prediction['top_k'][:3]
            return ', '.join(f'{self._name(one["label"])} {one["score"]:.2f}' for one in best)
        if 'sem_seg' in prediction:
            labels, numbers = np.unique(prediction['sem_seg'], return_counts=True)
            best = sorted(zip(numbers / numbers.sum(), labels, strict=True), reverse=True)[:4]
            return ', '.join(f'{self._name(label)} {share:.0%}' for share, label in best)
        pairs = zip(prediction.get('labels', ()), prediction.get('scores', ()), strict=True)
        found = Counter(label for label, score in pairs if score >= score_thr)
        words = [f'{number} {self._name(label)}' for label, number in found.most_common()]
        return ', '.join(words) or 'nothing'

    def _name(self, label: int) -> str:
        return self.classes[label] if label < len(self.classes) else f'class {label}'

    def _write(self, view: View, folder: Path, name: str) -> list[str]:
        files = ResultFiles(folder, name)
        files.save_sr(to_uint8(view.sample.sr)[..., ::-1])
        prediction = self.inferencer.postprocess([view.sample])
        files.save_prediction(prediction, self.model.dataset_meta.get('palette'))
        return sorted(str(file) for file in folder.rglob('*') if file.is_file())


@contextmanager
def _as_messages() -> Iterator[None]:
    """Show the page's visitor what is wrong with the picture."""
    try:
        yield
    except SR4IRError as error:
        raise gr.Error(str(error), print_exception=False) from error
