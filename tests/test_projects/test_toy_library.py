# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""A library that sr4ir_mm has never heard of, with an adapter as docs/adapters.md writes it."""

import math
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from mmengine.structures import BaseDataElement

from sr4ir_mm.errors import ConfigError, ModelError
from sr4ir_mm.models.task_adapters import TaskAdapter
from sr4ir_mm.registry import TASK_ADAPTERS
from tests.utils.samples import build_model, reached, run_phase, setting

LIBRARY = {
    '__init__.py': '',
    'registry.py': """
from mmengine.registry import MODELS as ROOT, Registry

MODELS = Registry('model', parent=ROOT, scope='toy', locations=['toy.models'])
""",
    'models.py': """
from mmengine.model import BaseModel
from torch import nn

from toy.registry import MODELS


@MODELS.register_module()
class Brightness(BaseModel):
    def __init__(self, data_preprocessor=None):
        super().__init__(data_preprocessor or dict(type='mmengine.ImgDataPreprocessor'))
        self.backbone = nn.Conv2d(3, 4, 3, padding=1)
        self.head = nn.Linear(4, 1)

    def extract_feat(self, inputs):
        return (self.backbone(inputs),)

    def forward(self, inputs, data_samples=None, mode='tensor'):
        found = self.head(self.extract_feat(inputs)[-1].mean((-2, -1)))[:, 0]
        if mode == 'loss':
            wanted = found.new_tensor([sample.brightness for sample in data_samples])
            return dict(loss_brightness=(found - wanted).abs().mean(), error=found.mean())
        for sample, value in zip(data_samples, found.tolist()):
            sample.set_field(value, 'brightness', field_type='metainfo')
        return data_samples
""",
}
TASK = 'toy::brightness.py'


class ToyAdapter(TaskAdapter):
    """Models of the toy library."""


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Install the library, with a config of its own, and nothing for us."""
    configs = tmp_path / 'toy' / '.mim' / 'configs'
    configs.mkdir(parents=True)
    (configs / 'brightness.py').write_text("model = dict(type='Brightness')\n")
    for name, text in LIBRARY.items():
        (tmp_path / 'toy' / name).write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    yield
    TASK_ADAPTERS.module_dict.pop('toy_adapter', None)
    for name in [name for name in sys.modules if name.partition('.')[0] == 'toy']:
        sys.modules.pop(name)
    from mmengine.registry import MODELS

    MODELS.children.pop('toy', None)


def data_of(model: torch.nn.Module) -> dict:
    samples = [BaseDataElement(metainfo=dict(brightness=value)) for value in (0.0, 1.0)]
    images = [torch.full((3, 16, 24), value, dtype=torch.uint8) for value in (0, 255)]
    return model.data_preprocessor(dict(inputs=images, data_samples=samples), True)


def test_without_an_adapter_it_is_named() -> None:
    with pytest.raises(ConfigError, match=r"model\.task is of the library 'toy', which has no"):
        build_model(task=TASK)


def test_with_one_of_a_line_it_trains_and_predicts() -> None:
    TASK_ADAPTERS.register_module(name='toy_adapter', module=ToyAdapter)
    model = build_model(task=TASK)
    data = data_of(model)
    first, second = setting('sr4ir')
    assert run_phase(model, data, first)['loss_tdp'] > 0
    values = run_phase(model, data, second)
    assert math.isfinite(values['loss'])
    assert {'sr.loss_brightness', 'cqmix.loss_brightness', 'hr.error'} <= values.keys()
    assert reached(model.task) == {'backbone.weight', 'backbone.bias', 'head.weight', 'head.bias'}
    found = model.eval()(**data, mode='predict')
    assert all(isinstance(sample.brightness, float) for sample in found)


def test_its_errors_say_where_they_come_from() -> None:
    TASK_ADAPTERS.register_module(name='toy_adapter', module=ToyAdapter)
    model = build_model(task=TASK)
    data = data_of(model)
    del data['data_samples'][0].brightness
    message = r'model\.task, loss on 2 sr images \(24x16 pixels\): AttributeError'
    with pytest.raises(ModelError, match=message):
        run_phase(model, data, setting('sr4ir')[1])
