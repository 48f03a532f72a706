"""Ending at once: for a process that somebody has interrupted."""

from __future__ import annotations

import contextlib
import sys

import psutil

from vgstats.kernels import forks

_TIMES = 5  # what is killed may have just started something
_PATIENCE = 0.5  # seconds
_AT_ONCE = 1e-6  # seconds


def abandon() -> None:
    """Kill this process's kernels and all that they started.

    No kernel is forked afterwards: a thread that asks for one waits for ever. So end the process next.
    """
    sys.setswitchinterval(_AT_ONCE)  # busy threads would make every file that is opened here wait
    forks.hold()
    me = psutil.Process()
    for _ in range(_TIMES):
        found = me.children(recursive=True)
        if not found:
            break
        for process in found:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(me.children(), timeout=_PATIENCE)
