# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""document_configs.py: what is on disk is what it writes, and that says what the configs are."""

import math
import re
import shutil
from pathlib import Path

import pytest
import yaml
from document_configs import document, header, with_header
from mmengine.config.utils import _get_cfg_metainfo
from tables.paper_configs import Leaf, read_leaves, read_setting

from tests.utils.tiny import ROOT


@pytest.fixture(scope='module')
def leaves() -> dict[str, Leaf]:
    """The configs, by path."""
    return {str(leaf.path): leaf for leaf in read_leaves(ROOT)}


@pytest.fixture(scope='module')
def files(leaves: dict[str, Leaf]) -> dict[Path, str]:
    """All files as they should be."""
    return document(list(leaves.values()), ROOT)


def test_what_is_on_disk_is_what_would_be_written(files: dict[Path, str]) -> None:
    stale = [str(path) for path, text in files.items() if (ROOT / path).read_text() != text]
    assert not stale, f'run python tools/document_configs.py: {stale}'
    on_disk = {
        path.relative_to(ROOT)
        for pattern in ('*.py', '*.md', 'metafile.yml')
        for path in (ROOT / 'configs').rglob(pattern)
        if '_base_' not in path.parts
    }
    assert files.keys() - {Path('model-index.yml')} == on_disk


# As printed in the paper.
HEADERS = {
    'h2t/det.py': """Table 2, row I_HR -> T: VOC2012 detection.

Paper: mAP 36.7, LPIPS 0.000, PSNR inf. GPUs: 1 x 16 images.
Command: python tools/train.py configs/h2t/det.py""",
    'l2t/seg_x8.py': """Table 1, row I_LR -> T, bilinear x8: VOC2012 segmentation.

Paper: mIoU 49.3, LPIPS 0.476, PSNR 22.54. GPUs: 1 x 16 images.
Command: python tools/train.py configs/l2t/seg_x8.py""",
    # LPIPS and PSNR of the row S -> T.
    's/det_swinir_x4.py': """Table 2, row S, the first step of S -> T, SwinIR x4: VOC2012 detection.

Paper: LPIPS 0.309, PSNR 25.13. GPUs: 4 x 4 images.
Command: tools/dist_train.sh configs/s/det_swinir_x4.py 4""",
    'sr4ir/cls_cub_swinir_x4.py': """Table 3, row SR4IR, SwinIR x4: CUB-200-2011 classification.

Paper: Top-1 74.7, LPIPS 0.157. GPUs: 8 x 16 images.
Command: tools/dist_train.sh configs/sr4ir/cls_cub_swinir_x4.py 8""",
    'related/tdsr/cls_cars_edsr_x8.py': """Table 7, row TDSR, EDSR-baseline x8: Stanford Cars \
classification.

Paper: Top-1 56.4. GPUs: 1 x 128 images.
Command: python tools/train.py configs/related/tdsr/cls_cars_edsr_x8.py
Needs: configs/h2t/cls_cars.py, trained before.
Choice: chosen.""",
}


@pytest.mark.parametrize('path', HEADERS)
def test_header(path: str, leaves: dict[str, Leaf]) -> None:
    choice = 'Choice: chosen.' if 'tdsr' in path else ''
    assert header(leaves[f'configs/{path}'], choice) == HEADERS[path]


def test_what_publications_leave_open_is_in_the_header() -> None:
    open_ends = {
        name: (ROOT / f'configs/{name}/seg_edsr_x8.py').read_text().partition('Choice: ')[2]
        for name in ('ablations/task_on_sr_hr', 'ablations/vgg_loss', 'related/sod_mtgan')
    }
    assert 'their sum is 1.02' in open_ends['ablations/task_on_sr_hr']
    assert 'VGG19' in open_ends['ablations/vgg_loss']
    assert '0.001 adversarial' in open_ends['related/sod_mtgan']


def test_a_header_replaces_the_docstring_alone() -> None:
    body = "\n_base_ = ['a.py']\n\nmodel = dict(init=None)  # as it is\n"
    assert with_header('"""Old.\n\nTwo lines.\n"""\n' + body, 'New.') == '"""New.\n"""\n' + body
    assert with_header(body, 'New.') == '"""New.\n"""\n' + body


def test_phases_of_a_setting_that_inherits_are_shown() -> None:
    assert read_setting('fixed_tdp', ROOT).phases == read_setting('sr4ir', ROOT).phases
    assert 'cqmix=0.34' in read_setting('sr4ir', ROOT).phases


def test_every_config_is_in_the_model_index(leaves: dict[str, Leaf]) -> None:
    index = yaml.safe_load((ROOT / 'model-index.yml').read_text())['Import']
    content = [yaml.safe_load((ROOT / path).read_text()) for path in index]
    models = [model for file in content for model in file['Models']]
    assert sorted(model['Config'] for model in models) == sorted(leaves)
    assert len({model['Name'] for model in models}) == len(models) == 148
    collections = [entry for file in content for entry in file['Collections']]
    assert {model['In Collection'] for model in models} == {entry['Name'] for entry in collections}
    for entry in collections:
        assert (ROOT / entry['README']).is_file()
    for model in models:
        assert 'Weights' not in model
        assert {'Training Data', 'Batch Size', 'Epochs'} <= model['Metadata'].keys()
        if model['In Collection'] == 'The small benchmark':  # not of the paper
            assert 'Results' not in model
            continue
        (result,) = model['Results']
        assert result['Metrics']
        assert all(name.endswith(' (paper)') for name in result['Metrics'])
        assert all(isinstance(value, float) for value in result['Metrics'].values())


def test_mmengine_finds_a_config_by_its_name(tmp_path: Path) -> None:
    shutil.copytree(ROOT / 'configs', tmp_path / '.mim/configs')
    shutil.copy(ROOT / 'model-index.yml', tmp_path / '.mim')
    found = _get_cfg_metainfo(str(tmp_path), 'h2t/det.py')
    assert found['Name'] == 'h2t_det'
    assert math.isinf(found['Results'][0]['Metrics']['PSNR (paper)'])


def test_links_of_the_readmes_lead_to_files(files: dict[Path, str]) -> None:
    for path, text in files.items():
        if path.suffix == '.md':
            links = re.findall(r'\]\(([^)]+)\)', text)
            assert len(links) >= 4
            for link in links:
                assert (ROOT / path.parent / link).is_file(), f'{path}: {link}'
