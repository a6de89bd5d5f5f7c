# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The demo's data set: deterministic, well-formed, and with texture as the only cue."""

import hashlib
import importlib.util
import itertools
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PIL import Image

from tests.utils.tools import exit_code

DEMO = Path(__file__).parents[2] / 'demo'
SMALL = dict(num_train=6, num_val=5, size=64)


def load_script(name: str) -> ModuleType:
    """Import a file of the demo folder."""
    spec = importlib.util.spec_from_file_location(name, DEMO / f'{name}.py')
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


textures = load_script('textures')
make_dataset = load_script('make_dataset')


def hashes(folder: Path) -> dict[str, str]:
    """Give the content of every file."""
    files = sorted(path for path in folder.rglob('*') if path.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_same_parameters_same_bytes(tmp_path: Path) -> None:
    first = make_dataset.make_dataset(tmp_path / 'a', **SMALL)
    second = make_dataset.make_dataset(tmp_path / 'b', **SMALL)
    assert hashes(first) == hashes(second)
    other = make_dataset.make_dataset(tmp_path / 'c', **SMALL, seed=1)
    assert (
        hashes(other)['train/checker/train_00000.png']
        != hashes(first)['train/checker/train_00000.png']
    )
    more = make_dataset.make_dataset(tmp_path / 'd', **(SMALL | dict(num_train=7)))
    name = 'train/checker/train_00005.png'
    assert hashes(more)[name] == hashes(first)[name]
    pixels = [path.read_bytes() for path in sorted(first.rglob('*.png'))]
    assert len(set(pixels)) == 11


def test_layout(tmp_path: Path) -> None:
    root = make_dataset.make_dataset(tmp_path / 'set', num_train=12, num_val=5, size=56)
    for split, counts in dict(train=[3, 3, 2, 2, 2], val=[1, 1, 1, 1, 1]).items():
        assert sorted(path.name for path in (root / split).iterdir()) == sorted(textures.CLASSES)
        assert [len(list((root / split / name).iterdir())) for name in textures.CLASSES] == counts
        for path in (root / split).glob('*/*.png'):
            with Image.open(path) as file:
                assert file.size == (56, 56)
                assert file.mode == 'RGB'


def test_an_image_of_another_class_differs_in_the_object_alone() -> None:
    first, second = (
        textures.make_image(np.random.default_rng(7), name, 64).astype(int)
        for name in ('rows', 'columns')
    )
    rows, columns = np.nonzero(np.abs(first - second).max(-1))
    for places in (rows, columns):
        assert 20 <= places.max() - places.min() + 1 <= 48
    assert np.abs(first - second).max() > 30


def test_classes_differ_in_texture_alone() -> None:
    mask = np.zeros((48, 40), bool)
    mask[3:45, 2:37] = True
    made = {
        name: textures.make_texture(np.random.default_rng(3), name, mask)
        for name in textures.CLASSES
    }
    for texture in made.values():
        assert np.all(texture[~mask] == 0)
        assert abs(texture[mask].mean()) < 1e-12
        assert np.square(texture[mask]).mean() == pytest.approx(1)
    for first, second in itertools.combinations(made.values(), 2):
        assert abs(np.mean(first[mask] * second[mask])) < 0.8
    # Rows vary down the columns, columns along the rows, at the periods that LR images cannot hold.
    for name, axis in (('rows', 0), ('columns', 1)):
        across, along = (
            np.square(np.diff(made[name][3:45, 2:37], axis=a)).mean() for a in (axis, 1 - axis)
        )
        assert across > 2 * along


def test_an_object_has_the_colour_and_contrast_of_another_class() -> None:
    under = np.full((40, 50, 3), 0.5)
    drawn = [
        textures._draw(np.random.default_rng(4), name, under)[10:30, 10:40]
        for name in textures.CLASSES
    ]
    whole = [textures._draw(np.random.default_rng(4), name, under) for name in textures.CLASSES]
    for image in whole[1:]:
        np.testing.assert_allclose(image.mean((0, 1)), whole[0].mean((0, 1)), atol=1e-12)
        np.testing.assert_allclose(image.std((0, 1)), whole[0].std((0, 1)), atol=1e-12)
        assert image.min() > 0
        assert image.max() < 1
    for first, second in itertools.combinations(drawn, 2):
        assert np.abs(first - second).mean() > 0.05


def test_draws_leave_the_next_object_the_same_random_numbers() -> None:
    mask = np.ones((30, 30), bool)
    after = set()
    for name in textures.CLASSES:
        rng = np.random.default_rng(0)
        textures.make_texture(rng, name, mask)
        after.add(rng.random())
    assert len(after) == 1


def test_a_complete_set_is_reused_and_another_replaced(tmp_path: Path) -> None:
    root = tmp_path / 'set'
    make_dataset.make_dataset(root, **SMALL)
    stamp = (root / 'train/checker/train_00000.png').stat().st_mtime_ns
    before = hashes(root)
    make_dataset.make_dataset(root, **SMALL)
    assert (root / 'train/checker/train_00000.png').stat().st_mtime_ns == stamp
    make_dataset.make_dataset(root, **(SMALL | dict(num_val=7)))
    assert len(list(root.glob('val/*/*'))) == 7
    make_dataset.make_dataset(root, **SMALL)
    assert hashes(root) == before
    assert list(tmp_path.iterdir()) == [root]


def test_a_failure_leaves_the_old_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / 'set'
    make_dataset.make_dataset(root, **SMALL)
    before = hashes(root)

    def interrupt(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(make_dataset, 'make_image', interrupt)
    with pytest.raises(KeyboardInterrupt):
        make_dataset.make_dataset(root, **SMALL, seed=1)
    assert hashes(root) == before
    assert list(tmp_path.iterdir()) == [root]


def test_foreign_folders_and_bad_numbers_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    (tmp_path / 'photo.png').write_text('mine')
    assert exit_code(make_dataset.main, [str(tmp_path)]) == 1
    assert str(tmp_path) in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ['photo.png']
    assert exit_code(make_dataset.main, [str(tmp_path / 'set'), '--num-val', '4']) == 1
    assert 'num_val=4' in capsys.readouterr().err
    assert not (tmp_path / 'set').exists()


def test_command_line(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    out = tmp_path / 'deep' / 'set'
    options = ['--num-train', '6', '--num-val', '5', '--size', '64', '--seed', '5']
    assert exit_code(make_dataset.main, [str(out), *options]) == 0
    assert str(out) in capsys.readouterr().out
    assert len(list(out.glob('train/*/*.png'))) == 6
