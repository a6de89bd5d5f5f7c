# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Write COCO-style annotations of PASCAL VOC detection data; the images stay where they are.

``python tools/dataset_converters/voc_to_coco.py VOCDEVKIT OUT`` writes
``OUT/instances_{train,val}.json`` from ``VOC<year>/ImageSets/Main/{train,val}.txt``. File names in
them are relative to ``VOC<year>/JPEGImages``, so that folder is the ``data_prefix.img`` of a
dataset. Boxes are 0-based ``x, y, width, height`` in pixels, as the paper's detection rows have
them: objects marked difficult are ordinary, parts of objects are left out.
"""

import argparse
import hashlib
import json
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from rich.console import Console
from rich.table import Table

from sr4ir_mm.apis.arguments import output_folder
from sr4ir_mm.apis.clear_errors import clear_errors
from sr4ir_mm.datasets.decode_image import read_size
from sr4ir_mm.errors import DataError
from sr4ir_mm.utils.coco import check_coco
from sr4ir_mm.utils.faults import Faults
from sr4ir_mm.utils.progress import shown

VOC_CLASSES = (
    'aeroplane', 'bicycle', 'bird', 'boat', 'bottle', 'bus', 'car', 'cat', 'chair', 'cow',
    'diningtable', 'dog', 'horse', 'motorbike', 'person', 'pottedplant', 'sheep', 'sofa', 'train',
    'tvmonitor',
)  # fmt: skip
SPLITS = ('train', 'val')


def parse_args(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split('\n\n')[0])
    parser.add_argument('vocdevkit', type=Path, help='the folder VOCdevkit, or the one it is in')
    parser.add_argument('out', type=output_folder, help='folder for the annotation files')
    parser.add_argument('--year', default='2012', help='of the folder VOC<year> (2012)')
    parser.add_argument(
        '--classes',
        default=None,
        help="comma-separated, in the order of their category ids; the others' objects are "
        'dropped (all 20 classes)',
    )
    return parser.parse_args(argv)


def find_root(vocdevkit: Path, year: str) -> Path:
    """Find ``VOC<year>`` in the development kit or in its parent folder."""
    tried = [vocdevkit / f'VOC{year}', vocdevkit / 'VOCdevkit' / f'VOC{year}']
    for root in tried:
        if root.is_dir():
            return root
    raise DataError(f'There is neither {tried[0]} nor {tried[1]}: name the folder VOCdevkit.')


def read_split(root: Path, split: str) -> list[str]:
    """Read the stems of a split's images, in the order of its file."""
    path = root / 'ImageSets' / 'Main' / f'{split}.txt'
    if not path.is_file():
        raise DataError(f'There is no split file {path}.')
    try:
        stems = path.read_text(encoding='utf-8').split()
    except UnicodeError as error:
        raise DataError(f'{path} is not a text file ({error}).') from error
    if not stems:
        raise DataError(f'{path} names no image.')
    repeated = [stem for stem, count in Counter(stems).items() if count > 1]
    if repeated:
        raise DataError(f'{path} is not a list of different images: it repeats {repeated[0]!r}.')
    return stems


def read_image(root: Path, stem: str) -> tuple[dict, list[tuple[str, list[int]]]]:
    """Read one annotation file.

    Returns:
        tuple[dict, list[tuple[str, list[int]]]]: The image's COCO entry, and the class and box
            ``[x, y, width, height]``, in pixels, of its top-level objects.
    """
    image = root / 'JPEGImages' / f'{stem}.jpg'
    path = root / 'Annotations' / f'{stem}.xml'
    for file in (image, path):
        if not file.is_file():
            raise DataError(f'There is no {file}.')
    try:
        tree = ElementTree.parse(path).getroot()
    except ElementTree.ParseError as error:
        raise DataError(f'{path} is not valid XML: {error}.') from error
    width, height = (_number(tree, f'size/{key}', path) for key in ('width', 'height'))
    if width < 1 or height < 1:
        raise DataError(f'{path} gives the image a size of {width} x {height}.')
    objects = []
    for node in tree.findall('object'):
        xmin, ymin, xmax, ymax = (
            _number(node, f'bndbox/{key}', path) for key in ('xmin', 'ymin', 'xmax', 'ymax')
        )
        if xmax < xmin or ymax < ymin:
            raise DataError(f'{path} has the inverted box {xmin}, {ymin}, {xmax}, {ymax}.')
        x, y = xmin - 1, ymin - 1
        objects.append((_text(node, 'name', path), [x, y, xmax - x, ymax - y]))
    return dict(id=stem, file_name=image.name, width=width, height=height), objects


def convert(
    root: Path, split: str, classes: Sequence[str], drop_others: bool
) -> tuple[dict, Counter, str]:
    """Convert one split.

    Returns:
        tuple[dict, Counter, str]: The COCO annotations, how many objects of which other class were
            dropped, and what else there is to know.
    """
    categories = {name: index for index, name in enumerate(classes, start=1)}
    images: list[dict] = []
    annotations: list[dict] = []
    dropped: Counter[str] = Counter()
    sizes = Faults()
    for stem in shown(read_split(root, split), split):
        image, objects = read_image(root, stem)
        height, width = read_size(str(root / 'JPEGImages' / image['file_name']), f'Image {stem}')
        if (width, height) != (image['width'], image['height']):
            said = f'{image["width"]}x{image["height"]}'
            sizes.add('images of another size than annotated', f'{stem}: {width}x{height}, {said}')
            image.update(width=width, height=height)
        images.append(image)
        for name, box in objects:
            if name in categories:
                annotations.append(
                    dict(
                        id=len(annotations) + 1,
                        image_id=stem,
                        category_id=categories[name],
                        bbox=box,
                        area=box[2] * box[3],
                        iscrowd=0,
                        ignore=0,
                        segmentation=[],
                    )
                )
            elif drop_others:
                dropped[name] += 1
            else:
                raise DataError(
                    f'{root / "Annotations" / stem}.xml has an object of the class {name!r}, which '
                    'is none of the 20 VOC classes: list the classes with --classes.'
                )
    coco_categories = [
        dict(id=index, name=name, supercategory='none') for name, index in categories.items()
    ]
    coco = dict(images=images, annotations=annotations, categories=coco_categories)
    notes = [f'{split} has {sizes}'] if sizes else []
    return coco, dropped, '\n'.join([*notes, check_coco(coco, f'The split {split}')]).strip()


def find_overlap(root: Path, splits: dict[str, dict]) -> Faults:
    """Look for images that are in both splits, by name or by content.

    Args:
        root (Path): Where the images are.
        splits (dict[str, dict]): The COCO annotations of train and val.
    """
    faults = Faults()
    train, val = ({i['id'] for i in splits[split]['images']} for split in SPLITS)
    for stem in sorted(train & val):
        faults.add('images are both in train and val', stem)
    sizes = {stem: (root / f'JPEGImages/{stem}.jpg').stat().st_size for stem in train | val}
    common = {sizes[stem] for stem in train} & {sizes[stem] for stem in val}
    known: dict[str, str] = {}
    for stem in shown(sorted(train - val) + sorted(val - train), 'Comparing train with val'):
        if sizes[stem] in common:
            content = (root / f'JPEGImages/{stem}.jpg').read_bytes()
            digest = hashlib.sha256(content).hexdigest()
            if stem in train:
                known[digest] = stem
            elif digest in known:
                faults.add('images of val are those of train', f'{stem} is {known[digest]}')
    return faults


def write(contents: dict[Path, dict]) -> None:
    """Write all files or, if one fails, none."""
    temporary = {path: path.with_name(f'.{path.name}.{os.getpid()}') for path in contents}
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary[path].write_text(json.dumps(content), encoding='utf-8')
        for path in contents:
            os.replace(temporary[path], path)
    except OSError as error:
        raise DataError(f'The annotations cannot be written: {error}.') from error
    finally:
        for path in temporary.values():
            if path.exists():
                path.unlink()


def make_table(splits: dict[str, dict], classes: Sequence[str]) -> Table:
    """Count images and boxes a class and split."""
    table = Table('class', *(f'{split} {what}' for split in splits for what in ('images', 'boxes')))
    for column in table.columns[1:]:
        column.justify = 'right'
    for index, name in enumerate(classes, start=1):
        row = []
        for coco in splits.values():
            hits = [a['image_id'] for a in coco['annotations'] if a['category_id'] == index]
            row += [str(len(set(hits))), str(len(hits))]
        table.add_row(name, *row)
    table.add_section()
    totals = [str(len(coco[key])) for coco in splits.values() for key in ('images', 'annotations')]
    table.add_row('all', *totals)
    return table


def parse_classes(text: str | None) -> tuple[str, ...]:
    """Split the option ``--classes``."""
    if text is None:
        return VOC_CLASSES
    classes = tuple(name.strip() for name in text.split(','))
    if '' in classes or len(set(classes)) < len(classes):
        raise DataError(f'--classes {text!r} is not a list of different names such as car,person.')
    return classes


def check_classes(classes: Sequence[str], splits: dict[str, dict], dropped: Counter) -> None:
    """Refuse a class of ``--classes`` that no object has: it is likely to be misspelt."""
    present = {a['category_id'] for coco in splits.values() for a in coco['annotations']}
    for index, name in enumerate(classes, start=1):
        if index not in present:
            others = (
                f'; the other classes there are {", ".join(sorted(dropped))}' if dropped else ''
            )
            raise DataError(f'--classes names {name!r}, but no object is of that class{others}.')


@clear_errors()
def main(argv: Sequence[str] | None = None) -> None:
    """Convert, print what was found and where it is."""
    args = parse_args(argv)
    classes = parse_classes(args.classes)
    root = find_root(args.vocdevkit, args.year)
    splits: dict[str, dict] = {}
    dropped: Counter[str] = Counter()
    notes = []
    for split in SPLITS:
        splits[split], others, note = convert(root, split, classes, args.classes is not None)
        dropped += others
        notes += [note] if note else []
    overlap = find_overlap(root, splits)
    notes += [str(overlap)] if overlap else []
    if args.classes is not None:
        check_classes(classes, splits, dropped)
    paths = {Path(args.out, f'instances_{split}.json'): coco for split, coco in splits.items()}
    write(paths)
    Console().print(make_table(splits, classes))
    if dropped:
        names = ', '.join(f'{name} ({count})' for name, count in sorted(dropped.items()))
        print(
            f'Dropped {dropped.total()} objects of classes that --classes does not name: {names}.'
        )
    if notes:
        print('\n'.join(['warning:', *notes]))
    for path in paths:
        print(f'Wrote {path}')
    print(f'The images are in {root / "JPEGImages"}')


def _text(node: ElementTree.Element, key: str, path: Path) -> str:
    text = (node.findtext(key) or '').strip()
    if not text:
        raise DataError(f'{path} lacks {node.tag}/{key}.')
    return text


def _number(node: ElementTree.Element, key: str, path: Path) -> int:
    text = _text(node, key, path)
    try:
        return int(float(text))
    except (ValueError, OverflowError) as error:
        raise DataError(f'{path}: {node.tag}/{key} is {text!r}, not a number.') from error


if __name__ == '__main__':
    main()
