# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""A table of four toy runs, and tools that only pretend to train and test them."""

import hashlib
from pathlib import Path

import torch
from mmengine.config import Config
from tables.result import write_result
from tables.runs import parse_options

from sr4ir_mm.checkpoints import last_checkpoint, read_checkpoint

TABLE = """
title: Toys
columns:
  - {name: Score, key: score, best: high, decimals: 2}
  - {name: PSNR, key: PSNR, best: high, decimals: 2}
rows:
  - {setting: h2t, config: configs/h2t/toy.py}
  - {setting: s2t, config: configs/s2t/toy_edsr_x4.py, group: EDSR}
  - {setting: t2s, config: configs/t2s/toy_edsr_x4.py, group: EDSR}
"""
CONFIG = """
model = dict(type='SR4IR', scale=4, sr=dict(type='mmagic.EDSRNet'), task=dict(), init={init})
dataset = dict(type='mmpretrain.CustomDataset', data_root='data/toys', pipeline=[])
sampler = dict(type='DefaultSampler')
train_dataloader = dict(batch_size=8, num_workers=2, dataset=dataset, sampler=sampler)
test_dataloader = dict(train_dataloader, batch_size=4)
auto_scale_lr = dict(base_batch_size=16)
phases = [dict(update='task', losses=dict(task=dict(sr=1.0)))]
optim_wrapper = dict(task=dict(optimizer=dict(type='SGD', lr=0.1)))
train_cfg = dict(type='AlternatingEpochLoop', max_epochs=2)
test_cfg = dict()
test_evaluator = [dict(type='mmpretrain.Accuracy'), dict(type='PSNR')]
randomness = dict(seed=100)
"""
# s is not in the table, but s2t starts from it.
INIT = {
    'h2t/toy': None,
    's/toy_edsr_x4': dict(sr='weights/edsr.pth'),
    's2t/toy_edsr_x4': dict(sr='work_dirs/s/toy_edsr_x4'),
    't2s/toy_edsr_x4': dict(sr='weights/edsr.pth', task='work_dirs/h2t/toy'),
}


def make_toy_table(root: Path) -> None:
    """Write configs/, toys.yml and what they name below a folder."""
    for path in ('data/toys/car/1.png', 'data/toys/cat/1.png', 'weights/edsr.pth'):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()
    torch.save(dict(weight=torch.zeros(1)), root / 'weights/edsr.pth')
    for name, init in INIT.items():
        path = root / 'configs' / f'{name}.py'
        path.parent.mkdir(parents=True)
        path.write_text(CONFIG.format(init=init))
    (root / 'toys.yml').write_text(TABLE)


class Killed(KeyboardInterrupt):
    """The end of everything."""


class FakeTools:
    """Stands in for the command runner; what it makes depends on all that was done before.

    It writes checkpoints as MMEngine does, in several steps, and may be killed between any two.

    Args:
        kill_at (int): The step before which everything ends; 0 for never. Defaults to 0.
    """

    def __init__(self, kill_at: int = 0) -> None:
        self.kill_at = kill_at
        self.steps = 0
        self.commands: list[list[str]] = []

    def __call__(self, words: list[str], log: Path, lock: int, show: object) -> int:
        self.commands.append(words)
        config = next(word for word in words if word.startswith('configs/'))
        cfg = Config.fromfile(config)
        if '--cfg-options' in words:
            cfg.merge_from_dict(parse_options(words[words.index('--cfg-options') + 1 :]))
        work_dir = Path('work_dirs', *Path(config).with_suffix('').parts[1:])
        if '--work-dir' in words:
            work_dir = Path(words[words.index('--work-dir') + 1])
        if '--without' in words:
            name = words[words.index('--without') + 1]
            cfg.test_evaluator = [m for m in cfg.test_evaluator if m['type'] != name]
        if any(word.endswith('train.py') for word in words):
            self.train(cfg, config, work_dir)
        else:
            self.test(cfg, Path(words[words.index(config) + 1]), work_dir)
        return 0

    def step(self) -> None:
        self.steps += 1
        if self.steps == self.kill_at:
            raise Killed

    def train(self, cfg: Config, config: str, work_dir: Path) -> None:
        work_dir.mkdir(parents=True, exist_ok=True)
        pointer = work_dir / 'last_checkpoint'
        last = last_checkpoint(work_dir)
        if last is not None:
            start = read_checkpoint(last)
            done, state = start['meta']['epoch'], start['state_dict']['state']
        else:
            sources = [Path(v) for v in (cfg.model.init or {}).values() if not v.endswith('.pth')]
            loaded = [read_checkpoint(str(last_checkpoint(path))) for path in sources]
            done, state = 0, '+'.join([config, *(part['state_dict']['state'] for part in loaded)])
        for epoch in range(done + 1, cfg.train_cfg.max_epochs + 1):
            self.step()
            state = hashlib.sha256(f'{state}, epoch {epoch}'.encode()).hexdigest()
            path = work_dir.absolute() / f'epoch_{epoch}.pth'
            meta = dict(epoch=epoch, iter=7 * epoch, seed=100, cfg=cfg.pretty_text)
            torch.save(dict(meta=meta, state_dict=dict(state=state)), path)
            whole = path.read_bytes()
            path.write_bytes(whole[:100])
            self.step()
            path.write_bytes(whole)
            self.step()
            pointer.write_text('')
            self.step()
            pointer.write_text(str(path))

    def test(self, cfg: Config, checkpoint: Path, work_dir: Path) -> None:
        self.step()
        state = read_checkpoint(checkpoint)['state_dict']['state']
        (work_dir / 'result.json.part').write_text('{"half": ')
        self.step()
        metrics = dict(score=int(state[:6], 16) / 1e6, PSNR=float('inf'))
        write_result(str(work_dir), cfg, metrics, str(checkpoint))
        self.step()
