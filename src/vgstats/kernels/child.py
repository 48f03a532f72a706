"""A forked child becomes an ordinary IPython kernel: what a fork inherits is put right first."""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import gc
import importlib.util
import os
import resource
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any, NoReturn

_PR_SET_PDEATHSIG = 1
_GARBAGE = 50_000  # objects between two collections: a kernel lives for seconds


def run_kernel(order: dict[str, Any], streams: list[int]) -> NoReturn:
    """Be the kernel that `order` describes until it ends, and leave the process.

    `order` has `arguments` (those of ipykernel), `environment`, `set` (variables that the imports have
    set), `folder` (working directory), `memory` (bytes, or None) and `parent` (the zygote); `streams` are
    the file descriptors for input, output and errors. Never returns.
    """
    status = 1
    try:
        status = _kernel(order, streams)
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
    finally:
        # Taking apart an interpreter whose objects are shared would copy them all, for nothing.
        os._exit(status)


def _kernel(order: dict[str, Any], streams: list[int]) -> int:
    os.setsid()
    _die_with(order["parent"])
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    _settle(order, streams)
    gc.set_threshold(_GARBAGE)
    from ipykernel import kernelapp

    from vgstats.kernels.output import PortlessOutput

    # Chosen by the name in this module; there is no setting for it.
    vars(kernelapp)["IOPubThread"] = PortlessOutput
    # The default of parent_handle was read from the environment when the zygote imported the class.
    app: Any = kernelapp.IPKernelApp.instance(
        parent_handle=order["parent"], outstream_class="vgstats.kernels.output.QuietStream"
    )
    status = 0
    try:
        app.initialize(order["arguments"])
        limit_memory(os.getpid(), order["memory"])
        app.start()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    if shell := app.shell:
        atexit.unregister(shell.atexit_operations)  # it empties what the end throws away
    # The thread that was asked to shut down waits for one that the exit handlers stop.
    control = app.control_thread
    if control is not None and control.is_alive():
        control.stop()
        control.join(1)
    atexit._run_exitfuncs()
    for stream in (sys.__stdout__, sys.__stderr__):
        with contextlib.suppress(Exception):
            stream.flush()  # type: ignore[union-attr]
    return status


def _settle(order: dict[str, Any], streams: list[int]) -> None:
    """Take over streams, environment, folder, arguments and chance as a started process would."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    # Imports set variables too, which they would set again in a process of its own.
    os.environ.update(
        {**order["set"], **order["environment"], "JPY_PARENT_PID": str(order["parent"])}
    )
    time.tzset()
    os.chdir(order["folder"])
    launcher = importlib.util.find_spec("ipykernel_launcher")
    sys.argv[:] = [(launcher and launcher.origin) or "", *order["arguments"]]
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()  # every child would draw the same numbers; `random` reseeds itself


def _die_with(parent: int) -> None:
    """Ask the system to end this process with the zygote, which is the one that reports its end."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    # Should the machine run out of memory all the same, a kernel is the one to lose.
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")


def limit_memory(pid: int, memory: int | None) -> None:
    """Let a process take `memory` bytes more than it has, where the system can limit that.

    Counted is what it may write to and shares with nobody (`VmData`): what is only reserved, as memory
    allocators do, costs nothing.
    """
    if memory is None or not hasattr(resource, "prlimit"):
        return
    with contextlib.suppress(OSError, ValueError, StopIteration):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        has = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmData:"))
        resource.prlimit(pid, resource.RLIMIT_DATA, (has + memory, has + memory))
