# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Hooks: what changes over time, guards a run or looks at it from outside."""

from .compile_hook import CompileHook
from .dataset_check_hook import DatasetCheckHook
from .deterministic_cudnn_hook import DeterministicCudnnHook
from .dry_run_hook import DryRunHook
from .interrupt_hook import Interrupted, InterruptHook
from .loss_balance_hook import LossBalanceHook
from .missed_validation_hook import MissedValidationHook
from .net_ema_hook import NetEMAHook
from .pending_gradients_hook import PendingGradientsHook
from .rank_buffers_hook import RankBuffersHook
from .safe_checkpoint_hook import SafeCheckpointHook
from .sr_visualization_hook import SRVisualizationHook
from .statistics_hook import StatisticsHook
from .strict_load_hook import StrictLoadHook
from .tdp_warmup_hook import TDPWarmupHook
from .tf32_hook import TF32Hook

__all__ = [
    'CompileHook',
    'DatasetCheckHook',
    'DeterministicCudnnHook',
    'DryRunHook',
    'InterruptHook',
    'Interrupted',
    'LossBalanceHook',
    'MissedValidationHook',
    'NetEMAHook',
    'PendingGradientsHook',
    'RankBuffersHook',
    'SRVisualizationHook',
    'SafeCheckpointHook',
    'StatisticsHook',
    'StrictLoadHook',
    'TDPWarmupHook',
    'TF32Hook',
]
