# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Where a tool cannot write is told at once, with the name of the option."""

from pathlib import Path

import pytest

from tests.utils.tools import exit_code, tool

CONFIG = 'sr4ir/det_edsr_x4'
# Tools, what they need before, and their options for files and folders that they write.
OPTIONS = [
    ('train', [CONFIG], '--work-dir', 'folder'),
    ('test', [CONFIG, 'a.pth'], '--work-dir', 'folder'),
    ('test', [CONFIG, 'a.pth'], '--out', 'file'),
    ('run_table', [], '--work-dirs', 'folder'),
    ('results_table', ['work_dirs'], '--out', 'folder'),
    ('model_matrix', [], '--work-dir', 'folder'),
    ('model_matrix', [], '--page', 'file'),
    ('deployment/export', [CONFIG, 'a.pth'], '--out', 'file'),
    ('analysis_tools/analyze_logs', ['work_dirs'], '--out', 'file'),
    ('analysis_tools/browse_dataset', [CONFIG], '--output-dir', 'folder'),
    ('analysis_tools/compare_settings', [CONFIG], '--out', 'file'),
    ('analysis_tools/get_flops', [CONFIG], '--json', 'file'),
    ('analysis_tools/vis_scheduler', [CONFIG], '--out', 'file'),
    ('dataset_converters/prepare_cub', ['a.tgz'], '--out', 'folder'),
    ('dataset_converters/prepare_stanford_cars', ['a.tgz'], '--out', 'folder'),
    ('dataset_converters/prepare_voc', ['a.tar'], '--out', 'folder'),
    ('dataset_converters/voc_to_coco', ['VOCdevkit'], 'out', 'folder'),
    ('model_converters/publish_model', ['a.pth'], 'out_file', 'file'),
]


@pytest.mark.parametrize(('name', 'words', 'option', 'kind'), OPTIONS)
def test_option_is_named(
    name: str,
    words: list[str],
    option: str,
    kind: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture,
) -> None:
    (tmp_path / 'file').write_text('')
    other = {'file': tmp_path, 'folder': tmp_path / 'file'}[kind]
    for target in (other, tmp_path / 'file/within', tmp_path / 'new' / ('x' * 300)):
        given = [option, str(target)] if option.startswith('--') else [str(target)]
        assert exit_code(tool(name).main, [*words, *given]) == 2
        assert f'argument {option}: ' in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ['file']
