# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Pictures reach every backend of the visualizer, each under a name of its own."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from mmengine.structures import BaseDataElement
from mmengine.visualization import Visualizer

from sr4ir_mm.engine.hooks import SRVisualizationHook


class Marking(Visualizer):
    """Marks predictions and ground truth in a corner; keeps what is shown."""

    shown: tuple = ()

    def add_datasample(
        self, name: str, image: np.ndarray, sample: object, draw_gt: bool, draw_pred: bool
    ) -> None:
        marked = image.copy()
        marked[0, 0] = (255 * draw_gt, 255 * draw_pred, 0)
        self.set_image(marked)
        self.add_image(name, marked)  # as the libraries' visualizers do

    def get_image(self) -> np.ndarray:
        return self._image

    def set_image(self, image: np.ndarray) -> None:
        self._image = image

    def show(self, image: np.ndarray, win_name: str, wait_time: float) -> None:
        self.shown = (*self.shown, (win_name, wait_time))


class Images(list):
    """A data set that knows the paths of its images."""

    def get_data_info(self, index: int) -> dict:
        return dict(img_path=self[index])


def sample(path: str, grey: float = 0.5) -> BaseDataElement:
    """Make a prediction x2 on an image of 4x6 pixels."""
    return BaseDataElement(
        metainfo=dict(img_path=path, hr_shape=(4, 6)),
        sr=torch.full((3, 4, 6), grey),
        hr=torch.ones(3, 4, 6),
        lr=torch.zeros(3, 2, 3),
    )


def run(tmp_path: Path, paths: list[str], backends: list) -> SimpleNamespace:
    """Stand in for a runner of a model x2."""
    model = torch.nn.Module()
    model.scale = 2
    loop = SimpleNamespace(dataloader=SimpleNamespace(dataset=Images(paths)))
    visualizer = Marking(vis_backends=backends, save_dir=str(tmp_path / 'now'))
    return SimpleNamespace(
        model=model, visualizer=visualizer, work_dir=str(tmp_path), timestamp='now', iter=0,
        val_loop=loop, test_loop=loop,
    )  # fmt: skip


PATHS = ['data/a/1.jpg', 'data/b/1.jpg', 'data/b/1.png']


def test_no_picture_replaces_another(tmp_path: Path) -> None:
    kind = dict(type='sr4ir_mm.LocalVisBackend')
    runner = run(tmp_path, PATHS, [kind])
    hook = SRVisualizationHook(draw=True, interval=2)
    for runner.iter in (0, 30):  # two epochs
        hook.before_val_epoch(runner)
        hook.after_val_iter(runner, 0, {}, [sample(path) for path in PATHS])
        hook.after_val_iter(runner, 1, {}, [sample('data/b/none.jpg')])
    hook.before_test_epoch(runner)
    hook.after_test_iter(runner, 1, {}, [sample('data/a/1.jpg', grey=0.2)])
    folder = tmp_path / 'now/vis_data/vis_image'
    written = {str(path.relative_to(folder)) for path in folder.rglob('*.*')}
    names = ('a/1', 'b/1', 'b/1_2')
    assert written == {f'val/{name}_{step}.png' for name in names for step in (0, 30)} | {
        'test/a/1_30.png'
    }
    picture = cv2.imread(str(folder / 'val/b/1_0.png'))[..., ::-1]
    assert picture.shape == (4, 18, 3)
    assert (picture[1, 0] == 0).all()  # LR
    assert (picture[1, 6] == 128).all()
    assert (picture[1, 12] == 255).all()
    assert picture[0, 6].tolist() == [0, 255, 0]  # SR: predictions
    assert picture[0, 12].tolist() == [255, 0, 0]  # HR: ground truth


def test_any_backend_gets_them(tmp_path: Path) -> None:
    events = pytest.importorskip('tensorboard.backend.event_processing.event_accumulator')
    runner = run(tmp_path, PATHS, [dict(type='TensorboardVisBackend')])
    hook = SRVisualizationHook(draw=True)
    for runner.iter in (10, 20):
        hook.before_val_epoch(runner)
        hook.after_val_iter(runner, 0, {}, [sample(path) for path in PATHS])
    runner.visualizer.close()
    found = events.EventAccumulator(str(tmp_path / 'now/vis_data'), dict(images=0)).Reload()
    assert sorted(found.Tags()['images']) == ['val/a/1', 'val/b/1', 'val/b/1_2']
    assert [event.step for event in found.Images('val/b/1')] == [10, 20]
    assert (found.Images('val/b/1')[0].width, found.Images('val/b/1')[0].height) == (18, 4)


def test_backends_of_others_get_names_and_steps(tmp_path: Path) -> None:
    seen: list[tuple] = []

    class Recording:
        def add_image(self, name: str, image: np.ndarray, step: int, **kwargs: Any) -> None:
            seen.append((name, step, image.shape))

    runner = run(tmp_path, PATHS, [])
    runner.visualizer._vis_backends = dict(recording=Recording())
    hook = SRVisualizationHook(draw=True)
    runner.iter = 7
    hook.before_val_epoch(runner)
    hook.after_val_iter(runner, 0, {}, [sample('data/a/1.jpg')])
    lr_alone = sample('data/b/1.jpg')
    lr_alone.pop('hr')
    hook.before_test_epoch(runner)
    hook.after_test_iter(runner, 3, {}, [lr_alone])
    assert seen == [('val/a/1', 7, (4, 18, 3)), ('test/b/1', 7, (4, 12, 3))]


def test_show_and_folder_of_a_test(tmp_path: Path) -> None:
    runner = run(tmp_path, PATHS, [dict(type='sr4ir_mm.LocalVisBackend')])
    hook = SRVisualizationHook(draw=True, show=True, wait_time=2)
    hook.before_test_epoch(runner)
    hook.after_test_iter(runner, 0, {}, [sample('data/b/1.jpg')])
    assert runner.visualizer.shown == (('b/1', 2),)
    hook = SRVisualizationHook(draw=True, test_out_dir='seen')
    hook.before_test_epoch(runner)
    hook.after_test_iter(runner, 0, {}, [sample('data/b/1.jpg')])
    assert [str(path.relative_to(tmp_path)) for path in tmp_path.rglob('*.png')] == [
        'now/seen/b/1.png'
    ]


def test_score_threshold_reaches_the_drawing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = []

    def draw(
        self: Marking, name: str, image: np.ndarray, sample: object, draw_gt: bool,
        draw_pred: bool, pred_score_thr: float,
    ) -> None:  # fmt: skip
        given.append(pred_score_thr)

    monkeypatch.setattr(Marking, 'add_datasample', draw)
    runner = run(tmp_path, PATHS, [])
    SRVisualizationHook(draw=True, score_thr=0.6).after_test_iter(runner, 0, {}, [sample('1.jpg')])
    assert given == [0.6, 0.6]
