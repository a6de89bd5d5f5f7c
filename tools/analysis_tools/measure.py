# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Times, memory, operations and the machine's own speed."""

import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import FlopCounterMode

SIDE = 2048
"""Of the matrices whose product tells the machine's peak."""


class Stopwatch:
    """Times of named parts, in seconds, device included."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = defaultdict(list)

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Time what is done inside."""
        begin = now()
        yield
        self.times[name].append(now() - begin)


def now() -> float:
    """Wait for the device and read the clock, in seconds."""
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter()


class CountOperations(TorchDispatchMode):
    """Count operations that compute, in the backward pass too; views launch nothing."""

    number = 0

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None
    ) -> Any:
        self.number += not func.is_view
        return func(*args, **(kwargs or {}))


def count(step: Callable[[], Any]) -> tuple[int, int]:
    """Run a step and count.

    Returns:
        tuple[int, int]: Its operations, on a GPU its kernels; the floating point operations of its
            matrix products.
    """
    with FlopCounterMode(display=False) as flops:
        if not torch.cuda.is_available():
            with CountOperations() as counter:
                step()
            return counter.number, flops.get_total_flops()
        kinds = [torch.profiler.ProfilerActivity.CPU, torch.profiler.ProfilerActivity.CUDA]
        with torch.profiler.profile(activities=kinds) as profile:
            step()
            torch.cuda.synchronize()
    on_device = torch.autograd.DeviceType.CUDA
    kernels = sum(event.device_type == on_device for event in profile.events())
    return kernels, flops.get_total_flops()


def matrix_peak(dtype: torch.dtype, trials: int = 5) -> float:
    """Measure the operations per second of a product of large square matrices, at best."""
    device = 'cuda' if torch.cuda.is_available() else 'cpu'
    side = 4 * SIDE if device == 'cuda' else SIDE
    one, two = (torch.randn(side, side, device=device).to(dtype) for _ in range(2))
    best = float('inf')
    for _ in range(trials + 1):
        begin = now()
        one @ two
        best = min(best, now() - begin)
    return 2 * side**3 / best


def reset_peak_memory() -> None:
    """Begin to measure anew, where the device can."""
    if torch.cuda.is_available():
        torch.cuda.reset_peak_memory_stats()


def peak_memory() -> int:
    """Give the peak of the device or, without a GPU, of this process, in bytes."""
    if torch.cuda.is_available():
        return torch.cuda.max_memory_allocated()
    peak = _peak_of_this_program()
    if peak is not None:
        return peak
    try:
        import resource
    except ModuleNotFoundError:  # Windows
        import psutil

        return psutil.Process().memory_info().peak_wset
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == 'darwin' else peak * 2**10


def _peak_of_this_program() -> int | None:
    """Read the peak off Linux; that of getrusage begins with the parent's, whose copy this was."""
    try:
        with open('/proc/self/status', encoding='ascii', errors='replace') as file:
            line = next(line for line in file if line.startswith('VmHWM:'))
    except (OSError, StopIteration):
        return None
    return int(line.split()[1]) * 2**10
