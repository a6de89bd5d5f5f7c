# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The checkpoint that a run goes on from."""

from pathlib import Path

import torch

from sr4ir_mm.checkpoints.last import last_checkpoint


def test_last_checkpoint(tmp_path: Path) -> None:
    assert last_checkpoint(tmp_path) is None
    for epoch in (2, 9, 10):
        torch.save({}, tmp_path / f'epoch_{epoch}.pth')
    torch.save({}, tmp_path / 'best_mAP.pth')
    pointer = tmp_path / 'last_checkpoint'
    pointer.write_text(str(tmp_path / 'epoch_9.pth'))
    assert last_checkpoint(tmp_path).name == 'epoch_9.pth'
    pointer.write_text('/before/it/was/moved/epoch_2.pth')
    assert last_checkpoint(tmp_path) == tmp_path / 'epoch_2.pth'
    for broken in ('', '/gone/epoch_3.pth'):
        pointer.write_text(broken)
        assert last_checkpoint(tmp_path).name == 'epoch_10.pth'
    whole = (tmp_path / 'epoch_10.pth').read_bytes()
    (tmp_path / 'epoch_10.pth').write_bytes(whole[: len(whole) // 2])
    assert last_checkpoint(tmp_path).name == 'epoch_9.pth'
