# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The tool that compares settings, as users call it."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sr4ir_mm.visualization.comparison_row import Box
from tests.utils.tools import tool
from tests.utils.weights import save_pair


def test_command(coco: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    main = tool('analysis_tools/compare_settings').main
    names = {'l2t': 'l2t/det_x4', 'sr4ir': 'sr4ir/det_edsr_x4'}
    det = {key: save_pair(coco, tmp_path, name) for key, name in names.items()}
    pairs = [':'.join(det[name]) for name in ('l2t', 'sr4ir')]
    common = [*pairs, '--metrics', 'PSNR', '--device', 'cpu', '--images']
    words = [*common, '0', '1', '--features', '-1', '--zoom', '4,6,20,10']
    main([*words, '--out', str(tmp_path / 'figure.png')])
    main([*common, '0', '--out', str(tmp_path / 'figure.pdf')])
    page = np.asarray(Image.open(tmp_path / 'figure.png').convert('RGB'))
    assert page.shape[1] == pytest.approx(200 * (4 * 2.26 + 0.06), abs=2)
    assert (page[:, [0, -1]] == 255).all() and (page[[0, -1]] == 255).all()  # noqa: PT018
    assert (tmp_path / 'figure.pdf').read_bytes().startswith(b'%PDF')

    for changes, message in (
        (['--zoom', '40,6,20,10'], 'not within the HR image 0.png, which has 56x40 pixels'),
        (['--zoom', '40,6'], 'write X,Y,W,H'),
        (
            ['--features', 'backbone.layer9'],
            "no layer 'backbone.layer9'; did you mean 'backbone.layer",
        ),
        (['--features', '7'], 'There is no map 7: extract_feat returns 5'),
        (['--metrics', 'FID'], 'There is no image metric FID'),
        (['--images', '6'], 'There is no image 6: the test set'),
        (['--images', 'none.png'], 'There is no file or folder none.png'),
        (['--names', 'a'], 'There are 1 names for 2 settings'),
        (['--out', 'figure.xyz'], 'figure.xyz is no figure'),
    ):
        with pytest.raises(SystemExit):
            main([*common, '0', *changes])
        assert message in capsys.readouterr().err
    for pair, message in (
        (f'{det["l2t"][0]}:none.pth', 'There is no checkpoint none.pth'),
        (det['l2t'][0], 'write CONFIG:CKPT'),
        (f'none.py:{det["l2t"][1]}', 'There is no config none.py'),
    ):
        with pytest.raises(SystemExit):
            main([pairs[0], pair])
        assert message in capsys.readouterr().err


def test_names_say_what_differs() -> None:
    module = tool('analysis_tools/compare_settings')
    parse = module.parse_settings
    given = parse(['configs/s2t/det_edsr_x4.py:a', 'sr4ir_mm::sr4ir/det_edsr_x4.py:b.pth'], None)
    assert given[0] == ('s2t', 'configs/s2t/det_edsr_x4.py', 'a')
    assert given[1][1:] == ('sr4ir_mm::sr4ir/det_edsr_x4.py', 'b.pth')
    assert module.short_names(['demo/configs/l2t.py', 'demo/configs/s2t.py'], 'ab') == [
        'l2t', 's2t',
    ]  # fmt: skip
    assert module.short_names(['a.py', 'a.py'], ['x/epoch_1.pth', 'x/epoch_9.pth']) == [
        'a epoch_1', 'a epoch_9',
    ]  # fmt: skip
    assert module.parse_zoom('1,2,3,4') == Box(1, 2, 3, 4)
