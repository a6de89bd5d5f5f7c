"""What every run shares: hooks, logs, checkpoints."""

default_scope = 'sr4ir_mm'

default_hooks = dict(
    timer=dict(type='IterTimerHook'),
    logger=dict(type='LoggerHook', interval=50),
    param_scheduler=dict(type='ParamSchedulerHook'),
    checkpoint=dict(type='SafeCheckpointHook', interval=1, max_keep_ckpts=3),
    sampler_seed=dict(type='DistSamplerSeedHook'),
    strict_load=dict(type='StrictLoadHook'),
    pending_gradients=dict(type='PendingGradientsHook'),
    rank_buffers=dict(type='RankBuffersHook'),
    missed_validation=dict(type='MissedValidationHook'),
    dataset_check=dict(type='DatasetCheckHook'),
    dry_run=dict(type='DryRunHook'),
    loss_balance=dict(type='LossBalanceHook'),
    compile=dict(type='CompileHook'),
    statistics=dict(type='StatisticsHook'),
    deterministic=dict(type='DeterministicCudnnHook'),
    visualization=dict(type='SRVisualizationHook', draw=False),
)

# Each net has a wrapper of its own; tools/train.py leaves device_ids out where there is no GPU.
model_wrapper_cfg = dict(
    type='MMSeparateDistributedDataParallel', find_unused_parameters=False, broadcast_buffers=False
)
env_cfg = dict(
    cudnn_benchmark=False,
    mp_cfg=dict(mp_start_method='fork', opencv_num_threads=0),
    dist_cfg=dict(backend='nccl'),
)

log_processor = dict(type='LogProcessor', window_size=50, by_epoch=True)
log_level = 'INFO'
load_from = None
resume = False
