"""The zygote of this process: started when first needed, and again when it is gone or its files have changed.

`abandon` ends it and all kernels at once, for a process that somebody has interrupted.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

import psutil

from vgstats.errors import VgstatsError
from vgstats.kernels.zygote import LEAVE, STALE

# Read when Python starts or a library is imported: a zygote cannot give a child other values.
_READ_AT_START = (
    "PYTHON", "LD_", "LC_", "LANG", "MPL", "MATPLOTLIB", "OMP_", "OPENBLAS_", "MKL_", "ARROW_", "HOME", "XDG_",
)  # fmt: skip
_BACKEND = {
    "MPLBACKEND": "module://matplotlib_inline.backend_inline"
}  # as IPython's kernel sets it
# The folder that is current must not be where modules or a matplotlibrc are found; a grammar that takes a second
# to load is for a format that no notebook has (see `vgstats.cli`).
_START = (
    "import os, sys; given = dict(os.environ); os.chdir('/'); sys.path[:] = [p for p in sys.path if p]; "
    "sys.modules['rfc3987_syntax'] = None; "
    "from vgstats.kernels.zygote import main; main(given)"
)
# Elsewhere a fork is missing or not safe.
_SAFE_HERE = sys.platform == "linux" and hasattr(os, "fork") and hasattr(socket, "AF_UNIX")
_PATIENCE = 600.0  # seconds for a zygote that lives and does not answer
_TRIES = 3
_KILLED = 5  # times: what is killed may have just started something
_DYING = 0.5  # seconds
_AT_ONCE = 1e-6  # seconds
_lock = threading.Lock()
_zygotes: list[_Zygote] = []  # with those that only wait for the last of their children


class NoForkError(VgstatsError):
    """A process cannot be forked; an ordinary kernel can be started instead."""


@dataclass(frozen=True)
class Forked:
    """A forked process and the link to it (see `child.run`)."""

    pid: int
    language: dict[str, Any]
    link: Connection

    def kill(self) -> None:
        """End the process and all that it started."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)


class _Zygote:
    usable = True

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = _read_at_start(environment)
        self.line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and code
                [sys.executable, "-c", _START, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=environment,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )

    def fork(self, modules: list[str]) -> Forked | str | None:
        """Return a child, or why there is none, or None when the zygote is gone."""
        ours, theirs = Pipe()
        answer = None
        with theirs, suppress(OSError):
            socket.send_fds(self.line, [json.dumps(modules).encode()], [theirs.fileno()])
        with suppress(EOFError, OSError):
            answer = ours.recv() if ours.poll(_PATIENCE) else None
        if isinstance(answer, tuple):
            pid, language = answer
            return Forked(pid, language, ours)
        ours.close()
        return answer

    def close(self) -> None:
        self.line.close()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
            return
        self.process.kill()
        self.process.wait()


def fork(environment: dict[str, str], folder: str, modules: list[str]) -> Forked:
    """Return a process that runs cells, forked from this process's zygote, which is started when there is none.

    `modules` are imported before the fork.

    Raises:
        NoForkError: the system cannot, or the zygote does not start.
    """
    if not _SAFE_HERE:
        raise NoForkError(f"Reports are not forked on {sys.platform}.")
    environment = {**_BACKEND, **environment}
    for _ in range(_TRIES):
        zygote = _current(environment)
        answer = zygote.fork(modules)
        if isinstance(answer, Forked):
            with suppress(OSError):  # should it have died, the first cell tells
                answer.link.send({"environment": environment, "folder": folder})
            return answer
        if answer not in (STALE, None):
            raise NoForkError(f"The system forks no process: {answer}.")
        _retire(zygote)
    raise NoForkError("The process that reports are forked from does not start.")


def abandon() -> None:
    """Kill this process's kernels and all that they started.

    No kernel is forked afterwards: a thread that asks for one waits for ever. So end the process next.
    """
    sys.setswitchinterval(_AT_ONCE)  # busy threads would make every file that is opened here wait
    _lock.acquire(timeout=1)
    me = psutil.Process()
    for _ in range(_KILLED):
        found = me.children(recursive=True)
        if not found:
            break
        for process in found:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(me.children(), timeout=_DYING)


def shut_down() -> None:
    """End this process's zygotes and their children; the next report starts another."""
    with _lock:
        zygotes = _zygotes[:]
        _zygotes.clear()
    for zygote in zygotes:
        zygote.close()


def _current(environment: dict[str, str]) -> _Zygote:
    with _lock:
        for zygote in _zygotes:
            if zygote.usable and zygote.environment == _read_at_start(environment):
                return zygote
        try:
            _zygotes.append(_Zygote(environment))
        except OSError as error:
            raise NoForkError(f"No process to fork from can be started: {error}.") from None
        return _zygotes[-1]


def _retire(zygote: _Zygote) -> None:
    """Use another zygote from now on; this one, if it lives, ends with the last of its children."""
    with suppress(OSError):
        zygote.line.send(LEAVE)
    with _lock:
        zygote.usable = False


def _read_at_start(environment: dict[str, str]) -> dict[str, str]:
    return {n: value for n, value in environment.items() if n.startswith(_READ_AT_START)}


def _after_fork() -> None:
    """Let go of zygotes that belong to the process that this one was forked from."""
    global _lock
    _lock = threading.Lock()
    for zygote in _zygotes:
        zygote.line.close()
        zygote.process.returncode = 0
    _zygotes.clear()


atexit.register(shut_down)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
