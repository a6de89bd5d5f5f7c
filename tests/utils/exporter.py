# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Tests that export, which PyTorch of the classic stack cannot."""

from inspect import signature

import pytest
import torch

needs_exporter = pytest.mark.skipif(
    'dynamo' not in signature(torch.onnx.export).parameters, reason='this PyTorch is too old'
)
