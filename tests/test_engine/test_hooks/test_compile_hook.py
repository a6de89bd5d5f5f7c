# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The key ``compile`` reaches the nets, and training computes the same."""

from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.runner import Runner
from torch import Tensor, nn

from sr4ir_mm.errors import ConfigError
from tests.utils.tiny import tiny_config


def config(coco: Path, work_dir: Path, value: object = None) -> Config:
    cfg = tiny_config(coco, work_dir)
    cfg.experiment_name = work_dir.name
    cfg.train_cfg.max_epochs = 1
    if value is not None:
        cfg.compile = value
    return cfg


def train(cfg: Config) -> tuple[dict[str, Tensor], Runner]:
    runner = Runner.from_cfg(cfg)
    runner.train()
    return runner.model.state_dict(), runner


def test_nets_are_compiled_if_asked_for(
    coco: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen: list[nn.Module] = []
    graphs: list[torch.fx.GraphModule] = []
    compile_net = nn.Module.compile

    def backend(graph: torch.fx.GraphModule, _: list) -> object:
        graphs.append(graph)
        return graph.forward

    def spy(net: nn.Module, **options: object) -> None:
        assert options == dict(backend='eager')
        chosen.append(net)
        compile_net(net, backend=backend)

    monkeypatch.setattr(nn.Module, 'compile', spy)
    torch._dynamo.reset()
    without_the_hook = config(coco, tmp_path / 'without')
    del without_the_hook.default_hooks['compile']
    expected, _ = train(without_the_hook)
    state, _ = train(config(coco, tmp_path / 'with'))
    assert all(torch.equal(state[key], expected[key]) for key in expected)
    assert chosen == []

    state, runner = train(config(coco, tmp_path / 'compiled', dict(backend='eager')))
    model = runner.model
    # MMEngine compiles a train_step of the whole, too, with its own backend; it is never called.
    assert chosen == [model.sr, model.task.backbone, model.task.neck]
    assert graphs
    assert list(state) == list(expected)
    for key, value in expected.items():
        torch.testing.assert_close(state[key], value, msg=key)


@pytest.mark.parametrize('value', ['yes', 1, dict(mod='default'), dict(mode='none')])
def test_values_that_mean_nothing_are_refused(coco: Path, tmp_path: Path, value: object) -> None:
    with pytest.raises(ConfigError, match='compile is'):
        train(config(coco, tmp_path / 'run', value))
