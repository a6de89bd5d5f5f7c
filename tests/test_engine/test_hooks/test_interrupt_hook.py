# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Processes agree on the iteration to stop after (the runs are in test_apis)."""

from types import SimpleNamespace

import pytest
import torch
from torch import distributed

from sr4ir_mm.engine.hooks import Interrupted, InterruptHook


def test_a_signal_while_processes_agree_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    hook = InterruptHook()
    hook.group = SimpleNamespace()
    loop = SimpleNamespace(dataloader=range(9))
    runner = SimpleNamespace(train_loop=loop)

    def signalled(flag: torch.Tensor, *args: object, **kwargs: object) -> None:
        hook.signum = 15

    monkeypatch.setattr(distributed, 'all_reduce', signalled)
    hook.after_train_iter(runner, 0)  # the others do not know yet: go on with them
    monkeypatch.setattr(distributed, 'all_reduce', lambda *args, **kwargs: None)
    with pytest.raises(Interrupted):
        hook.after_train_iter(runner, 1)
