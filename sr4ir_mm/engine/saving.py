# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Save all that a run needs to go on, of every process, whole or not at all."""

from pathlib import Path
from typing import Any

import torch
from mmengine.dist import all_gather_object, get_world_size
from mmengine.fileio import LocalBackend, register_backend
from mmengine.runner import Runner
from torch import Tensor

from sr4ir_mm.checkpoints import checkpoint_file
from sr4ir_mm.models import SR4IR
from sr4ir_mm.utils.nets import unwrap

WHOLE = dict(backend='sr4ir_mm.whole')  # as backend_args of MMEngine
RANK_BUFFERS = 'rank_buffers'


@register_backend(WHOLE['backend'], force=True)
class WholeFileBackend(LocalBackend):
    """Local files that MMEngine writes whole or not at all, and removes when it is told to.

    MMEngine removes a checkpoint before it writes the one that takes its place. Here the old one
    stays until :meth:`settle`.
    """

    def __init__(self) -> None:
        self.outdated: list[str | Path] = []

    def put(self, obj: bytes, filepath: str | Path) -> None:
        """Write a file.

        Raises:
            CheckpointError: It cannot be written. What was there before is still there.
        """
        with checkpoint_file(filepath) as file:
            file.write(obj)

    def remove(self, filepath: str | Path) -> None:
        """Note a file that is to be removed."""
        self.outdated.append(filepath)

    def settle(self, folder: str | Path) -> None:
        """Remove what was noted in a folder; a run resumed elsewhere leaves the old place alone."""
        while self.outdated:
            path = Path(self.outdated.pop())
            if path.parent.resolve() == Path(folder).resolve():
                path.unlink(missing_ok=True)


def save_run(runner: Runner, folder: str, name: str, meta: dict, **options: Any) -> None:
    """Save a checkpoint to resume from. Every process must call it; the first one writes.

    Args:
        runner (Runner): The runner.
        folder (str): Where to.
        name (str): The file's name.
        meta (dict): ``epoch`` and ``iter``, the numbers done.
        **options (Any): Of ``Runner.save_checkpoint``.

    Raises:
        CheckpointError: It cannot be written.
    """
    own = {RANK_BUFFERS: buffers_that_differ(unwrap(runner.model)), 'world_size': get_world_size()}
    # By meta, since MMEngine calls hooks on saving in the first process alone.
    runner.save_checkpoint(folder, name, meta={**meta, **own}, **{'backend_args': WHOLE, **options})


def buffers_that_differ(model: SR4IR) -> dict[int, dict[str, Tensor]]:
    """Gather the nets' buffers, such as the statistics of batch norms, from all processes.

    Args:
        model (SR4IR): The algorithm.

    Returns:
        dict[int, dict[str, Tensor]]: By rank and name, those that differ from the first process's.
    """
    if get_world_size() == 1:
        return {}
    own = {}
    for name in model.net_names:
        saved = model.net(name).state_dict()
        for key, value in model.net(name).named_buffers():
            if key in saved:
                own[f'{name}.{key}'] = value.cpu()
    first, *rest = all_gather_object(own)
    return {
        rank: {key: value for key, value in buffers.items() if not torch.equal(value, first[key])}
        for rank, buffers in enumerate(rest, 1)
    }
