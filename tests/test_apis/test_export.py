# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""An exported file gives what the libraries' own models give."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from mmengine.config import Config
from torch import Tensor, nn

from sr4ir_mm.apis.export import export_model
from sr4ir_mm.apis.export_check import (
    BOUND,
    check_pictures,
    differences,
    load_exported,
    to_batch,
)
from sr4ir_mm.apis.model import inference_model
from sr4ir_mm.errors import CheckpointError, ConfigError
from sr4ir_mm.models.exported_part import ExportedPart
from tests.utils.exporter import needs_exporter
from tests.utils.samples import TINY_EDSR, build_model
from tests.utils.sr_nets import NETS
from tests.utils.tiny import fcn, fcos, resnet


def make_part(part: str, **changes: Any) -> ExportedPart:
    model = build_model(**changes).eval()
    model.cfg = Config(dict(model={}))
    model.dataset_meta = dict(classes=('disc', 'square'))
    return ExportedPart(model, part).eval()


def picture(height: int, width: int) -> np.ndarray:
    """Give a picture as OpenMMLab's loaders do, ``(h, w, 3)``, BGR, in 0..255."""
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)


def as_input(bgr: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(bgr[..., ::-1].transpose(2, 0, 1)[None].astype(np.float32) / 255)


@needs_exporter
@pytest.mark.parametrize(
    ('name', 'suffix', 'dynamic'),
    [
        pytest.param('EDSRNet', '.onnx', True, marks=pytest.mark.quick),
        ('RRDBNet', '.pt2', True),
        ('MSRResNet', '.pt2', True),
        ('RDNNet', '.pt2', True),
        ('SwinIRNet', '.onnx', False),
        ('BilinearSkip', '.onnx', True),
        ('BilinearSkip', '.pt2', True),
    ],
)
def test_sr_net(name: str, suffix: str, dynamic: bool, tmp_path: Path) -> None:
    path, changes = NETS.get(name, ('', {}))
    if path:
        part = make_part('sr', sr=dict(cfg_path=f'mmagic::{path}.py', **changes))
    else:
        part = make_part('sr', sr=dict(type=name, net=TINY_EDSR))
        nn.init.normal_(part.model.sr.net.conv_last.weight)  # it starts at zero
    out = tmp_path / f'sr{suffix}'
    format = 'onnx' if suffix == '.onnx' else 'torch'
    assert export_model(part, out, (9, 14), format, dynamic) == out
    run = load_exported(out)
    for shape in [(1, 3, 9, 14), *([(3, 3, 12, 11)] if dynamic else [])]:
        lr = np.random.default_rng(0).random(shape, np.float32)
        with torch.no_grad():
            expected = part.model.sr(torch.from_numpy(lr)).numpy()
        found = run(lr)
        assert found.keys() == {'sr'}
        assert found['sr'].shape == (shape[0], 3, 4 * shape[2], 4 * shape[3])
        np.testing.assert_allclose(found['sr'], expected, atol=1e-5)


@needs_exporter
def test_segmentor_gives_logits_of_the_sr_picture(tmp_path: Path) -> None:
    part = make_part('whole', task=fcn(num_classes=21))
    export_model(part, tmp_path / 'whole.pt2', (9, 14), 'torch', dynamic=True)
    bgr = picture(11, 13)
    found = load_exported(tmp_path / 'whole.pt2')(as_input(bgr))
    sample = inference_model(part.model, bgr)
    assert list(found) == ['logits', 'sr']
    np.testing.assert_allclose(found['sr'][0], sample.sr, atol=1e-5)
    np.testing.assert_allclose(found['logits'][0], sample.seg_logits.data, atol=1e-4)


@needs_exporter
def test_detector_gives_the_boxes_that_are_predicted(tmp_path: Path) -> None:
    part = make_part('whole', task=fcos(test_cfg=dict(score_thr=0.0, max_per_img=20)))
    out = tmp_path / 'whole.onnx'
    export_model(part, out, (40, 48))
    bgr = picture(40, 48)
    run = load_exported(out)
    found = run(as_input(bgr))
    expected = inference_model(part.model, bgr).pred_instances
    there = found['scores'] > 0
    assert there.sum() == len(expected) == 20
    np.testing.assert_allclose(found['scores'][there], expected.scores, atol=1e-5)
    assert differences(part, run, [as_input(bgr)])['boxes'] < BOUND

    with pytest.raises(ConfigError, match=r'FCOS.*one size alone.*leave out --dynamic'):
        export_model(part, out, (40, 48), dynamic=True)


class Choosy(nn.Module):
    """A net that looks at values before it decides what to do."""

    def forward(self, lr: Tensor) -> Tensor:
        factor = 1 if lr.mean() > 0 else 2
        return factor * lr.repeat_interleave(4, 2).repeat_interleave(4, 3)


@needs_exporter
def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / 'taken').write_text('no folder')
    with pytest.raises(CheckpointError, match='a.pt2 cannot be written'):
        export_model(make_part('sr'), tmp_path / 'taken/a.pt2', (8, 8), 'torch')


@needs_exporter
def test_what_cannot_be_exported_is_one_message(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    part = make_part('whole', sr=dict(type=Choosy))
    out = tmp_path / 'sr.pt2'
    out.write_text('an older one')
    capsys.readouterr()
    with pytest.raises(ConfigError) as caught:
        export_model(part, out, (24, 32), 'torch')
    message = str(caught.value)
    assert "The part 'whole', sr (Choosy) and task (FCOS), cannot be exported" in message
    assert 'data-dependent' in message
    assert 'Try another --shape, --part sr and --part task' in message
    assert '\n' not in message
    assert capsys.readouterr() == ('', '')
    assert out.read_text() == 'an older one'
    assert list(tmp_path.iterdir()) == [out]


def test_mistakes_are_named(tmp_path: Path) -> None:
    part = make_part('sr')
    for arguments, message in (
        (('a.onnx', (8, 8), 'torch'), r"a.onnx cannot be written as 'torch'.*\*.pt2"),
        (('a.onnx', (0, 8)), 'shape is .0, 8.'),
    ):
        with pytest.raises(ConfigError, match=message):
            export_model(part, tmp_path / arguments[0], *arguments[1:])
    with pytest.raises(ConfigError, match=r"part 'whole' needs model.sr, .*: it has task"):
        make_part('whole', sr=None, task=resnet(num_classes=2))
    with pytest.raises(ConfigError, match="take the part 'task'"):
        make_part('whole', predict_on='hr')
    with pytest.raises(ConfigError, match='sr, task, whole'):
        make_part('both')


def test_an_old_pytorch_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.onnx, 'export', lambda model, args, f: None)
    with pytest.raises(ConfigError, match=r'needs PyTorch 2\.6 or later.*default one'):
        export_model(make_part('sr'), tmp_path / 'a.onnx', (8, 8))


def test_differences_see_values_and_detections() -> None:
    part = make_part('sr', sr=TINY_EDSR)
    (given,) = check_pictures([picture(9, 14)], (9, 14), dynamic=False)
    lr = to_batch(given, (9, 14), dynamic=False)
    np.testing.assert_array_equal(lr, as_input(picture(9, 14)))
    with torch.no_grad():
        sr = part(torch.from_numpy(lr))['sr'].numpy()
    assert differences(part, lambda images: {'sr': sr}, [lr])['sr'] == 0
    moved = differences(part, lambda images: {'sr': sr + 0.25}, [lr])['sr']
    assert moved == pytest.approx(0.25 / max(1, np.abs(sr).max()))

    answers = iter([sr * np.nan, sr])
    assert differences(part, lambda images: {'sr': next(answers)}, [lr, lr])['sr'] == float('inf')

    boxes = np.array([[0, 0, 8, 8], [4, 4, 9, 9], [0, 0, 0, 0]], np.float32)
    expected = dict(boxes=boxes, scores=np.array([0.5, 0.5, 0]), labels=np.array([0, 0, 0]))
    detector = lambda images: {k: torch.from_numpy(v) for k, v in expected.items()}  # noqa: E731
    swapped = {name: value[[1, 0, 2]] for name, value in expected.items()}
    assert differences(detector, lambda images: swapped, [lr])['boxes'] == 0
    broken = expected | dict(boxes=boxes * np.nan)
    assert differences(detector, lambda images: broken, [lr])['boxes'] == float('inf')
    other = expected | dict(labels=np.array([0, 1, 0]))
    assert differences(detector, lambda images: other, [lr])['boxes'] == float('inf')


def test_pictures_are_brought_to_the_shape_or_left_at_their_size() -> None:
    for dynamic in (False, True):
        (given,) = check_pictures(picture(9, 14), (6, 7), dynamic)
        batch = to_batch(given, (6, 7), dynamic)
        assert batch.shape == ((2, 3, 9, 14) if dynamic else (1, 3, 6, 7))
        made = [to_batch(one, (6, 7), dynamic) for one in check_pictures(None, (6, 7), dynamic)]
        assert len({batch.shape for batch in made}) == (3 if dynamic else 1)
        assert all(0 <= batch.min() < batch.max() <= 1 for batch in made)
