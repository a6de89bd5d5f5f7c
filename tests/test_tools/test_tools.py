# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The tools as users call them, in this process."""

import ast
import json
import math
import pickle
import re
import resource
import runpy
import shutil
import sys
from pathlib import Path
from unittest.mock import patch

import cv2
import pytest
import torch
from mmengine.config import Config

from sr4ir_mm.checkpoints import read_checkpoint
from sr4ir_mm.checkpoints.converters.edsr import edsr, mean_shifts
from tests.utils.pickles import save_malicious
from tests.utils.tiny import ROOT, tiny_config
from tests.utils.tools import tool


@pytest.fixture(scope='module')
def trained(coco: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A work dir of a short run that tools/train.py made, with its config beside it."""
    root = tmp_path_factory.mktemp('run')
    cfg = tiny_config(coco, root / 'work')
    cfg.pop('work_dir')
    cfg.dump(root / 'tiny.py')
    tool('train').main([str(root / 'tiny.py'), '--work-dir', str(root / 'work')])
    return root


def error_of(capsys: pytest.CaptureFixture, name: str, *args: str) -> str:
    """Run a tool that must fail: one line of error, exit code 1."""
    with pytest.raises(SystemExit) as end:
        tool(name).main(list(args))
    assert end.value.code == 1
    message = capsys.readouterr().err.strip().splitlines()[-1]
    assert message.startswith('error: ')
    return message


def evaluate_dump(config: str, dump: str, capsys: pytest.CaptureFixture) -> dict[str, float]:
    """Run mmdet's own tool on predictions that were dumped."""
    import mmdet

    script = Path(mmdet.__file__).parent / '.mim/tools/analysis_tools/eval_metric.py'
    with patch.object(sys, 'argv', [script.name, config, dump]):
        runpy.run_path(str(script), run_name='__main__')
    return ast.literal_eval(capsys.readouterr().out.splitlines()[-1])


def test_train_and_test(trained: Path, capsys: pytest.CaptureFixture) -> None:
    dump = trained / 'predictions.pkl'
    metrics = tool('test').main(
        [str(trained / 'tiny.py'), str(trained / 'work/epoch_2.pth'), '--work-dir',
         str(trained / 'test'), '--out', str(dump), '--show-dir', 'shown']
    )  # fmt: skip
    assert {'PSNR', 'SSIM', 'coco/bbox_mAP'} <= metrics.keys()
    assert json.loads((trained / 'test/metrics.json').read_text()) == metrics
    assert f'PSNR{metrics["PSNR"]:>28.4f}'.replace(' ', '') in capsys.readouterr().out.replace(
        ' ', ''
    )
    predictions = pickle.loads(dump.read_bytes())
    assert len(predictions) == 6
    assert 'pred_instances' in predictions[0]
    assert 'sr' not in predictions[0]
    assert 'PSNR' in predictions[0]
    offline = evaluate_dump(str(trained / 'tiny.py'), str(dump), capsys)
    assert {key: pytest.approx(value) for key, value in metrics.items()} == offline
    pictures = list((trained / 'test').glob('*/shown/*.png'))
    # LR, SR and HR of 56 pixels' width each
    assert len(pictures) == 6
    assert cv2.imread(str(pictures[0])).shape == (40, 3 * 56, 3)


def test_references_are_the_same_images_in_other_versions(trained: Path) -> None:
    common = [str(trained / 'tiny.py'), str(trained / 'work/epoch_2.pth'), '--work-dir']
    alone = tool('test').main([*common, str(trained / 'alone')])
    metrics = tool('test').main(
        [*common, str(trained / 'references'), '--references', 'hr', 'bilinear']
    )
    own = {key: value for key, value in metrics.items() if not key.startswith(('hr/', 'bilinear/'))}
    assert own == alone
    assert metrics.keys() - own.keys() == {
        f'{name}/{key}' for name in ('hr', 'bilinear') for key in own
    }
    assert metrics['hr/PSNR'] == math.inf
    assert metrics['hr/SSIM'] == 1
    # The same as a model whose SR net is the up-sampler.
    cfg = Config.fromfile(trained / 'tiny.py')
    cfg.model.sr = dict(type='BilinearUpsampler', scale=4)
    cfg.dump(trained / 'bilinear.py')
    checkpoint = torch.load(trained / 'work/epoch_2.pth', weights_only=False)
    state = {k: v for k, v in checkpoint['state_dict'].items() if not k.startswith('sr.')}
    torch.save(dict(state_dict=state), trained / 'task.pth')
    expected = tool('test').main(
        [str(trained / 'bilinear.py'), str(trained / 'task.pth'), '--work-dir',
         str(trained / 'bilinear')]
    )  # fmt: skip
    for key, value in expected.items():
        assert metrics[f'bilinear/{key}'] == pytest.approx(value, abs=1e-6)


def test_unknown_reference_is_told(trained: Path, capsys: pytest.CaptureFixture) -> None:
    message = error_of(
        capsys, 'test', str(trained / 'tiny.py'), str(trained / 'work/epoch_2.pth'),
        '--work-dir', str(trained / 'none'), '--references', 'lr'
    )  # fmt: skip
    assert "no reference 'lr'" in message
    assert 'hr, bilinear, sr, cqmix' in message


def test_nets_from_two_files_in_published_form(
    trained: Path, capsys: pytest.CaptureFixture
) -> None:
    config, checkpoint = str(trained / 'tiny.py'), str(trained / 'work/epoch_2.pth')
    state = torch.load(checkpoint, weights_only=False)['state_dict']
    parts = {
        net: {k[len(net) + 1 :]: v for k, v in state.items() if k.startswith(f'{net}.')}
        for net in ('sr', 'task')
    }
    parts['sr'] = edsr(1).from_mm(parts['sr']) | mean_shifts()
    for net, part in parts.items():
        torch.save(part, trained / f'net_{net}.pth')
    sr, task = (str(trained / f'net_{net}.pth') for net in parts)
    expected = tool('test').main([config, checkpoint, '--work-dir', str(trained / 'whole')])
    metrics = tool('test').main(
        [config, '--sr', sr, '--task', task, '--work-dir', str(trained / 'pair')]
    )
    assert metrics == expected
    assert json.loads((trained / 'pair/metrics.json').read_text()) == expected
    work_dir = str(trained / 'work')  # whose last checkpoint has both
    assert expected == tool('test').main(
        [config, '--sr', work_dir, '--task', work_dir, '--work-dir', str(trained / 'dirs')]
    )
    assert 'name a checkpoint or --sr and --task' in error_of(capsys, 'test', config, '--sr', sr)
    assert 'not both' in error_of(capsys, 'test', config, checkpoint, '--sr', sr)
    assert 'no checkpoint none.pth' in error_of(
        capsys, 'test', config, '--sr', 'none.pth', '--task', task
    )


def test_resume_goes_on_from_the_last_checkpoint(trained: Path) -> None:
    work_dir = trained / 'work'
    (work_dir / 'last_checkpoint').write_text(str(work_dir / 'epoch_1.pth'))
    before = torch.load(work_dir / 'epoch_2.pth', weights_only=False)['state_dict']
    (work_dir / 'epoch_2.pth').unlink()
    tool('train').main([str(trained / 'tiny.py'), '--work-dir', str(work_dir), '--resume'])
    after = torch.load(work_dir / 'epoch_2.pth', weights_only=False)['state_dict']
    assert all(torch.equal(after[key], value) for key, value in before.items())


@pytest.mark.parametrize('damage', ['no pointer', 'empty pointer', 'cut off', 'flipped bit'])
def test_resume_goes_on_whatever_a_killed_run_left(
    trained: Path, tmp_path: Path, damage: str, capsys: pytest.CaptureFixture
) -> None:
    work_dir = shutil.copytree(trained / 'work', tmp_path / 'work')
    pointer, last = work_dir / 'last_checkpoint', work_dir / 'epoch_2.pth'
    whole = last.read_bytes()
    if damage.endswith('pointer'):
        pointer.unlink()
        last.unlink()
        if damage == 'empty pointer':
            pointer.write_text('')
    else:
        middle = len(whole) // 2
        flipped = bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
        last.write_bytes(whole[:middle] + flipped * (damage == 'flipped bit'))
    expected = read_checkpoint(trained / 'work/epoch_2.pth')['state_dict']
    tool('train').main([str(trained / 'tiny.py'), '--work-dir', str(work_dir), '--resume'])
    printed = capsys.readouterr().out
    assert f'Resuming from {work_dir / "epoch_1.pth"}.' in printed
    assert (f'{last} is passed over: ' in printed) == (not damage.endswith('pointer'))
    after = read_checkpoint(work_dir / 'epoch_2.pth')['state_dict']
    assert all(torch.equal(after[key], value) for key, value in expected.items())


def test_resume_never_begins_anew_over_what_cannot_be_read(
    trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    (tmp_path / 'epoch_7.pth').write_bytes(b'PK\x03\x04')
    config, work = str(trained / 'tiny.py'), ['--work-dir', str(tmp_path)]
    message = error_of(capsys, 'train', config, *work, '--resume')
    assert f'{tmp_path / "epoch_7.pth"} is passed over: it is cut off' in message
    message = error_of(capsys, 'train', config, *work, '--cfg-options', 'resume=True')
    assert 'a new run would overwrite them' in message
    assert [path.name for path in tmp_path.glob('*.pth')] == ['epoch_7.pth']


def test_a_checkpoint_of_weights_alone_is_not_resumed(
    trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    state = read_checkpoint(trained / 'work/epoch_1.pth')['state_dict']
    torch.save(dict(state_dict=state), tmp_path / 'a.pth')
    message = error_of(
        capsys, 'train', str(trained / 'tiny.py'), '--work-dir', str(tmp_path / 'work'),
        '--resume', str(tmp_path / 'a.pth')
    )  # fmt: skip
    assert (
        'a.pth has no meta, message_hub, optimizer, param_schedulers: no run can go on' in message
    )


@pytest.mark.parametrize(
    'words',
    [
        ['train', 'CONFIG', '--resume', 'FILE'],
        ['train', 'CONFIG', '--resume'],
        ['test', 'CONFIG', 'FILE'],
        ['test', 'CONFIG', '--sr', 'FILE', '--task', 'FILE'],
    ],
)
def test_no_file_runs_code(
    trained: Path, tmp_path: Path, words: list[str], capsys: pytest.CaptureFixture
) -> None:
    file, marker = tmp_path / 'epoch_1.pth', tmp_path / 'ran'
    state = read_checkpoint(trained / 'work/epoch_1.pth')['state_dict']
    save_malicious(file, marker, state=state)
    values = dict(CONFIG=str(trained / 'tiny.py'), FILE=str(file))
    words = [re.sub('CONFIG|FILE', lambda match: values[match[0]], word) for word in words]
    message = error_of(capsys, *words, '--work-dir', str(tmp_path))
    assert f'{file} holds more than weights: ' in message
    assert 'os.makedirs. Reading it could run any code' in message
    assert not marker.exists()


def test_trusted_files_are_read_in_that_run_only(
    trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    file, marker = tmp_path / 'a.pth', tmp_path / 'ran'
    state = read_checkpoint(trained / 'work/epoch_2.pth')['state_dict']
    save_malicious(file, marker, state=state)
    words = [str(trained / 'tiny.py'), str(file), '--work-dir', str(tmp_path / 'work')]
    tool('test').main([*words, '--trust'])
    assert 'Weights files are trusted in this run' in capsys.readouterr().out
    marker.rmdir()  # the code was run
    assert 'holds more than weights' in error_of(capsys, 'test', *words)
    assert not marker.exists()


def test_a_checkpoint_of_another_architecture_is_refused(
    trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    cfg = Config.fromfile(trained / 'tiny.py')
    cfg.model.sr.mid_channels = 6
    cfg.dump(tmp_path / 'wider.py')
    checkpoint = str(trained / 'work/epoch_1.pth')
    message = error_of(
        capsys, 'test', str(tmp_path / 'wider.py'), checkpoint, '--work-dir', str(tmp_path)
    )
    assert 'another architecture' in message
    assert checkpoint in message
    assert 'sr.conv_first.weight (4, 3, 3, 3), expected (6, 3, 3, 3)' in message


def test_bad_input_is_named(
    trained: Path, tmp_path: Path, coco: Path, capsys: pytest.CaptureFixture
) -> None:
    config, work = str(trained / 'tiny.py'), ['--work-dir', str(tmp_path)]
    assert 'no config nowhere.py' in error_of(capsys, 'train', 'nowhere.py')
    assert 'no checkpoint nowhere.pth' in error_of(capsys, 'test', config, 'nowhere.pth')
    for folder, problem in ((config, 'is a file'), ('x' * 300, 'File name too long')):
        words = ('nowhere.pth', '--show-dir', folder, *work)
        message = error_of(capsys, 'test', config, *words)
        assert '--show-dir' in message
        assert problem in message

    def train_with(**options: object) -> str:
        cfg = Config.fromfile(config)
        cfg.model.pop('init')  # None, which nothing merges into
        cfg.merge_from_dict({key.replace('__', '.'): value for key, value in options.items()})
        cfg.dump(tmp_path / 'bad.py')
        return error_of(capsys, 'train', str(tmp_path / 'bad.py'), *work)

    assert "no library 'mmnothing'" in train_with(model__task='mmnothing::a/b.py')
    assert "no layer 'backbone.layer9'" in train_with(
        model__losses=dict(tdp=dict(type='TDPLoss', layers=['backbone.layer9'], weights=None)),
        custom_hooks=[],
    )
    message = train_with(train_dataloader__dataset__metainfo=dict(classes=('disc', 'cube')))
    assert f'{coco / "ann.json"} lacks the classes cube' in message
    message = train_with(train_dataloader__dataset__data_prefix=dict(img='elsewhere/'))
    assert f'{coco / "elsewhere"}' in message
    message = train_with(model__scale=64)
    assert 'its factor must be model.scale = 64' in message
    message = train_with(model__init=dict(sr='work_dirs/s/det_edsr_x4'))
    assert 'python tools/train.py configs/s/det_edsr_x4.py' in message
    assert not list(tmp_path.glob('*.pth'))


def test_a_broken_image_stops_training_with_its_name(
    trained: Path, tmp_path: Path, coco: Path, capsys: pytest.CaptureFixture
) -> None:
    images = tmp_path / 'images'
    images.mkdir()
    for path in (coco / 'images').iterdir():
        (images / path.name).write_bytes(path.read_bytes()[: None if path.name != '3.png' else 900])
    cfg = Config.fromfile(trained / 'tiny.py')
    cfg.train_dataloader.dataset.data_prefix = dict(img=f'{images}/')
    cfg.train_dataloader.num_workers = 1
    cfg.dump(tmp_path / 'broken.py')
    message = error_of(capsys, 'train', str(tmp_path / 'broken.py'), '--work-dir', str(tmp_path))
    assert f'Image {images}/3.png cannot be read' in message


def test_print_config_and_default_work_dir(capsys: pytest.CaptureFixture) -> None:
    config = str(ROOT / 'configs/sr4ir/det_swinir_x8.py')
    tool('misc/print_config').main([config, '--cfg-options', 'phases.0.losses.tdp.sr=0.5'])
    printed = Config.fromstring(capsys.readouterr().out, '.py')
    assert printed.phases[0].losses.tdp.sr == 0.5
    assert printed.model.scale == printed.model.sr.upscale == 8
    assert printed.work_dir == 'work_dirs/sr4ir/det_swinir_x8'


def test_browse_dataset_shows_hr_and_lr(trained: Path, tmp_path: Path) -> None:
    tool('analysis_tools/browse_dataset').main(
        [str(trained / 'tiny.py'), '--output-dir', str(tmp_path), '--number', '2',
         '--work-dir', str(tmp_path)]
    )  # fmt: skip
    pictures = sorted(tmp_path.glob('*.png'))
    assert [path.name for path in pictures] == ['0.png', '1.png']
    assert cv2.imread(str(pictures[0])).shape == (40, 2 * 56, 3)


def test_benchmark_reports_each_phase(
    trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: False)
    report = tool('analysis_tools/benchmark').main(
        [str(trained / 'tiny.py'), '--iterations', '2', '--warmup', '1',
         '--work-dir', str(tmp_path)]
    )  # fmt: skip
    parts = report['seconds']
    assert {'data', 'iteration', 'phase that updates sr', 'phase that updates task'} == parts.keys()
    assert report['images_per_second'] == pytest.approx(2 / (parts['iteration'] + parts['data']))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert 100 * 1024 < report['peak_memory_mib'] * 1024 <= after  # PyTorch is imported
    # Of two iterations the median is the mean, so the phases add up to no more than the whole.
    phases = parts['phase that updates sr'] + parts['phase that updates task']
    assert 0.5 * parts['iteration'] < phases <= parts['iteration']
    assert json.loads((tmp_path / 'benchmark.json').read_text())['seconds'] == parts
