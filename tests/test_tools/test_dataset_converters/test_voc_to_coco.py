# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The converter from VOC to COCO annotations, on tiny VOC trees."""

import json
from pathlib import Path

import pytest
from PIL import Image

from tests.utils.tools import exit_code, tool

voc_to_coco = tool('dataset_converters/voc_to_coco')

Objects = list[tuple[str, tuple[str, str, str, str]]]
TRAIN: Objects = [('dog', ('1', '1', '10', '20')), ('aeroplane', ('3.7', '4.2', '5.9', '6'))]
VAL: Objects = [('person', ('12', '5', '12', '5'))]


def save(root: Path, stem: str, size: tuple[int, int], grey: int) -> None:
    Image.new('L', size, 20 * grey).save(root / 'JPEGImages' / f'{stem}.jpg')


def write_xml(path: Path, objects: Objects) -> None:
    """Write a VOC annotation; every object is difficult and has a part."""
    nodes = []
    for name, box in objects:
        corners = ''.join(
            f'<{key}>{value}</{key}>'
            for key, value in zip(('xmin', 'ymin', 'xmax', 'ymax'), box, strict=True)
        )
        part = f'<part><name>head</name><bndbox>{corners}</bndbox></part>'
        nodes.append(
            f'<object><name>{name}</name><difficult>1</difficult><bndbox>{corners}</bndbox>{part}'
            '</object>'
        )
    size = '<size><width>40</width><height>30</height><depth>3</depth></size>'
    path.write_text(f'<annotation>{size}{"".join(nodes)}</annotation>')


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A VOC2012 folder with two training images, one of them empty, and one validation image."""
    root = tmp_path / 'VOCdevkit' / 'VOC2012'
    for folder in ('JPEGImages', 'Annotations', 'ImageSets/Main'):
        (root / folder).mkdir(parents=True)
    for stem, objects in (('2008_000008', TRAIN), ('2008_000002', []), ('2009_000001', VAL)):
        save(root, stem, (40, 30), grey=int(stem[-1]))
        write_xml(root / 'Annotations' / f'{stem}.xml', objects)
    (root / 'ImageSets' / 'Main' / 'train.txt').write_text('2008_000008\n2008_000002\n')
    (root / 'ImageSets' / 'Main' / 'val.txt').write_text('2009_000001\n')
    return root


def convert(root: Path, *options: str) -> tuple[object, Path]:
    """Run the tool on the development kit that ``root`` is in."""
    out = root.parents[1] / 'out' / 'annotations'
    return exit_code(voc_to_coco.main, [str(root.parent), str(out), *options]), out


def load(out: Path, split: str) -> dict:
    """Read what was written."""
    return json.loads((out / f'instances_{split}.json').read_text())


def test_annotations_follow_the_protocol(root: Path, capsys: pytest.CaptureFixture) -> None:
    code, out = convert(root)
    assert code == 0
    train, val = load(out, 'train'), load(out, 'val')
    assert train['images'] == [
        dict(id=stem, file_name=f'{stem}.jpg', width=40, height=30)
        for stem in ('2008_000008', '2008_000002')
    ]
    names = {category['id']: category['name'] for category in train['categories']}
    assert list(names) == list(range(1, 21))
    assert list(names.values()) == sorted(names.values()) == list(voc_to_coco.VOC_CLASSES)
    common = dict(image_id='2008_000008', iscrowd=0, ignore=0, segmentation=[])
    assert train['annotations'] == [
        dict(common, id=1, category_id=12, bbox=[0, 0, 10, 20], area=200),
        dict(common, id=2, category_id=1, bbox=[2, 3, 3, 3], area=9),
    ]
    assert names[12] == 'dog'
    assert names[1] == 'aeroplane'
    assert val['annotations'][0]['id'] == 1
    assert val['annotations'][0]['bbox'] == [11, 4, 1, 1]
    assert val['categories'] == train['categories']
    assert {path.name for path in out.iterdir()} == {'instances_train.json', 'instances_val.json'}
    printed = capsys.readouterr().out
    assert str(out / 'instances_val.json') in printed
    assert str(root / 'JPEGImages') in printed


def test_parent_folder_and_year(root: Path) -> None:
    root = root.rename(root.with_name('VOC2007'))
    out = root.parents[1] / 'out'
    arguments = [str(root.parents[1]), str(out), '--year', '2007']
    assert exit_code(voc_to_coco.main, arguments) == 0
    assert load(out, 'val')['images'][0]['id'] == '2009_000001'


def test_given_classes_order_the_ids_and_drop_the_rest(
    root: Path, capsys: pytest.CaptureFixture
) -> None:
    write_xml(root / 'Annotations' / '2008_000002.xml', [('zebra', ('1', '1', '2', '2'))] * 2)
    code, out = convert(root, '--classes', 'person,dog')
    assert code == 0
    assert [(c['id'], c['name']) for c in load(out, 'val')['categories']] == [
        (1, 'person'),
        (2, 'dog'),
    ]
    train = load(out, 'train')
    assert [(a['id'], a['category_id']) for a in train['annotations']] == [(1, 2)]
    assert len(train['images']) == 2
    assert 'Dropped 3 objects' in (printed := capsys.readouterr().out)
    assert 'aeroplane (1), zebra (2)' in printed


def break_nothing(root: Path) -> None:
    """The options are what is wrong."""


BAD = {
    'image': (lambda r: (r / 'JPEGImages/2009_000001.jpg').unlink(), (), '2009_000001.jpg'),
    'xml': (lambda r: (r / 'Annotations/2009_000001.xml').unlink(), (), '2009_000001.xml'),
    'split': (lambda r: (r / 'ImageSets/Main/val.txt').unlink(), (), 'val.txt'),
    'empty split': (lambda r: (r / 'ImageSets/Main/val.txt').write_text('\n'), (), 'val.txt'),
    'malformed': (
        lambda r: (r / 'Annotations/2009_000001.xml').write_text('<annotation><size>'),
        (),
        '2009_000001.xml is not valid XML',
    ),
    'no object': (
        lambda r: write_xml(r / 'Annotations/2009_000001.xml', []),
        (),
        'The split val cannot be used: there is no box to learn from',
    ),
    'no picture': (
        lambda r: (r / 'JPEGImages/2009_000001.jpg').write_bytes(b''),
        (),
        '2009_000001 cannot be read: it is not a picture',
    ),
    'no number': (
        lambda r: write_xml(r / 'Annotations/2009_000001.xml', [('cat', ('1', 'b', '3', '4'))]),
        (),
        "2009_000001.xml: object/bndbox/ymin is 'b'",
    ),
    'inverted box': (
        lambda r: write_xml(r / 'Annotations/2009_000001.xml', [('cat', ('5', '1', '3', '4'))]),
        (),
        '2009_000001.xml has the inverted box',
    ),
    'unknown class': (
        lambda r: write_xml(r / 'Annotations/2009_000001.xml', [('zebra', ('1', '1', '3', '4'))]),
        (),
        "class 'zebra'",
    ),
    'year': (break_nothing, ('--year', '1999'), 'VOC1999'),
    'misspelt class': (break_nothing, ('--classes', 'dog,person,aroplane'), "'aroplane'"),
    'repeated class': (break_nothing, ('--classes', 'dog,dog'), 'dog,dog'),
}


@pytest.mark.parametrize('case', BAD)
def test_bad_input_is_named_and_leaves_nothing(
    case: str, root: Path, capsys: pytest.CaptureFixture
) -> None:
    spoil, options, message = BAD[case]
    spoil(root)
    assert convert(root, *options)[0] == 1
    assert message in capsys.readouterr().err
    assert not list(root.parents[1].rglob('*.json*'))


def test_what_may_be_meant_is_told_and_what_is_annotated_for_another_size_set_right(
    root: Path, capsys: pytest.CaptureFixture
) -> None:
    save(root, '2008_000002', (50, 30), grey=1)
    save(root, '2009_000001', (40, 30), grey=8)  # as 2008_000008
    write_xml(root / 'Annotations' / '2008_000002.xml', [('cat', ('41', '5', '60', '20'))])
    (root / 'ImageSets' / 'Main' / 'val.txt').write_text('2009_000001\n2008_000002\n')
    code, out = convert(root)
    assert code == 0
    assert load(out, 'train')['images'][1]['width'] == 50
    printed = capsys.readouterr().out
    for part in (
        'train has 1 images of another size than annotated (2008_000002: 50x30, 40x30)',
        'The split train has 1 boxes that reach out of their image (annotation 3 of image '
        '2008_000002: [40, 4, 20, 16] of 50x30)',
        '1 images are both in train and val (2008_000002)',
        '1 images of val are those of train (2009_000001 is 2008_000008)',
    ):
        assert part in printed
