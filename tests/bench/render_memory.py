"""The private memory of kernels and of the process that makes reports, while reports are made."""

from __future__ import annotations

import statistics
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import psutil

from vgstats.batch.plan import Job

_STEPS = (0.1, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Memory:
    """Bytes: a kernel's at its largest (median, most); and after n reports the parent's and the zygote's."""

    kernel: float
    largest: float
    after: list[tuple[int, int, int]]


def watched(jobs: list[Job], make: Callable[[Job], None], threads: int) -> Memory:
    """Make the reports and return what memory they took."""
    kernels: dict[int, int] = {}
    after: list[tuple[int, int, int]] = []
    done = threading.Event()

    def look() -> None:
        while not done.wait(0.3):
            for zygote in psutil.Process().children():
                for kernel in _children(zygote):
                    kernels[kernel.pid] = max(kernels.get(kernel.pid, 0), _private(kernel))

    watcher = threading.Thread(target=look)
    watcher.start()
    steps = {max(1, round(len(jobs) * share)) for share in _STEPS}
    with ThreadPoolExecutor(threads) as pool:
        for number, _ in enumerate(pool.map(make, jobs), 1):
            if number in steps:
                me = psutil.Process()
                zygote = max((child.memory_info().rss for child in me.children()), default=0)
                after.append((number, _private(me), zygote))
    done.set()
    watcher.join()
    return Memory(statistics.median(kernels.values()), max(kernels.values()), after)


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children()
    except psutil.NoSuchProcess:
        return []


def _private(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().uss)
    except psutil.Error:
        return 0
