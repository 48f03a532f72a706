"""What a report may take: seconds, and bytes where the system can limit them."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path


class Deadline:
    """Seconds that a cell may take: its own limit, and what is left of the notebook's from now."""

    def __init__(self, cell: float | None, report: float | None) -> None:
        self._cell = cell
        self._end = None if report is None else time.monotonic() + report

    def __call__(self, _cell: object) -> float | None:
        """Return what a cell that begins now may take; None for no limit."""
        left = None if self._end is None else max(self._end - time.monotonic(), 0.001)
        return min((seconds for seconds in (self._cell, left) if seconds), default=None)


def limit_memory(pid: int, memory: int | None) -> None:
    """Let a process take `memory` bytes more than it has, where the system can limit that.

    Counted is what it may write to and shares with nobody (`VmData`): what is only reserved, as memory
    allocators do, costs nothing.
    """
    if memory is None:
        return
    with contextlib.suppress(ImportError, AttributeError, OSError, ValueError, StopIteration):
        import resource

        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        has = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmData:"))
        resource.prlimit(pid, resource.RLIMIT_DATA, (has + memory, has + memory))
