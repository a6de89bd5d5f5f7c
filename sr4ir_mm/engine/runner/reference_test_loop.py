# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The rows on I_HR and on up-sampled I_LR of the paper's tables, in one pass over the data."""

from collections.abc import Sequence
from typing import Any

import torch
from mmengine.runner import Runner, TestLoop
from mmengine.runner.amp import autocast

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.models.phase_batch import PhaseBatch
from sr4ir_mm.registry import LOOPS
from sr4ir_mm.utils.nets import unwrap


@LOOPS.register_module()
class ReferenceTestLoop(TestLoop):
    """Test, and show the same task net other versions of the same images.

    Their metrics get prefixes: ``hr/mIoU`` beside the model's own ``mIoU``.

    Args:
        runner (Runner): The runner.
        dataloader (Any): Its data loader, or the config of one.
        evaluator (dict | list): The config of the metrics.
        references (Sequence[str]): Image types, such as 'hr', 'bilinear' (LR images, up-sampled)
            or 'sr' for a model that is tested on others. Defaults to ('hr', 'bilinear').
        **kwargs: Of :class:`mmengine.runner.TestLoop`.

    Raises:
        ConfigError: There are no such images.
    """

    def __init__(
        self,
        runner: Runner,
        dataloader: Any,
        evaluator: dict | list,
        references: Sequence[str] = ('hr', 'bilinear'),
        **kwargs: Any,
    ) -> None:
        super().__init__(runner, dataloader, evaluator, **kwargs)
        for name in references:
            if name not in PhaseBatch.IMAGES or name == 'lr':
                known = ', '.join(image for image in PhaseBatch.IMAGES if image != 'lr')
                raise ConfigError(f'There is no reference {name!r}: it can be one of {known}.')
        metrics = evaluator if isinstance(evaluator, list) else [evaluator]
        metrics = [metric for metric in metrics if 'out_file_path' not in metric]  # one dump
        self.references = {name: runner.build_evaluator(metrics) for name in references}
        for reference in self.references.values():
            reference.dataset_meta = self.evaluator.dataset_meta

    def run(self) -> dict[str, float]:
        """Test; give the model's metrics and, with prefixes, those of the references."""
        metrics = dict(super().run())
        size = len(self.dataloader.dataset)
        for name, evaluator in self.references.items():
            metrics |= {f'{name}/{key}': value for key, value in evaluator.evaluate(size).items()}
        return metrics

    @torch.no_grad()
    def run_iter(self, idx: int, data_batch: dict | list) -> None:
        """Test one batch."""
        model = unwrap(self.runner.model)
        data = model.data_preprocessor(data_batch, False)
        for name, evaluator in self.references.items():
            with autocast(enabled=self.fp16):
                outputs = model.predict(**data, image=name)
            evaluator.process(data_samples=outputs, data_batch=data_batch)
        super().run_iter(idx, data_batch)
