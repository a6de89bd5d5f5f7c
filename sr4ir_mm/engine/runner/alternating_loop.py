# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The alternate training framework (Section 3.3 of the paper), by epochs and by iterations."""

import os.path as osp
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import Any

from mmengine.runner import BaseLoop, EpochBasedTrainLoop, IterBasedTrainLoop, Runner
from torch import nn

from sr4ir_mm.engine.saving import save_run
from sr4ir_mm.errors import ConfigError, NonFiniteLossError
from sr4ir_mm.registry import LOOPS
from sr4ir_mm.utils.freed_memory import freed_memory_kept
from sr4ir_mm.utils.nets import unwrap

from .phase import Phase
from .run_phase import run_phase
from .seeding import SeededIterator, SeededLoader, seed_all
from .trained_nets import release_untrained, wrappers_of_trained


class AlternatingLoop(BaseLoop):
    """Walk through the phases for every batch; shared by the two loops.

    It replaces the one ``train_step`` of MMEngine's loops; their epochs, hooks, validation and
    resuming stay as they are.

    Args:
        runner (Runner): The runner.
        dataloader (Any): Its data loader, or the config of one.
        phases (Sequence[Mapping], optional): The setting; see :class:`Phase`. None takes the
            config's ``phases``, where ``_base_/settings`` puts them. Defaults to None.
        on_non_finite (str): What a loss that is not finite does: 'stop' ends the program with an
            error; 'end' ends the training as if it were done, for settings that are expected to
            collapse, and leaves the weights as they were before. Defaults to 'stop'.
        **kwargs: Arguments of the MMEngine loop.

    Attributes:
        held_back (set[str]): Losses that a hook leaves out for the time being.

    Raises:
        ConfigError: The phases do not fit the model.
    """

    def __init__(
        self,
        runner: Runner,
        dataloader: Any,
        phases: Sequence[Mapping] | None = None,
        on_non_finite: str = 'stop',
        **kwargs: Any,
    ) -> None:
        super().__init__(runner, dataloader, **kwargs)
        if on_non_finite not in ('stop', 'end'):
            raise ConfigError(f"train_cfg.on_non_finite is {on_non_finite!r}: use 'stop' or 'end'.")
        self.on_non_finite = on_non_finite
        phases = runner.cfg.get('phases') if phases is None else phases
        if not phases:
            raise ConfigError(
                'The config has no phases: inherit one of _base_/settings, or list them as '
                'phases = [dict(update=..., losses=...), ...].'
            )
        self.phases = [Phase.from_cfg(phase) for phase in phases]
        self.model = unwrap(runner.model)
        for phase in self.phases:
            phase.check(self.model.net_names, list(self.model.losses))
        self.held_back: set[str] = set()
        release_untrained(self.model, self.phases)
        # MMEngine builds the optimizers after the loop, of what is left here.
        runner.optim_wrapper = wrappers_of_trained(runner.optim_wrapper, self.model, self.phases)

    def run(self) -> nn.Module:
        """Train; MMEngine leaves the accumulation counts of several optimizers to the loop."""
        wrappers = dict(self.runner.optim_wrapper.items())
        for phase in self.phases:
            if len({wrappers[name]._accumulative_counts for name in phase.update}) > 1:
                raise ConfigError(
                    f'A phase updates {" and ".join(phase.update)} in one step, so their '
                    'accumulative_counts must be equal.'
                )
        for name, wrapper in wrappers.items():
            wrapper.initialize_count_status(
                self.model.net(name),
                self._count_updates(name, self.iter),
                self._count_updates(name, self.max_iters),
            )
        on_cpu = next(self.model.parameters()).device.type == 'cpu'
        with freed_memory_kept() if self.model.fast and on_cpu else nullcontext():
            return super().run()

    def alternate(self, data_batch: dict | list) -> dict[str, float]:
        """Run the active phases on one batch.

        Args:
            data_batch (dict | list): As the data loader gives it.

        Returns:
            dict[str, float]: Values for the log: the terms, ``loss_<nets>`` of each phase, and
                their sum ``loss``.

        Raises:
            NonFiniteLossError: A term is not finite. The weights from before the step are saved.
        """
        log: dict[str, float] = {}
        if self.stop_training:  # it collapsed in this epoch
            return log
        data = self.model.data_preprocessor(data_batch, True)
        for phase in self.phases:
            if phase.active(self.progress, self.iter):
                try:
                    log |= run_phase(
                        self.model, phase, data, self.runner.optim_wrapper, self.held_back
                    )
                except NonFiniteLossError as error:
                    self._stop(error)
                    return {}
        totals = {phase.total for phase in self.phases}
        log['loss'] = sum(value for key, value in log.items() if key in totals)
        return log

    @property
    @abstractmethod
    def progress(self) -> int:
        """int: Epochs or iterations done, whichever this loop counts in."""

    @property
    @abstractmethod
    def planned(self) -> int:
        """int: The progress at which the training ends."""

    @abstractmethod
    def _progress_at(self, iteration: int) -> int:
        """Give the progress before so many iterations are done."""

    def _count_updates(self, name: str, iterations: int) -> int:
        """Count the backward passes into a net within the first so many iterations."""
        phases = [phase for phase in self.phases if name in phase.update]
        return sum(
            phase.active(self._progress_at(iteration), iteration)
            for iteration in range(iterations)
            for phase in phases
        )

    def _stop(self, error: NonFiniteLossError) -> None:
        """Save the last good weights beside the regular checkpoints, which stay as they are."""
        name = 'last_good.pth'
        done = dict(epoch=self.epoch, iter=self.iter)
        save_run(self.runner, self.runner.work_dir, name, done)
        if self.on_non_finite == 'end':
            self.stop_training = True
            self.runner.logger.warning(
                f'The training collapsed in iteration {self.iter + 1}: {error}. It ends here; the '
                f'weights are those from before, also in {name}.'
            )
            return
        raise NonFiniteLossError(
            f'Iteration {self.iter + 1}, {error}. Training stopped before that step; the weights '
            f'from before it are in {osp.join(self.runner.work_dir, name)}. Lower the learning '
            'rate or the weight of that loss, clip gradients (optim_wrapper.<net>.clip_grad), or '
            'train without --amp.'
        ) from error


@LOOPS.register_module()
class AlternatingEpochLoop(AlternatingLoop, EpochBasedTrainLoop):
    """Alternate for a number of epochs.

    Examples:
        >>> train_cfg = dict(type='AlternatingEpochLoop', max_epochs=30, phases=sr4ir)
    """

    def run_epoch(self) -> None:
        """Iterate one epoch."""
        seed_all(self.runner.seed, self.epoch)
        super().run_epoch()

    def run_iter(self, idx: int, data_batch: dict | list) -> None:
        """Iterate one batch."""
        self.runner.call_hook('before_train_iter', batch_idx=idx, data_batch=data_batch)
        outputs = self.alternate(data_batch)
        self.runner.call_hook(
            'after_train_iter', batch_idx=idx, data_batch=data_batch, outputs=outputs
        )
        self._iter += 1

    @property
    def progress(self) -> int:
        """int: Epochs done."""
        return self.epoch

    @property
    def planned(self) -> int:
        """int: Epochs to be done."""
        return self.max_epochs

    def _progress_at(self, iteration: int) -> int:
        return iteration // len(self.dataloader)


@LOOPS.register_module()
class AlternatingIterLoop(AlternatingLoop, IterBasedTrainLoop):
    """Alternate for a number of iterations.

    Examples:
        >>> train_cfg = dict(type='AlternatingIterLoop', max_iters=9200, phases=sr4ir)
    """

    def __init__(self, runner: Runner, dataloader: Any, **kwargs: Any) -> None:
        if isinstance(dataloader, dict):
            different = runner._randomness_cfg.get('diff_rank_seed', False)
            dataloader = runner.build_dataloader(dataloader, runner.seed, different)
        loader = SeededLoader(dataloader, runner.seed)  # before older versions begin to load
        super().__init__(runner, dataloader, **kwargs)
        self.dataloader_iterator: Any = SeededIterator(self.dataloader_iterator, loader)

    def run_iter(self, data_batch: dict | list) -> None:
        """Iterate one batch."""
        seed_all(self.runner.seed, self.iter, 0)
        self.runner.call_hook('before_train_iter', batch_idx=self.iter, data_batch=data_batch)
        outputs = self.alternate(data_batch)
        self.runner.call_hook(
            'after_train_iter', batch_idx=self.iter, data_batch=data_batch, outputs=outputs
        )
        self._iter += 1

    @property
    def progress(self) -> int:
        """int: Iterations done."""
        return self.iter

    @property
    def planned(self) -> int:
        """int: Iterations to be done."""
        return self.max_iters

    def _progress_at(self, iteration: int) -> int:
        return iteration
