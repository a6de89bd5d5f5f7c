# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Ours are found where users of MMEngine look."""

import pytest
from mmengine.hub import get_model
from mmengine.registry import MODELS, DefaultScope

from sr4ir_mm.models import SR4IR
from sr4ir_mm.utils import register_all_modules


def test_a_model_of_ours_by_its_address() -> None:
    model = get_model('sr4ir_mm::l2t/cls_cars_x4.py', losses=dict())
    assert isinstance(model, SR4IR)
    assert model.scale == 4


@pytest.mark.parametrize('set_scope', [True, False])
def test_configs_can_be_built_without_a_runner(set_scope: bool) -> None:
    register_all_modules(init_default_scope=set_scope)
    scope = DefaultScope.get_current_instance()
    assert (scope.scope_name if scope else None) == ('sr4ir_mm' if set_scope else None)
    kind = 'BilinearUpsampler' if set_scope else 'sr4ir_mm.BilinearUpsampler'
    assert MODELS.build(dict(type=kind, scale=4)).scale == 4
