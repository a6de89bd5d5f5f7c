# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What a config takes over from the config of its task model, and what it lacks of it.

A task model of a library comes with a config of data of its own. Most of that is the library's
benchmark's; but its pipeline also says which annotations the model learns from.
"""

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from mmengine import registry as root
from mmengine.config import Config

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.models.num_classes import counts_stuff
from sr4ir_mm.utils.library_configs import load_library_config
from sr4ir_mm.utils.typed_dicts import find_type

from .check_values import phases_of
from .dataset_meta import meta_of_dataset

TASK = 'task'
"""As a pipeline: that of the task model's own config."""


def complete_from_task(cfg: Config) -> None:
    """Put in the pipelines and numbers of classes that follow from elsewhere in the config.

    ``pipeline='task'`` of a data set becomes the pipeline of the task model's own config: that of
    its training data to train, of its test data otherwise. A model that counts things and stuff
    apart gets the numbers of the training data set, unless it has them.

    Args:
        cfg (Config): Changed in place.

    Raises:
        ConfigError: The task model comes without a config, or that has no such pipeline.
    """
    for split in ('train', 'val', 'test'):
        dataset = _dataset(cfg, split)
        given = dataset.get('pipeline')
        if isinstance(given, str) and given != TASK:
            raise ConfigError(
                f'{split}_dataloader.dataset.pipeline = {given!r}: it is a list of transforms, or '
                f"'{TASK}' for those of the task model's own config."
            )
        if given == TASK:
            key = f"{split}_dataloader.dataset.pipeline = '{TASK}'"
            dataset['pipeline'] = _own_pipeline(cfg, split, key)
    task = _task(cfg)
    if task is None or 'num_classes' in task or 'num_things_classes' in task:
        return
    own = load_library_config(task['cfg_path'], 'model.task')[0]
    if not counts_stuff(own.get('model') or {}):
        return
    meta = meta_of_dataset(_dataset(cfg, 'train') or _dataset(cfg, 'test'))
    if meta.get('thing_classes'):
        task['num_things_classes'] = len(meta['thing_classes'])
        task['num_stuff_classes'] = len(meta.get('stuff_classes') or ())


def check_annotations(cfg: Config) -> None:
    """Find what the pipeline of the task model's own config loads, and that to train on does not.

    Such as the masks of instances, or the edges that PIDNet learns. Keys that it hands to a metric
    are only named. ``default_hooks = dict(dataset_check=None)`` switches this off, too.

    Raises:
        ConfigError: Something is not loaded.
    """
    hooks = cfg.get('default_hooks') or {}
    task = _task(cfg)
    used = _dataset(cfg, 'train').get('pipeline')
    if task is None or not used or hooks.get('dataset_check', True) is None:
        return
    own, scope = load_library_config(task['cfg_path'], 'model.task')
    wanted = list(_transforms(own, 'train', every=True))
    lacking = _not_loaded(wanted, used, scope)
    if lacking:
        raise ConfigError(
            f'train_dataloader.dataset.pipeline lacks {" and ".join(lacking)}, which '
            f"{task['cfg_path']} trains with. Add that to it, or take over that config's pipeline: "
            f"train_dataloader = dict(dataset=dict(pipeline='{TASK}'))."
        )
    for split in ('train', 'test'):
        keys = _meta_keys(_transforms(own, split), scope) - _meta_keys(
            _dataset(cfg, split).get('pipeline') or (), scope
        )
        if keys:
            print(
                f'note: {task["cfg_path"]} packs {", ".join(sorted(keys))} for its metrics; '
                f'meta_keys in {split}_dataloader.dataset.pipeline do not.'
            )


def note_optimizer(cfg: Config) -> None:
    """Tell that the task model's own config trains it with another optimizer, which is not used."""
    task = _task(cfg)
    wrapper = (cfg.get('optim_wrapper') or {}).get('task') or {}
    used = wrapper.get('optimizer') or {}
    updated = any('task' in phase['update'] for phase in phases_of(cfg))
    if task is None or not used or not updated:
        return
    own = (load_library_config(task['cfg_path'], 'model.task')[0].get('optim_wrapper') or {}).get(
        'optimizer'
    )
    if own and _type(own) != _type(used):
        print(
            f'note: {task["cfg_path"]} trains with {_optimizer(own)}, this config with '
            f'{_optimizer(used)}; optim_wrapper = dict(task=dict(optimizer=dict(_delete_=True, '
            f'type={_type(own)!r}, ...))) changes that.'
        )


def _optimizer(optimizer: Mapping) -> str:
    return f'{_type(optimizer)} at {optimizer.get("lr")}'


def _task(cfg: Config) -> dict | None:
    """Give ``model.task`` as a dict with a ``cfg_path``; None where it comes without."""
    model = cfg.get('model')
    model = model.get('module', model) if isinstance(model, Mapping) else {}
    if isinstance(model.get('task'), str):
        model['task'] = dict(cfg_path=model['task'])
    task = model.get('task')
    return task if isinstance(task, Mapping) and 'cfg_path' in task else None  # type: ignore[return-value]


def _dataset(cfg: Config, split: str) -> dict:
    """Give the innermost data set of a loader; {} where there is none."""
    node = cfg.get(f'{split}_dataloader')
    while isinstance(node, Mapping) and isinstance(node.get('dataset'), Mapping):
        node = node['dataset']
    return node if isinstance(node, Mapping) else {}  # type: ignore[return-value]


def _own_pipeline(cfg: Config, split: str, key: str) -> list[dict]:
    task = _task(cfg)
    if task is None:
        raise ConfigError(f'{key}: model.task has no cfg_path whose pipeline could be taken.')
    own, scope = load_library_config(task['cfg_path'], 'model.task')
    found = list(_transforms(own, 'train' if split == 'train' else 'test'))
    if not found:
        raise ConfigError(f'{key}: {task["cfg_path"]} has no such pipeline: write one.')
    return [dict(transform, _scope_=scope) for transform in found]


def _transforms(own: Config, split: str, every: bool = False) -> Iterator[dict]:
    """Walk through the pipeline of a library's config, the inner data set's first if asked."""
    pipelines = []
    node = own.get(f'{split}_dataloader')
    while isinstance(node, Mapping):
        pipelines.append(node.get('pipeline') or [])
        node = node.get('dataset')
    if every:
        pipelines = [[step for pipeline in reversed(pipelines) for step in pipeline]]
    yield from next((pipeline for pipeline in reversed(pipelines) if pipeline), [])


def _not_loaded(wanted: list[dict], used: list[dict], scope: str) -> list[str]:
    """Say which annotations are loaded, or made, by one pipeline only."""
    types = {_type(step) for step in used}
    flags = {flag for step in used for flag in _flags(step, scope)}
    annotated = any('Annotation' in name for name in types)
    lacking = []
    for step in wanted:
        name = _type(step)
        if name.startswith('Load') and 'Annotation' in name and annotated:
            missing = [flag for flag in _flags(step, scope) if flag not in flags]
            lacking += [f'{flag}=True of {name}' for flag in missing]
        elif name.startswith(('Load', 'Generate')) and 'Image' not in name and name not in types:
            options = [f', {key}={value!r}' for key, value in step.items() if key != 'type']
            lacking.append(f'dict(type={name!r}{"".join(options)})')
    return list(dict.fromkeys(lacking))


def _type(step: Mapping) -> str:
    kind = step.get('type')
    return str(getattr(kind, '__name__', kind)).rpartition('.')[2]


def _parameters(step: Mapping, scope: str) -> dict[str, Any]:
    """Give the arguments of a transform, with the defaults of those that are not given."""
    kind = find_type(step.get('type'), root.TRANSFORMS, step.get('_scope_', scope))
    defaults: dict[str, Any] = {}
    for base in reversed(kind.__mro__[:-1]) if inspect.isclass(kind) else ():
        if '__init__' in vars(base):  # a class hands what it does not name to its base
            parameters = inspect.signature(vars(base)['__init__']).parameters.values()
            defaults |= {p.name: p.default for p in parameters}
    return defaults | dict(step)


def _flags(step: Mapping, scope: str) -> list[str]:
    """Name what a loader of annotations is told to load."""
    if not _type(step).startswith('Load'):
        return []
    arguments = _parameters(step, scope)
    return [name for name, on in arguments.items() if name.startswith('with_') and on is True]


def _meta_keys(steps: Any, scope: str) -> set[str]:
    """Give the keys that a pipeline packs beside those that its packer does by itself."""
    keys: set[str] = set()
    for step in steps:
        if 'meta_keys' in step:
            default = _parameters({'type': step['type']}, scope).get('meta_keys', ())
            keys |= set(step['meta_keys']) - set(default)
    return keys
