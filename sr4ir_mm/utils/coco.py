# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Annotations in COCO's form: read, and looked through for what nobody would notice later.

pycocotools keeps the last of several things with one id, leaves out what belongs to nothing, and
says neither.
"""

import json
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from sr4ir_mm.errors import DataError

from .boxes import Box, are_numbers, check_boxes
from .faults import Faults
from .progress import shown

KEYS = {
    'images': ('id', 'file_name', 'height', 'width'),
    'annotations': ('id', 'image_id', 'category_id', 'bbox', 'area'),
    'categories': ('id', 'name'),
}


def read_json(path: str | Path) -> Any:
    """Read JSON.

    Args:
        path (str | Path): The file.

    Raises:
        DataError: It is missing or no JSON; the message names it.
    """
    try:
        return json.loads(Path(path).read_bytes())
    except OSError as error:
        raise DataError(f'Annotations {path} cannot be read: {error.strerror}.') from error
    except (ValueError, RecursionError) as error:
        raise DataError(
            f'Annotations {path} are not JSON, or are cut off ({error}): get the file again.'
        ) from error


def fault_of_coco(content: Any) -> str:
    """Tell what keeps content from being in COCO's form, as far as a detector needs it.

    Args:
        content (Any): Of :func:`read_json`.

    Returns:
        str: What it lacks; '' if nothing.
    """
    if not isinstance(content, Mapping):
        return f'it is a {type(content).__name__} and has no images, annotations and categories'
    for group, keys in KEYS.items():
        if group == 'annotations' and group not in content:  # images to be predicted on
            continue
        if not isinstance(content.get(group), list):
            return f'there is no list {group!r}, only {", ".join(map(repr, content)) or "nothing"}'
        for index, item in enumerate(content[group]):
            missing = [key for key in keys if not isinstance(item, Mapping) or key not in item]
            if missing:
                return f'{group}[{index}] lacks {missing[0]!r}'
            if not all(isinstance(item[key], (str, int, float)) for key in keys if 'id' in key):
                return f'an id of {group}[{index}] is neither a number nor a text'
    return ''


def check_coco(
    content: Mapping[str, Any], name: str | Path, classes: Collection[str] = (), test: bool = False
) -> str:
    """Look for what makes training or evaluation wrong, and for what will be left out.

    Args:
        content (Mapping[str, Any]): In COCO's form; see :func:`fault_of_coco`.
        name (str | Path): What it is called, for messages.
        classes (Collection[str]): Those in use, all if there are none. Defaults to ().
        test (bool): Whether nothing is learnt from it, so that it needs no boxes. Defaults to
            False.

    Returns:
        str: What will be left out or may be meant, with counts and the first five; '' if nothing.

    Raises:
        DataError: Training would be on nothing, or evaluation wrong.
    """
    errors, notes = Faults(), Faults()
    for group, key in (('images', 'id'), ('annotations', 'id'), ('categories', 'id')):
        _check_unique(content, group, key, errors)
    _check_unique(content, 'categories', 'name', errors)
    _check_unique(content, 'images', 'file_name', notes)
    sizes = {}
    for image in content['images']:
        sizes[image['id']] = size = (image.get('width'), image.get('height'))
        if not are_numbers(size, 2) or min(size) <= 0:
            errors.add('images of no size', f'{image.get("file_name")}: {size}')
            sizes[image['id']] = (float('inf'), float('inf'))
    names = {category['id']: category['name'] for category in content['categories']}
    boxes = []
    for annotation in shown(content.get('annotations', ()), 'Looking at annotations'):
        label = f'annotation {annotation["id"]} of image {annotation["image_id"]}'
        if annotation['image_id'] not in sizes:
            notes.add('annotations of no image', label)
        elif annotation['category_id'] not in names:
            notes.add('annotations of no category', f'{label}: {annotation["category_id"]}')
        elif classes and names[annotation['category_id']] not in classes:
            continue
        elif not are_numbers((annotation.get('area', 1),), 1) or annotation.get('area', 1) <= 0:
            notes.add('annotations without an area', label)
        elif not annotation.get('ignore'):
            boxes.append(Box(label, annotation.get('bbox'), sizes[annotation['image_id']]))
    usable = check_boxes(boxes, errors, notes)
    if not content['images']:
        errors.say('there is no image')
    elif not usable and ('annotations' in content or not test):
        (notes if test else errors).say('there is no box to learn from')
    if errors:
        left_out = f' Also: {notes}.' if notes else ''
        raise DataError(f'{name} cannot be used: {errors}.{left_out}')
    return f'{name} has {notes}' if notes else ''


def _check_unique(content: Mapping[str, Any], group: str, key: str, faults: Faults) -> None:
    counts = Counter(item.get(key) for item in content.get(group, ()))
    for value, count in counts.items():
        if count > 1:
            faults.add(f'{group} whose {key} is not theirs alone', f'{value} {count} times')
