# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What each preparation tool finds wrong in its own data set, and what it says to do next."""

import shlex
from pathlib import Path
from types import ModuleType

import mat4py
import pytest

from tests.utils.archives import cars, cub, pack, run, voc
from tests.utils.tiny_data import save_noise
from tests.utils.tools import tool


def cars_as_two_folders(root: Path) -> tuple[ModuleType, list[Path]]:
    """Pack Stanford Cars in its other layout; the test labels come beside the archives."""
    site = root / 'site'
    (site / 'devkit').mkdir(parents=True)
    content = {}
    for split in ('train', 'test'):
        names = [f'{index:05d}.jpg' for index in (1, 2, 3)]
        for seed, name in enumerate(names):
            save_noise(site / f'cars_{split}' / name, (20, 30), seed)
        content[split] = dict(annotations={'fname': names, 'class': [1, 2, 1]})
    labels = root / 'cars_test_annos_withlabels.mat'
    mat4py.savemat(str(site / 'devkit' / 'cars_train_annos.mat'), content['train'])
    mat4py.savemat(str(labels), content['test'])
    folders = {'cars_train': 'cars_train', 'cars_test': 'cars_test', 'car_devkit': 'devkit'}
    archives = [pack(root, f'{name}.tgz', folder) for name, folder in folders.items()]
    module = tool('dataset_converters/prepare_stanford_cars')
    module.EXPECTED.update(train=3, test=3, classes=2)
    return module, [*archives, labels]


@pytest.mark.parametrize('name', ['prepare_voc', 'prepare_stanford_cars', 'prepare_cub'])
def test_help_names_the_files(name: str, capsys: pytest.CaptureFixture) -> None:
    files = {
        'prepare_voc': ['VOCtrainval_11-May-2012.tar'],
        'prepare_stanford_cars': [
            'car_ims.tgz', 'cars_annos.mat', 'cars_train.tgz', 'cars_test.tgz', 'car_devkit.tgz',
            'cars_test_annos_withlabels.mat',
        ],
        'prepare_cub': ['CUB_200_2011.tgz'],
    }  # fmt: skip
    with pytest.raises(SystemExit, match='0'):
        tool(f'dataset_converters/{name}').main(['--help'])
    text = capsys.readouterr().out.replace('\n', '').replace(' ', '')  # lines break at hyphens
    assert [file for file in files[name] if file not in text] == []


def test_published_counts() -> None:
    assert tool('dataset_converters/prepare_voc').EXPECTED == {
        'segmentation train': 1464,
        'segmentation val': 1449,
        'detection train': 5717,
        'detection val': 5823,
    }
    assert (
        dict(train=8144, test=8041, classes=196)
        == tool('dataset_converters/prepare_stanford_cars').EXPECTED
    )
    assert (
        dict(train=5994, test=5794, classes=200) == tool('dataset_converters/prepare_cub').EXPECTED
    )


def test_cars_as_two_folders(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    module, sources = cars_as_two_folders(tmp_path)
    assert run(module, sources, tmp_path / 'data') == 0
    folder = tmp_path / 'data' / 'stanford_cars'
    assert {path.name for path in folder.iterdir()} == {'cars_train', 'cars_test', 'devkit'}
    assert (folder / 'devkit' / sources[-1].name).read_bytes() == sources[-1].read_bytes()
    assert 'Stanford Cars is complete' in capsys.readouterr().out


def test_cars_without_test_labels(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    module, sources = cars_as_two_folders(tmp_path)
    assert run(module, sources[:-1], tmp_path / 'data') == 1
    message = capsys.readouterr().err
    assert 'devkit/cars_test_annos_withlabels.mat. Download car_ims.tgz' in message
    assert run(module, sources, tmp_path / 'data') == 0  # with them


@pytest.mark.parametrize('content', [b'<html>Not found</html>' * 20, None], ids=['page', 'fields'])
def test_cars_annotations_that_are_none(
    content: str | bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    module, (_, annotations) = cars(tmp_path)
    folder = tmp_path / 'site'
    if content is None:
        mat4py.savemat(str(folder / annotations.name), dict(annotations={'class': [1, 2]}))
    else:
        (folder / annotations.name).write_bytes(content)
    assert run(module, [folder], tmp_path / 'data') == 1
    message = capsys.readouterr().err
    assert f'{folder / annotations.name} is not the annotations of Stanford Cars' in message
    assert 'Download' in message


@pytest.mark.parametrize(
    ('file', 'content', 'message'),
    [
        ('SegmentationClass/b.png', None, 'is missing'),
        ('SegmentationClass/b.png', '<html>', 'is not an image'),
        ('Annotations/b.xml', None, 'is missing'),
        ('JPEGImages/a.jpg', '', 'is not an image'),
        ('ImageSets/Main/val.txt', None, 'is not the folder VOC2012'),
        ('ImageSets/Segmentation/train.txt', 'a\nb\na\n', "it repeats 'a'"),
        ('ImageSets/Segmentation/train.txt', b'\xff\xfe\x00', 'is not a text file'),
    ],
)
def test_voc_file_is_named(
    file: str,
    content: str | bytes | None,
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture,
) -> None:
    module, _ = voc(tmp_path)
    path = tmp_path / 'site' / 'VOCdevkit' / 'VOC2012' / file
    path.unlink()
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert run(module, [tmp_path / 'site'], tmp_path / 'data') == 1
    error = capsys.readouterr().err
    assert str(path) in error
    assert message in error


@pytest.mark.parametrize('given', ['archive', 'parent', 'folder'])
def test_voc_says_how_to_convert_boxes(
    given: str, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    module, archives = voc(tmp_path / 'with space')
    site = tmp_path / 'with space' / 'site'
    source = {'archive': archives[0], 'parent': site, 'folder': site / 'VOCdevkit' / 'VOC2012'}
    out = tmp_path / 'data'
    assert run(module, [source[given]], out) == 0
    line = next(
        text for text in capsys.readouterr().out.splitlines() if text.startswith('For detection')
    )
    arguments = shlex.split(line.partition('voc_to_coco.py')[2])
    converter = tool('dataset_converters/voc_to_coco')
    root = site if given != 'archive' else out
    assert converter.find_root(Path(arguments[0]), '2012') == root / 'VOCdevkit' / 'VOC2012'
    assert arguments[1:] == [str(out / 'voc2012_coco')]


@pytest.mark.parametrize(
    ('file', 'content', 'message'),
    [
        ('image_class_labels.txt', '1 1\n2 2\n3 1\n', 'lists 3 images and images.txt 4'),
        ('train_test_split.txt', '1 1\n2 1\n3 0\n9 0\n', 'differ in the index 4'),
        ('train_test_split.txt', '1 1\n2\n', "has the line '2'"),
        ('images.txt', b'\xff\xfe\x00', 'is not a text file'),
        ('images.txt', None, 'is not the folder CUB_200_2011'),
    ],
)
def test_cub_list_is_named(
    file: str,
    content: str | bytes | None,
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture,
) -> None:
    module, _ = cub(tmp_path)
    folder = tmp_path / 'site' / 'CUB_200_2011'
    (folder / file).unlink()
    if content is not None:
        (folder / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    assert run(module, [folder], tmp_path / 'data') == 1
    error = capsys.readouterr().err
    assert str(folder / file) in error
    assert message in error
