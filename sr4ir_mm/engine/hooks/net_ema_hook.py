# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""A moving average of one net's weights."""

from mmengine.hooks import EMAHook
from mmengine.model import ExponentialMovingAverage
from mmengine.runner import Runner

from sr4ir_mm.registry import HOOKS
from sr4ir_mm.utils.nets import unwrap


@HOOKS.register_module()
class NetEMAHook(EMAHook):
    """MMEngine's EMAHook for one of the nets; the others are tested as they are.

    The average is what is validated and what a checkpoint holds under the net's name; the weights
    that training goes on with are beside it.

    Args:
        net (str): 'sr', 'task' or another net of the model.
        momentum (float): Share of the new weights in each average. Defaults to 0.001.
        update_buffers (bool): Average statistics of batch norm, too. Defaults to True.
    """

    def __init__(self, net: str, momentum: float = 0.001, update_buffers: bool = True) -> None:
        super().__init__()
        self.net = net
        self.average = dict(momentum=momentum, update_buffers=update_buffers)

    @property
    def _key(self) -> str:
        return f'ema_{self.net}'

    def before_run(self, runner: Runner) -> None:
        """Begin with the weights as they are."""
        self.src_model = unwrap(runner.model).net(self.net)
        self.ema_model = ExponentialMovingAverage(self.src_model, **self.average)

    def before_save_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        """Save the average under the net's name, and the weights in training beside it."""
        state = checkpoint['state_dict']
        checkpoint[self._key] = dict(
            trained={key: state[f'{self.net}.{key}'] for key in self.ema_model.module.state_dict()},
            steps=self.ema_model.steps,
        )
        for key, value in self.ema_model.module.state_dict().items():
            state[f'{self.net}.{key}'] = value

    def after_load_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        """Take the average from the checkpoint; to resume, also the weights in training."""
        state, saved = checkpoint['state_dict'], checkpoint.get(self._key)
        own = {k: state[f'{self.net}.{k}'] for k in self.ema_model.module.state_dict()}
        self.ema_model.module.load_state_dict(own)
        if saved is not None and runner._resume:
            self.ema_model.steps = saved['steps']
            for key, value in saved['trained'].items():
                state[f'{self.net}.{key}'] = value
