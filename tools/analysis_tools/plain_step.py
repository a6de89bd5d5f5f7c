# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""One iteration of SR4IR written plainly, as the authors' code does it, to be timed beside ours.

The nets, the batch and what is computed for the weights are the same. The rest is as there: both
passes of S keep a graph; features for the TDP loss come out of passes through the whole task net,
heads included; every weight of T asks for gradients in the second phase.
"""

from typing import Any

import torch
import torch.nn.functional as F
from mmengine.config import Config
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _NormBase

from sr4ir_mm.errors import ConfigError


class PlainClassifier:
    """A classifier of mmpretrain with a linear head.

    Args:
        net (Any): The task model.

    Raises:
        ConfigError: It lacks parts of the paper's.
    """

    PARTS: tuple[str, ...] = ('backbone', 'head.fc')

    def __init__(self, net: Any) -> None:
        lacking = set(self.PARTS) - {name for name, _ in net.named_modules()}
        if lacking:
            raise ConfigError(
                f'--against plain: {type(net).__name__} has no {", ".join(sorted(lacking))}, and '
                "only nets like the paper's are written plainly. Without --against it is timed by "
                'itself.'
            )
        self.net = net

    def normalize(self, images: Tensor) -> Tensor:
        """Normalise RGB in [0, 1]."""
        preprocessor = self.net.data_preprocessor
        return (images - preprocessor.mean / 255) / (preprocessor.std / 255)

    def run(self, images: Tensor) -> tuple[tuple[Tensor, ...], Tensor]:
        """Give the backbone's maps and the logits."""
        maps = self.net.backbone(self.normalize(images))
        return maps, self.net.head.fc(maps[-1].mean((2, 3)))

    def features(self, images: Tensor, samples: list) -> tuple[Tensor, ...]:
        """Give maps, out of a pass through the whole net."""
        return self.run(images)[0]

    def loss(self, images: Tensor, samples: list) -> Tensor:
        """Compute the cross-entropy."""
        labels = torch.cat([sample.gt_label for sample in samples])
        return F.cross_entropy(self.run(images)[1], labels)


class PlainSegmentor(PlainClassifier):
    """A segmentor of mmseg with an auxiliary head."""

    PARTS = ('backbone', 'decode_head', 'auxiliary_head')

    def run(self, images: Tensor) -> tuple[tuple[Tensor, ...], Tensor]:
        """Give the backbone's maps and the logits of both heads ``(2, N, C, H, W)``."""
        maps = self.net.backbone(self.normalize(images))
        heads = (self.net.decode_head, self.net.auxiliary_head)
        logits = [F.interpolate(head(maps), images.shape[-2:], mode='bilinear') for head in heads]
        return maps, torch.stack(logits)

    def loss(self, images: Tensor, samples: list) -> Tensor:
        """Compute the cross-entropies, the auxiliary one at its weight."""
        labels = torch.cat([sample.gt_sem_seg.data for sample in samples])
        main, auxiliary = self.run(images)[1]
        weight = self.net.auxiliary_head.loss_decode.loss_weight
        return F.cross_entropy(main, labels, ignore_index=255) + weight * F.cross_entropy(
            auxiliary, labels, ignore_index=255
        )


class PlainDetector(PlainClassifier):
    """A two-stage detector of mmdet, which resizes its images itself."""

    PARTS = ('backbone', 'neck', 'rpn_head', 'roi_head')

    def prepare(self, images: Tensor, samples: list, training: bool) -> dict:
        """Crop images out of their padding, and let the detector prepare them."""
        inputs, copies = [], [sample.clone() for sample in samples]
        for image, sample in zip(images, samples, strict=True):
            height, width = sample.img_shape
            inputs.append(image[:, :height, :width].flip(0) * 255)
        return self.net.data_preprocessor(dict(inputs=inputs, data_samples=copies), training)

    def features(self, images: Tensor, samples: list) -> tuple[Tensor, ...]:
        """Give the pyramid's maps, out of a pass that ends with detections."""
        data = self.prepare(images, samples, training=False)
        maps = self.net.neck(self.net.backbone(data['inputs']))
        proposals = self.net.rpn_head.predict(maps, data['data_samples'], rescale=False)
        self.net.roi_head.predict(maps, proposals, data['data_samples'], rescale=False)
        return maps

    def loss(self, images: Tensor, samples: list) -> Tensor:
        """Add up the four losses."""
        data = self.prepare(images, samples, training=True)
        return self.net.parse_losses(self.net.loss(data['inputs'], data['data_samples']))[0]


KINDS = dict(mmpretrain=PlainClassifier, mmseg=PlainSegmentor, mmdet=PlainDetector)


def check_written_plainly(cfg: Config) -> None:
    """Refuse a config of another setting, or of a task net that is written plainly nowhere.

    Raises:
        ConfigError: It is one.
    """
    scope = (cfg.get('train_dataloader') or {}).get('dataset', {}).get('_scope_')
    updates = [phase.get('update') for phase in cfg.get('phases') or ()]
    if updates != ['sr', 'task'] or scope not in KINDS or not cfg.model.get('task'):
        raise ConfigError(
            f'--against plain: {cfg.filename} is not SR4IR (phases that update sr, then task, on '
            f'data of {", ".join(KINDS)}), and only that is written plainly. Without --against it '
            'is timed by itself.'
        )


class PlainStep:
    """An iteration of SR4IR in one function.

    Args:
        cfg (Config): One of SR4IR with a net of the paper.
        model (Any): Of that config; its nets are trained.

    Raises:
        ConfigError: The task net lacks parts of the paper's.
    """

    def __init__(self, cfg: Config, model: Any) -> None:
        self.cfg, self.sr, self.task_net = cfg, model.sr, model.task
        self.task = KINDS[cfg.train_dataloader.dataset['_scope_']](model.task)
        self.tdp = model.losses['tdp']
        self.sr_optimizer = _optimizer(self.sr, cfg.optim_wrapper.sr)
        self.task_optimizer = _optimizer(self.task_net, cfg.optim_wrapper.task)
        # All weights but those of frozen batch norms, which are no weights there.
        self.trained = [
            param
            for module in self.task_net.modules()
            for param in module.parameters(recurse=False)
            if param.requires_grad or not isinstance(module, _NormBase)
        ]

    def __call__(self, hr: Tensor, samples: list) -> dict[str, float]:
        """Update S, then T.

        Args:
            hr (Tensor): ``(N, 3, H, W)``, RGB in [0, 1], padded.
            samples (list): The library's data samples.

        Returns:
            dict[str, float]: The losses.
        """
        lr = F.interpolate(hr, scale_factor=1 / self.cfg.model.scale, mode='bicubic')
        lr = (lr * 255).round().clamp(0, 255) / 255
        pixel, tdp = self.update_sr(lr, hr, samples)
        return dict(pixel=pixel, tdp=tdp, task=self.update_task(lr, hr, samples))

    def update_sr(self, lr: Tensor, hr: Tensor, samples: list) -> tuple[float, float]:
        """Minimise pixel and TDP loss."""
        self.sr.train()
        for param in self.task_net.parameters():
            param.requires_grad_(False)
        self.sr_optimizer.zero_grad()
        sr = self.sr(lr)
        pixel = F.l1_loss(sr, hr)
        self.task_net.eval()
        ones, twos = (self.task.features(images, samples) for images in (sr, hr))
        self.task_net.train()
        tdp = sum(
            weight * F.l1_loss(ones[layer], twos[layer])
            for layer, weight in zip(self.tdp.layers, self.tdp.weights, strict=True)
        )
        (pixel + tdp).backward()
        self.sr_optimizer.step()
        return pixel.item(), tdp.item()

    def update_task(self, lr: Tensor, hr: Tensor, samples: list) -> float:
        """Minimise the task loss on SR, HR and CQMix images."""
        for param in self.trained:
            param.requires_grad_(True)
        self.task_optimizer.zero_grad()
        sr = self.sr(lr).detach()
        cqmix = self.cfg.model.cqmix
        cells = torch.rand(len(hr), 1, cqmix.grid, cqmix.grid, device=hr.device) < cqmix.prob
        mask = F.interpolate(cells.float(), hr.shape[-2:])
        mixed = sr * mask + hr * (1 - mask)
        weights = self.cfg.phases[1]['losses']['task']
        loss = sum(
            weights[name] * self.task.loss(images, samples)
            for name, images in dict(sr=sr, hr=hr, cqmix=mixed).items()
        )
        loss.backward()
        self.task_optimizer.step()
        return loss.item()


def _optimizer(net: nn.Module, wrapper: Config) -> torch.optim.Optimizer:
    """Build the config's optimizer, with groups of their own learning rates."""
    options = dict(wrapper.optimizer)
    kind = getattr(torch.optim, options.pop('type'))
    custom = wrapper.get('paramwise_cfg', {}).get('custom_keys', {})
    groups = []
    for name, param in net.named_parameters():
        if param.requires_grad:
            factors = [keys.lr_mult for part, keys in custom.items() if part in name]
            groups.append(dict(params=[param], lr=options['lr'] * (factors or [1.0])[0]))
    merged: dict[float, list[Tensor]] = {}
    for group in groups:
        merged.setdefault(group['lr'], []).extend(group['params'])
    return kind([dict(params=params, lr=lr) for lr, params in merged.items()], **options)
