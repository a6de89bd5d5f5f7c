# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What is wrong with annotations is counted and named."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sr4ir_mm.errors import DataError
from sr4ir_mm.utils.coco import check_coco, fault_of_coco, read_json

Content = dict[str, list[dict[str, Any]]]
NAN = float('nan')


def make() -> Content:
    """Ten images of 100 x 80 pixels, each with a box of one of two classes."""
    return dict(
        images=[dict(id=i, file_name=f'{i}.png', width=100, height=80) for i in range(10)],
        annotations=[
            dict(id=i, image_id=i, category_id=i % 2, bbox=[50 + i, 10, 40, 60], area=2400)
            for i in range(10)
        ],
        categories=[dict(id=0, name='cat'), dict(id=1, name='dog')],
    )


def change(group: str, number: int = 1, **values: Any) -> Callable[[Content], None]:
    """Make what sets keys of the first items of a group."""

    def apply(content: Content) -> None:
        for item in content[group][:number]:
            item.update(values)

    return apply


def change_boxes(convert: Callable[[list], list]) -> Callable[[Content], None]:
    """Make what converts all boxes."""

    def apply(content: Content) -> None:
        for item in content['annotations']:
            item['bbox'] = convert(item['bbox'])

    return apply


ERRORS: dict[str, tuple[Callable[[Content], Any], str]] = {
    'image ids': (change('images', 2, id=1), r'1 images whose id is not .* \(1 2 times\)'),
    'annotation ids': (change('annotations', 7, id=3), r'annotations whose id .*\(3 7 times\)'),
    'category ids': (change('categories', 2, id=0), r'1 categories whose id'),
    'category names': (change('categories', 2, name='cat'), r'1 categories whose name .*\(cat 2'),
    'sizes': (change('images', 3, width=0), r'3 images of no size \(0\.png: \(0, 80\), 1\.png'),
    'size in words': (change('images', height='80'), r"0\.png: \(100, '80'\)"),
    'nan': (
        change('annotations', 7, bbox=[NAN, 1, 2, 3]),
        r'7 boxes that are not four finite .*\(annotation 0 of image 0: \[nan.*image 4.*\.\.\.',
    ),
    'infinite': (change('annotations', bbox=[0, 0, float('inf'), 1]), 'not four finite'),
    'three numbers': (change('annotations', bbox=[1, 2, 3]), r'not four finite .*\[1, 2, 3\]'),
    'words': (change('annotations', bbox=['1', '2', '3', '4']), 'not four finite'),
    'nothing': (change('annotations', bbox=None), 'not four finite .*None'),
    'corners': (
        change_boxes(lambda b: [b[0], b[1], b[0] + b[2], b[1] + b[3]]),
        '10 of 10 boxes x, y, width, height are outside .* inside as x1, y1, x2, y2',
    ),
    'normalised': (
        change_boxes(lambda b: [b[0] / 100, b[1] / 80, b[2] / 100, b[3] / 80]),
        'all 10 boxes are numbers from 0 to 1',
    ),
    'another size': (change_boxes(lambda b: [3 * v for v in b]), '10 of 10 boxes are outside'),
    'no box': (lambda c: c['annotations'].clear(), 'there is no box to learn from'),
    'negative': (
        change('annotations', 10, bbox=[20, 20, -10, -10]),
        'no box to learn from.* Also: 10 boxes without width or height',
    ),
    'no area': (
        change('annotations', 10, area=0),
        r'no box to learn from.* Also: 10 annotations without an area \(annotation 0 of',
    ),
    'orphans': (
        change('annotations', 10, image_id='0'),
        'no box to learn from.* Also: 10 annotations of no image',
    ),
    'unknown category': (
        change('annotations', 10, category_id=7),
        r'no box to learn from.* Also: 10 annotations of no category \(annotation 0 of image 0: 7',
    ),
    'ignored': (change('annotations', 10, ignore=1), 'no box to learn from'),
    'no annotations': (lambda c: c.pop('annotations'), 'no box to learn from'),
    'no images': (lambda c: c.update(images=[]), 'there is no image'),
}

NOTES: dict[str, tuple[Callable[[Content], Any], str]] = {
    'orphan': (change('annotations', image_id=99), r'1 annotations of no image \(annotation 0 of'),
    'category': (change('annotations', 2, category_id=9), '2 annotations of no category'),
    'zero': (change('annotations', bbox=[5, 5, 0, 10]), 'without width or height .*0, 10'),
    'thin': (change('annotations', bbox=[5, 5, 0.5, 10]), '1 boxes narrower than a pixel'),
    'outside': (change('annotations', bbox=[90, 5, 20, 10]), 'that reach out .* of 100x80'),
    'far outside': (change('annotations', bbox=[200, 5, 20, 10]), 'wholly outside their image'),
    'no area': (change('annotations', area=-1), '1 annotations without an area'),
    'file twice': (change('images', 2, file_name='a.png'), r'file_name .*a\.png 2 times'),
}

LACKS: dict[str, tuple[Callable[[Content], Any], str]] = {
    **{
        f'{group} {key}': (
            lambda c, group=group, key=key: c[group][1].pop(key),  # type: ignore[misc]
            rf"{group}\[1\] lacks '{key}'",
        )
        for group, key in (
            ('images', 'id'),
            ('images', 'file_name'),
            ('images', 'height'),
            ('images', 'width'),
            ('annotations', 'image_id'),
            ('annotations', 'category_id'),
            ('annotations', 'bbox'),
            ('annotations', 'area'),
            ('categories', 'name'),
        )
    },
    'images': (lambda c: c.pop('images'), "no list 'images', only 'annotations', 'categories'"),
    'categories': (lambda c: c.update(categories={}), "no list 'categories'"),
    'id': (change('images', id=[1]), r'an id of images\[0\]'),
    'items': (lambda c: c.update(images=['0.png']), r"images\[0\] lacks 'id'"),
}


@pytest.mark.parametrize('case', ERRORS)
def test_what_makes_training_or_evaluation_wrong_is_refused(case: str) -> None:
    spoil, message = ERRORS[case]
    content = make()
    spoil(content)
    assert fault_of_coco(content) == ''
    with pytest.raises(DataError, match=rf'my\.json cannot be used: .*{message}'):
        check_coco(content, 'my.json', ('cat', 'dog'))


@pytest.mark.parametrize('case', NOTES)
def test_what_is_left_out_or_may_be_meant_is_told(case: str) -> None:
    spoil, message = NOTES[case]
    content = make()
    spoil(content)
    note = check_coco(content, 'my.json')
    assert re.search(rf'^my\.json has .*{message}', note)


@pytest.mark.parametrize('case', LACKS)
def test_what_is_not_in_the_form_is_told(case: str) -> None:
    spoil, message = LACKS[case]
    content = make()
    spoil(content)
    assert re.search(message, fault_of_coco(content))


def test_nothing_is_said_of_good_annotations() -> None:
    content = make()
    content['annotations'][0]['bbox'] = [-0.4, 0, 100.8, 80.5]  # annotators round
    assert check_coco(content, 'my.json', ('cat', 'dog')) == ''


def test_only_the_classes_in_use_count() -> None:
    content = make()
    change('annotations', 10, category_id=1)(content)
    assert check_coco(content, 'my.json', ('dog',)) == ''
    with pytest.raises(DataError, match='no box to learn from'):
        check_coco(content, 'my.json', ('cat',))


def test_images_to_predict_on_need_no_boxes() -> None:
    content = make()
    del content['annotations']
    assert fault_of_coco(content) == ''
    assert check_coco(content, 'my.json', test=True) == ''
    content['annotations'] = []
    assert 'there is no box to learn from' in check_coco(content, 'my.json', test=True)


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        (json.dumps(make())[:-20], 'not JSON, or are cut off'),
        ('', 'not JSON'),
        ('images: []', 'not JSON'),
        ('[' * 100_000, 'not JSON'),
        ('\x89PNG', 'not JSON'),
    ],
)
def test_what_is_no_json_is_named(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / 'my.json'
    path.write_bytes(text.encode('latin1'))
    with pytest.raises(DataError, match=rf'my\.json .*{message}'):
        read_json(path)


def test_missing_file_and_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r'my\.json cannot be read: No such file'):
        read_json(tmp_path / 'my.json')
    with pytest.raises(DataError, match='cannot be read: Is a directory'):
        read_json(tmp_path)
