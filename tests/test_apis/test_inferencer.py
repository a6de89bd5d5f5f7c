# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""From LR pictures, however they come, to SR pictures and predictions."""

import json
from copy import deepcopy
from inspect import signature
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.runner.checkpoint import save_checkpoint
from PIL import Image

from sr4ir_mm.apis import SR4IRInferencer, inference_model, init_model
from sr4ir_mm.apis.find_config import find_config
from sr4ir_mm.errors import CheckpointError, ConfigError, DataError
from sr4ir_mm.registry import MODELS
from tests.utils.tiny import CLASSES, tiny_config

NAMES = dict(det='sr4ir/det_edsr_x4', seg='sr4ir/seg_edsr_x4', cls='sr4ir/cls_cars_edsr_x4')


def picture(height: int = 9, width: int = 14, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


@pytest.fixture(scope='module', params=NAMES)
def pair(
    request: pytest.FixtureRequest,
    coco: Path,
    tiny_data: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[str, Config, Path]:
    """A task, a config and a work dir with a checkpoint of it."""
    task = request.param
    work_dir = tmp_path_factory.mktemp(task)
    cfg = tiny_config(coco if task == 'det' else tiny_data, work_dir, NAMES[task])
    if task == 'det':
        cfg.model.task.test_cfg = dict(score_thr=0.0)
    torch.manual_seed(0)
    from mmengine.registry import init_default_scope

    init_default_scope('sr4ir_mm')
    model = MODELS.build(cfg.model)
    model.init_weights()
    meta = dict(dataset_meta=dict(classes=CLASSES)) if task == 'det' else {}
    save_checkpoint(dict(state_dict=model.state_dict(), meta=meta), str(work_dir / 'epoch_1.pth'))
    return task, cfg, work_dir


@pytest.fixture
def inferencer(pair: tuple[str, Config, Path]) -> SR4IRInferencer:
    return SR4IRInferencer(pair[1], pair[2], device='cpu', show_progress=False)


def test_results_are_those_of_the_model(
    pair: tuple[str, Config, Path], inferencer: SR4IRInferencer
) -> None:
    task, cfg, work_dir = pair
    model = init_model(cfg, work_dir / 'epoch_1.pth', 'cpu')
    sample = inference_model(model, picture())
    results = inferencer(picture(), return_vis=True)
    (found,), (sr,) = results['predictions'], results['sr']
    expected = (sample.sr.permute(1, 2, 0) * 255).round().clamp(0, 255).byte().numpy()
    np.testing.assert_array_equal(sr, expected[..., ::-1])
    assert results['visualization'][0].shape == (36, 2 * 56, 3)
    if task == 'det':
        assert len(found['labels']) > 0
        assert found['labels'] == sample.pred_instances.labels.tolist()
        np.testing.assert_allclose(found['bboxes'], sample.pred_instances.bboxes, atol=1e-4)
        assert model.dataset_meta['classes'] == CLASSES
    elif task == 'seg':
        np.testing.assert_array_equal(found['sem_seg'], sample.pred_sem_seg.data[0])
        assert len(model.dataset_meta['classes']) == 21
    else:
        assert found['pred_label'] == int(sample.pred_score.argmax())
        assert found['pred_class'] == model.dataset_meta['classes'][found['pred_label']]


def test_pixels_of_the_lr_picture(
    pair: tuple[str, Config, Path], inferencer: SR4IRInferencer
) -> None:
    sr, lr = (inferencer(picture(), pred_frame=f)['predictions'][0] for f in ('sr', 'lr'))
    if pair[0] == 'det':
        np.testing.assert_allclose(np.array(lr['bboxes']) * 4, sr['bboxes'], rtol=1e-5)
    elif pair[0] == 'seg':
        assert lr['sem_seg'].shape == (9, 14)
        np.testing.assert_array_equal(lr['sem_seg'], sr['sem_seg'][2::4, 2::4])
    else:
        assert lr == sr


def test_folders_keep_their_structure(
    pair: tuple[str, Config, Path], inferencer: SR4IRInferencer, tmp_path: Path
) -> None:
    for name in ('a/1.png', 'b/1.png', 'b/1.bmp', 'grey.png', 'alpha.png', 'broken.jpg'):
        (tmp_path / 'in' / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture()).save(tmp_path / 'in' / name)
    Image.fromarray(picture()[..., 0]).save(tmp_path / 'in/grey.png')
    Image.fromarray(np.dstack([picture(), picture()[..., :1]])).save(tmp_path / 'in/alpha.png')
    (tmp_path / 'in/broken.jpg').write_text('<html>')
    results = inferencer(str(tmp_path / 'in'), out_dir=tmp_path / 'out', batch_size=4)
    assert [failed['name'] for failed in results['failed']] == ['broken']
    assert 'broken.jpg cannot be read: it is not a picture' in results['failed'][0]['error']
    names = {'a/1', 'b/1_png', 'b/1_bmp', 'grey', 'alpha'}
    for kind, suffix in (('sr', '.png'), ('vis', '.jpg'), ('preds', '.json')):
        files = (tmp_path / 'out' / kind).rglob(f'*{suffix}')
        found = {str(f.relative_to(tmp_path / 'out' / kind).with_suffix('')) for f in files}
        assert found == names
    sr = cv2.imread(str(tmp_path / 'out/sr/a/1.png'))
    np.testing.assert_array_equal(sr, inferencer(str(tmp_path / 'in/a/1.png'))['sr'][0])
    saved = json.loads((tmp_path / 'out/preds/a/1.json').read_text())
    assert saved.keys() == results['predictions'][0].keys()
    if pair[0] == 'seg':
        labels = np.asarray(Image.open(tmp_path / 'out/preds' / 'a' / saved['sem_seg']))
        np.testing.assert_array_equal(labels, results['predictions'][0]['sem_seg'])


def test_results_are_no_inputs_and_replace_none(
    inferencer: SR4IRInferencer, tmp_path: Path
) -> None:
    cv2.imwrite(str(tmp_path / 'a.png'), picture(4, 5))
    for _ in range(2):
        assert inferencer(tmp_path, out_dir=tmp_path)['names'] == ['a']
    content = (tmp_path / 'sr/a.png').read_bytes()
    with pytest.raises(ConfigError, match=r'a result would replace the picture .*sr/a\.png'):
        inferencer(tmp_path / 'sr/a.png', out_dir=tmp_path)
    assert (tmp_path / 'sr/a.png').read_bytes() == content


def test_a_list_goes_on_where_one_is_missing(inferencer: SR4IRInferencer, tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / 'a.png'), picture(4, 5))
    results = inferencer([tmp_path / 'none.png', tmp_path / 'a.png', picture(4, 5)])
    assert results['names'] == ['a', '00000000']
    assert [failed['name'] for failed in results['failed']] == ['none']
    with pytest.raises(DataError, match=r'no file or folder .*none\.png'):
        inferencer(tmp_path / 'none.png')


def test_a_picture_is_the_same_in_any_company(
    pair: tuple[str, Config, Path], inferencer: SR4IRInferencer
) -> None:
    pictures = [picture(9, 14), picture(20, 11, 1), picture(9, 14, 2)]
    alone = [inferencer(p)['sr'][0] for p in pictures]
    together = inferencer(pictures, batch_size=3)
    assert [sr.shape for sr in together['sr']] == [(36, 56, 3), (80, 44, 3), (36, 56, 3)]
    for one, other in zip(alone, together['sr'], strict=True):
        # A batch may round otherwise, by less than one of 255 steps.
        assert np.abs(one.astype(int) - other).max() <= 1


def test_a_config_that_is_given_stays_as_it_is(pair: tuple[str, Config, Path]) -> None:
    cfg = deepcopy(pair[1])
    cfg.model.init = dict(sr='work_dirs/s')
    init_model(cfg, pair[2], 'cpu')
    assert cfg.model.init == dict(sr='work_dirs/s')


def test_tiles_equal_the_whole_picture(inferencer: SR4IRInferencer) -> None:
    def restore(**options: Any) -> torch.Tensor:
        return inferencer(picture(50, 61), return_datasamples=True, **options)['predictions'][0].sr

    whole = restore()
    # The tiny EDSR sees less than 12 pixels far.
    tiled = restore(tile=(16, 20), tile_overlap=12)
    torch.testing.assert_close(tiled, whole, atol=1e-5, rtol=0)
    coarse = restore(tile=(16, 20), tile_overlap=0)
    assert (coarse - whole).abs().max() > 1e-3


def test_arguments_come_as_in_mmdet(inferencer: SR4IRInferencer) -> None:
    from mmdet.apis import DetInferencer

    theirs = list(signature(DetInferencer.__call__).parameters)
    ours = list(signature(SR4IRInferencer.__call__).parameters)
    shared = theirs[: theirs.index('out_dir') + 1]
    assert ours[: len(shared)] == shared


def test_arrays_of_several_calls_do_not_overwrite_each_other(
    inferencer: SR4IRInferencer, tmp_path: Path
) -> None:
    for _ in range(2):
        inferencer([picture(4, 4)] * 2, out_dir=tmp_path, no_save_vis=True)
    names = sorted(path.name for path in (tmp_path / 'sr').iterdir())
    assert names == [f'{number:08d}.png' for number in range(4)]
    assert not (tmp_path / 'vis').exists()


def test_the_config_is_taken_from_the_weights(
    pair: tuple[str, Config, Path], tmp_path: Path
) -> None:
    _, cfg, work_dir = pair
    state = torch.load(work_dir / 'epoch_1.pth', weights_only=False)
    state['meta']['cfg'] = cfg.pretty_text
    torch.save(state, tmp_path / 'epoch_1.pth')
    sample = inference_model(init_model(None, tmp_path / 'epoch_1.pth', 'cpu'), picture())
    other = inference_model(init_model(cfg, work_dir, 'cpu'), picture())
    torch.testing.assert_close(sample.sr, other.sr)
    with pytest.raises(ConfigError, match='Name a config'):
        init_model(None)


def test_files_and_what_the_task_model_sees(pair: tuple[str, Config, Path], tmp_path: Path) -> None:
    model = init_model(pair[1], pair[2], 'cpu')
    cv2.imwrite(str(tmp_path / 'a.png'), picture())
    one, (two,) = (inference_model(model, i) for i in (tmp_path / 'a.png', [picture()]))
    assert torch.equal(one.sr, two.sr)
    large = inference_model(model, picture(), see='bilinear')
    lr = torch.from_numpy(picture()[..., ::-1].copy()).permute(2, 0, 1) / 255
    expected = torch.nn.functional.interpolate(
        lr[None], scale_factor=4, mode='bilinear', align_corners=True
    )
    torch.testing.assert_close(large.sr, expected[0])


def test_a_picture_that_does_not_fit_is_named_and_the_others_are_done(
    pair: tuple[str, Config, Path],
    inferencer: SR4IRInferencer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    forward = inferencer.forward

    def full(arrays: list[np.ndarray]) -> list:
        if arrays[0].shape[0] > 20:
            raise torch.cuda.OutOfMemoryError
        return forward(arrays)

    monkeypatch.setattr(inferencer, 'forward', full)
    results = inferencer([picture(30, 4), picture(4, 4)])
    assert len(results['predictions']) == 1
    (failed,) = results['failed']
    assert failed['name'] == '00000000'
    assert 'use smaller tiles' in failed['error']


def test_a_picture_that_the_task_model_cannot_take_is_named_and_the_others_are_done(
    inferencer: SR4IRInferencer, monkeypatch: pytest.MonkeyPatch
) -> None:
    adapter = type(inferencer.model.adapter('task'))
    predict = adapter.predict

    def narrow(self: object, images: list[torch.Tensor], samples: list) -> list:
        assert all(image.shape[-2] < 30 * 4 for image in images), 'input feature has wrong size'
        return predict(self, images, samples)

    monkeypatch.setattr(adapter, 'predict', narrow)
    results = inferencer([picture(8, 8), picture(80, 8), picture(8, 9)], batch_size=3)
    assert len(results['predictions']) == 2
    (failed,) = results['failed']
    assert failed['error'].startswith(f'{failed["name"]}: model.task, predict on 1 sr images')
    with pytest.raises(DataError, match='input feature has wrong size'):
        inferencer(picture(80, 8))


def test_what_cannot_be_used_is_named(
    pair: tuple[str, Config, Path], inferencer: SR4IRInferencer, tmp_path: Path
) -> None:
    for number in range(2):
        (tmp_path / f'{number}.png').write_text('<html>')
    for inputs, message in (
        (str(tmp_path), r'(?s)0\.png cannot be read.*1\.png cannot be read'),
        ('http://127.0.0.1:9/a.png', r'http://127\.0\.0\.1:9/a\.png cannot be read'),
    ):
        with pytest.raises(DataError, match=message):
            inferencer(inputs)
    for options, message in (
        (dict(pred_frame='hr'), "pred_frame = 'hr': it must be one of sr, lr"),
        (dict(batch_size=0), 'batch_size = 0: it must be a whole number at least 1'),
        (dict(batch_size='2'), "batch_size = '2'"),
        (dict(pred_score_thr='high'), "pred_score_thr = 'high'"),
        (
            dict(pred_score_thr=7),
            'pred_score_thr = 7: it must be a number at least 0 and at most 1',
        ),
        (dict(wait_time=-1), 'wait_time = -1'),
        (dict(tile=(0, 8)), 'tile, a side in LR pixels, = 0'),
        (dict(tile=(8.5, 8)), 'tile, a side in LR pixels, = 8.5'),
        (dict(tile=8), r'tile = 8: it must be \(height, width\)'),
        (dict(tile=(8, 8, 8)), r'tile = \(8, 8, 8\)'),
        (dict(tile=(8, 8), tile_overlap=None), 'tile_overlap, in LR pixels, = None'),
        (dict(out_dir=tmp_path / '0.png'), r'out_dir .*0\.png cannot be a folder'),
    ):
        with pytest.raises(ConfigError, match=message):
            inferencer(picture(), **options)
    with pytest.raises(DataError, match='None is no picture'):
        inference_model(init_model(pair[1], pair[2], 'cpu'), None)  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match=r'no config sr5ir/det: neither a file'):
        init_model('sr5ir/det')
    with pytest.raises(ConfigError, match="The device 'gpu' cannot be used"):
        init_model(pair[1], pair[2], 'gpu')
    with pytest.raises(CheckpointError, match='no whole checkpoint in'):
        init_model(pair[1], tmp_path)


def test_nothing_is_shown_where_there_is_no_screen(
    inferencer: SR4IRInferencer, monkeypatch: pytest.MonkeyPatch
) -> None:
    import matplotlib.pyplot as plt

    plt.switch_backend('agg')
    with pytest.raises(ConfigError, match='there is no screen'):
        inferencer(picture(), show=True)


@pytest.mark.parametrize(
    'name', ['sr4ir/det_edsr_x4', 'sr4ir_det_edsr_x4', 'sr4ir_mm::sr4ir/det_edsr_x4']
)
def test_configs_are_found_by_both_names(name: str) -> None:
    assert Path(find_config(name).filename).parts[-2:] == ('sr4ir', 'det_edsr_x4.py')


def test_what_is_no_config_is_named() -> None:
    with pytest.raises(ConfigError, match='5 is no config'):
        SR4IRInferencer(5)  # type: ignore[arg-type]


def test_an_oracle_sees_no_lr_pictures(pair: tuple[str, Config, Path]) -> None:
    cfg = deepcopy(pair[1])
    cfg.model.predict_on = 'hr'
    model = init_model(cfg, pair[2], 'cpu')
    with pytest.raises(ConfigError, match=r"tested on HR images \(model\.predict_on='hr'"):
        inference_model(model, picture())
    assert inference_model(model, picture(), 'bilinear').sr.shape == (3, 36, 56)


def test_ours_are_found_by_name() -> None:
    from mmengine.hub import get_config

    with pytest.warns(UserWarning, match='the weights are random'):
        model = init_model('l2t/cls_cars_x4', device='cpu')
    assert len(model.dataset_meta['classes']) == 196
    assert get_config('sr4ir_mm::l2t/cls_cars_x4.py').model.scale == 4
