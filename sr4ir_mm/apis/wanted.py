# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What an inferencer is to make of each picture."""

from dataclasses import dataclass
from pathlib import Path

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.utils.check_number import check_number

from .screen import check_screen

FRAMES = ('sr', 'lr')


@dataclass(frozen=True)
class Wanted:
    """The arguments of :meth:`SR4IRInferencer.__call__` that concern results.

    Nothing is saved where there is no ``out_dir``.

    Raises:
        ConfigError: A value cannot be meant, or there is no screen to show results on.
    """

    return_vis: bool
    show: bool
    wait_time: float
    draw_pred: bool
    pred_score_thr: float
    return_datasamples: bool
    print_result: bool
    pred_frame: str
    out_dir: str | Path
    save_vis: bool
    save_pred: bool
    save_sr: bool

    def __post_init__(self) -> None:
        if self.pred_frame not in FRAMES:
            raise ConfigError(
                f'pred_frame = {self.pred_frame!r}: it must be one of {", ".join(FRAMES)}.'
            )
        if self.show:
            check_screen()
        check_number(self.pred_score_thr, 'pred_score_thr', least=0, most=1)
        check_number(self.wait_time, 'wait_time', least=0)
