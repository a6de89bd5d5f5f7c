# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Annotation files that keep a run from beginning are named."""

import os.path as osp
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from mmengine.config import Config

from sr4ir_mm.errors import DataError, SR4IRError
from sr4ir_mm.utils.coco import check_coco, fault_of_coco, read_json

SPLITS = ('train', 'val', 'test')
COCO = ('CocoDataset', 'CocoMetric')
COMMAND = re.compile(r'^python tools/dataset_converters/.*$', re.MULTILINE)
"""In the first lines of a config of ours; an inherited one comes before what inherits it."""


@contextmanager
def naming_annotations(cfg: Config) -> Iterator[None]:
    """Name the annotation file that is to blame for an error of a library's.

    Data sets and metrics read it while they are built, and raise that a key or a comma is missing,
    but not where. The files are read again after an error only.

    Args:
        cfg (Config): What is run.

    Raises:
        DataError: One of its files is missing, no JSON, or has what COCO's form does not allow; or
            a data set's folder is missing.
    """
    try:
        yield
    except SR4IRError:
        raise
    except Exception as error:
        _check_roots(cfg, error)
        for path, kind in sorted(set(_files(cfg))):
            try:
                content = read_json(path)
            except DataError as unread:
                how = '' if osp.exists(path) else _how_to_make(cfg, path)
                raise DataError(f'{unread}{how}') from error
            if kind.rpartition('.')[2] in COCO:
                fault = fault_of_coco(content)
                if fault:
                    message = f"Annotations {path} are not in COCO's form: {fault}."
                    raise DataError(message) from error
                check_coco(content, path, test=True)
        raise


def _check_roots(cfg: Config, error: Exception) -> None:
    """Name a data set's folder that is missing."""
    for split in SPLITS:
        for node in _dicts(cfg.get(f'{split}_dataloader')):
            root = node.get('data_root')
            if not isinstance(root, str) or '://' in root or not root or osp.isdir(root):
                continue
            message = f'There is no folder {root}, the data_root of {split}_dataloader.'
            raise DataError(f'{message}{_how_to_make(cfg, root)}') from error


def _how_to_make(cfg: Config, path: str) -> str:
    """End a message on what is missing, if a config of ours says what makes it."""
    commands = COMMAND.findall(cfg.text or '') if path.startswith('data/') else ()
    return f' Its config makes it by: {commands[-1]}' if commands else ''


def _files(cfg: Config) -> Iterator[tuple[str, str]]:
    """List the JSON files of a config's data sets and metrics, each with the type that reads it."""
    for split in SPLITS:
        for key in (f'{split}_dataloader', f'{split}_evaluator'):
            for node in _dicts(cfg.get(key)):
                path = node.get('ann_file')
                if isinstance(path, str) and path.endswith('.json') and '://' not in path:
                    yield osp.join(node.get('data_root') or '', path), str(node.get('type'))


def _dicts(node: Any) -> Iterator[Mapping]:
    if isinstance(node, Mapping):
        yield node
    children = node.values() if isinstance(node, Mapping) else node
    for child in children if isinstance(node, (Mapping, list, tuple)) else ():
        yield from _dicts(child)
