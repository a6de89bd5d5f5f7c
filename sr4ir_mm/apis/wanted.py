# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What an inferencer is to make of each picture."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Wanted:
    """The arguments of :meth:`SR4IRInferencer.__call__` that concern results.

    Nothing is saved where there is no ``out_dir``.
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
