"""The process that kernels are forked from: it imports what reports need and runs no report itself.

It is started by `server.ForkServer`, answers one message at a time, and ends with the connection. One
message is one JSON object. It is asked for

- `{"ask": "fork", "id": n, ...}` with three file descriptors for the kernel's input, output and errors,
  and answers `{"id": n, "pid": p}`, or `{"id": n, "failed": why}`, or `{"id": n, "stale": file}` when a
  source file has changed since it was imported,
- `{"ask": "signal", "pid": p, "signal": s}`, which has no answer,

and tells of each kernel that has ended: `{"ended": p, "status": s}`, negative for a signal.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import json
import os
import select
import shutil
import signal
import socket
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

_MESSAGE_BYTES = 1 << 20
_ALWAYS = (
    "babel.dates",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "ipykernel.debugger",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "jinja2",
    "matplotlib.pyplot",
    "numpy",
    "pandas",
    "pandas.core.arrays.arrow.extension_types",
    "pandas.core.reshape.reshape",
    "pandas.io.formats.csvs",
    "pandas.io.formats.style",
    "psutil",
    "pyarrow.dataset",
    "pyarrow.pandas_compat",
    "scipy.stats",
    "seaborn",
    "sqlite3",
    "tornado.platform.asyncio",
)


class Zygote:
    """What the process knows: its connection, its kernels, and the files it has imported."""

    def __init__(self, line: socket.socket, given: dict[str, str]) -> None:
        self._line = line
        self._given = given
        self._kernels: set[int] = set()
        self._folders: set[str] = set()
        self._packages: set[str] = set()
        self._imported: dict[str, int] = {}
        self._warmed: set[Callable[[], None]] = set()
        self._wake, self._woken = socket.socketpair()
        self._wake.setblocking(False)
        self._woken.setblocking(False)

    def serve(self) -> tuple[dict[str, Any], list[int]] | None:
        """Answer until the connection ends.

        Returns None in this process. In each forked child it returns the order and the file descriptors
        to become a kernel with, so that the kernel runs on a clean stack.
        """
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        while True:
            ready, _, _ = select.select([self._line, self._woken], [], [])
            if self._woken in ready:
                self._woken.recv(4096)
                self._bury()
            if self._line not in ready:
                continue
            message, streams, _, _ = socket.recv_fds(self._line, _MESSAGE_BYTES, 3)
            if not message:
                return None
            order = json.loads(message)
            if order["ask"] == "signal":
                self._signal(order["pid"], order["signal"])
            elif self._fork(order):
                return order, streams
            for stream in streams:
                os.close(stream)

    def end(self) -> None:
        """Kill what kernels are left, with all that they started, and remove their folders."""
        for pid in self._kernels:
            self._signal(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        # Those of kernels that had ended before, too: who asked for them may have been killed since.
        for folder in self._folders:
            shutil.rmtree(folder, ignore_errors=True)

    def _fork(self, order: dict[str, Any]) -> bool:
        """Fork a kernel and say so; return whether this is the child."""
        if stale := self._changed():
            self._tell(id=order["id"], stale=stale)
            return False
        self.load(order["modules"])
        order["parent"] = os.getpid()
        order["set"] = dict(os.environ.items() - self._given.items())
        try:
            pid = os.fork()
        except OSError as error:
            self._tell(id=order["id"], failed=str(error))
            return False
        if pid == 0:
            signal.set_wakeup_fd(-1)
            for connection in (self._line, self._wake, self._woken):
                connection.close()
            return True
        self._kernels.add(pid)
        if order["scratch"]:
            self._folders.add(order["scratch"])
        self._tell(id=order["id"], pid=pid)
        return False

    def load(self, modules: list[str]) -> None:
        """Import modules, and note when the files of their packages, and of ours, were last changed.

        A module may have a function `warm_up`, which reads the files of its package that every report needs.
        """
        known = len(sys.modules)
        for name in modules:
            # What cannot be imported here fails again in the cell that asks for it, where it is told.
            with contextlib.suppress(Exception):
                self._warm(importlib.import_module(name))
        packages = {name.partition(".")[0] for name in [__name__, *modules]}
        if len(sys.modules) == known and packages <= self._packages:
            return
        self._packages |= packages
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None)
            if file and name.partition(".")[0] in self._packages and file not in self._imported:
                self._imported[file] = _changed_at(file)
        gc.collect()
        gc.freeze()  # collecting in a kernel would otherwise copy every page that is shared now

    def _warm(self, module: ModuleType) -> None:
        """Let a module read what it has for every report, once; those files must not change either."""
        warm_up = getattr(module, "warm_up", None)
        if warm_up is None or warm_up in self._warmed:
            return
        self._warmed.add(warm_up)
        self._imported |= _files_beside(sys.modules[module.__name__.partition(".")[0]])
        warm_up()

    def _changed(self) -> str:
        """Return a file that was changed since it was imported, or an empty text."""
        return next((f for f, then in self._imported.items() if _changed_at(f) != then), "")

    def _signal(self, pid: int, number: int) -> None:
        if pid not in self._kernels:
            return
        try:
            os.killpg(pid, number)
        except ProcessLookupError:  # the child has not come to its setsid yet
            os.kill(pid, number)

    def _bury(self) -> None:
        """Tell of the kernels that have ended, after killing what they left behind."""
        for pid in list(self._kernels):
            # The pid stays taken while its group is killed, so nobody else's group can be hit.
            if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                continue
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
            self._kernels.remove(pid)
            self._tell(ended=pid, status=os.waitstatus_to_exitcode(status))

    def _tell(self, **message: Any) -> None:
        # Where nobody listens any more, the next read ends the service.
        with contextlib.suppress(OSError):
            self._line.send(json.dumps(message).encode())


def _files_beside(package: ModuleType) -> dict[str, int]:
    """Return when each file of a package that is no module was last changed."""
    files = Path(package.__file__).parent.rglob("*") if package.__file__ else ()
    return {
        str(file): _changed_at(str(file))
        for file in files
        if file.suffix not in (".py", ".pyc") and file.is_file()
    }


def _changed_at(file: str) -> int:
    with contextlib.suppress(OSError):
        return Path(file).stat().st_mtime_ns
    return 0


def _warm_up() -> None:
    """Import what every report needs, and draw once so that fonts and writers are loaded.

    Nothing is drawn with pyplot, and matplotlib_inline is not imported: it takes charge of showing figures
    only when it is imported while a shell exists, and without it they would vanish.
    """
    for name in _ALWAYS:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    with contextlib.suppress(ImportError), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from matplotlib.figure import Figure

        figure = Figure(figsize=(1, 1))
        axes = figure.subplots()
        axes.plot([0, 1], [1, 2], label="å")
        axes.set_title("å", weight="bold")
        axes.legend(loc="upper left")
        for form in ("png", "svg"):
            figure.savefig(io.BytesIO(), format=form)


def main(given: dict[str, str]) -> None:
    """Serve on the socket whose file descriptor is the first argument; end as a kernel in a child.

    `given` is the environment before anything was imported.
    """
    zygote = Zygote(socket.socket(fileno=int(sys.argv[1])), given)
    _warm_up()
    zygote.load([])
    work = zygote.serve()
    if work is not None:
        from vgstats.kernels.child import run_kernel

        run_kernel(*work)
    zygote.end()
    os._exit(0)  # taking a frozen interpreter apart finds "leaks", and nobody gains by it
