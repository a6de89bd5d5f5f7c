# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""S, T or both as one module from tensor to tensors, which an exporter can trace."""

import json

from torch import Tensor, nn

from sr4ir_mm.errors import ConfigError

from .sr4ir import SR4IR

PARTS = ('sr', 'task', 'whole')


class ExportedPart(nn.Module):
    """A part of a model; it shares the nets with it.

    Args:
        model (SR4IR): In eval mode.
        part (str): 'sr', from LR to SR images; 'task', from SR images to what
            :meth:`TaskAdapter.outputs` gives; 'whole', from LR images to the same, and to what T
            saw.

    Raises:
        ConfigError: The model has no such part.
    """

    def __init__(self, model: SR4IR, part: str) -> None:
        super().__init__()
        if part not in PARTS:
            raise ConfigError(f'There is no part {part!r}: it is one of {", ".join(PARTS)}.')
        nets = [net for net in ('sr', 'task') if part in (net, 'whole')]
        missing = [net for net in nets if net not in model.net_names]
        if missing:
            raise ConfigError(
                f'The part {part!r} needs model.{missing[0]}, which this config does not have: it '
                f'has {", ".join(model.net_names)}.'
            )
        if part == 'whole' and model.predict_on == 'hr':
            raise ConfigError(
                "The task model is tested on HR images (model.predict_on='hr'), so there is no way "
                "from LR images to its predictions: take the part 'task'."
            )
        self.part = part
        self.nets = nn.ModuleDict({net: model.net(net) for net in nets})
        self._model = (model,)  # in a tuple, so that its other nets are not ours
        self._adapter = model.adapter('task') if 'task' in nets else None

    @property
    def model(self) -> SR4IR:
        """SR4IR: The model."""
        return self._model[0]

    @property
    def input_name(self) -> str:
        """str: Of the images that it takes."""
        return 'image' if self.part == 'task' else 'lr'

    def forward(self, images: Tensor) -> dict[str, Tensor]:
        """Restore, recognise, or both.

        Args:
            images (Tensor): ``(N, 3, h, w)``, RGB in [0, 1]; N is 1 where the library's outputs are
                those of one image.

        Returns:
            dict[str, Tensor]: What the adapter gives, if T is part of it, and ``sr``, ``(N, 3, H,
                W)``, RGB, nominally in [0, 1], neither clamped nor rounded, if S is.
        """
        outputs = {}
        restored = None
        if self.part != 'task':
            kind = 'sr' if self.part == 'sr' else self.model.predict_on
            size = tuple(self.model.scale * side for side in images.shape[-2:])
            batch = self.model.batch(dict(lr=images, sizes=[size]), ())
            images = restored = batch.image(kind)
        if self._adapter is not None:
            outputs = self._adapter.outputs(images)
        return outputs if restored is None else outputs | {'sr': restored}

    @property
    def one_size(self) -> bool:
        """bool: Whether it takes one image at a time, of one size, alone."""
        return self._adapter is not None and self._adapter.ONE_SIZE

    def metadata(self) -> dict[str, str]:
        """Say what a program needs to know that has the exported file alone."""
        known = dict(
            part=self.part,
            channel_order='RGB',
            value_range='[0, 1]',
            layout='NCHW',
            normalization='inside',
        )
        if 'sr' in self.nets:
            known['scale'] = str(self.model.scale)
        if self._adapter is not None:
            known['task'] = self._adapter.TASK
            classes = (getattr(self.model, 'dataset_meta', None) or {}).get('classes')
            if classes:
                known['classes'] = json.dumps(list(classes))
        return known
