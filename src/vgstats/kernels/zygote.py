"""The process that reports' processes are forked from: it has made the imports and runs no report itself.

`forks` starts it and sends one message a report: the modules that its notebook imports, as JSON, with one end
of the report's link. The child answers there; where there is none, this process tells why (a text),
or that a file has changed since it was imported (`STALE`). The message `LEAVE` ends it with its last child,
the end of the line ends it and its children at once.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import json
import os
import select
import signal
import socket
import sys
import warnings
from collections.abc import Callable, Iterable
from multiprocessing.connection import Connection
from pathlib import Path

STALE = "stale"
LEAVE = b"leave"
MESSAGE_BYTES = 1 << 16
_ALWAYS = (
    "babel.dates", "IPython.core.completerlib", "IPython.core.debugger", "IPython.core.logger",
    "IPython.core.oinspect", "IPython.extensions.storemagic", "jinja2", "matplotlib.pyplot",
    "matplotlib_inline.backend_inline", "numpy", "pandas", "pandas.core.arrays.arrow.extension_types",
    "pandas.core.reshape.reshape", "pandas.io.formats.csvs", "pandas.io.formats.style", "pyarrow.dataset",
    "pyarrow.pandas_compat", "scipy.stats", "seaborn",
)  # fmt: skip


class Imported:
    """The modules that children find imported, and the files behind them that must not change."""

    def __init__(self) -> None:
        self._packages = {__name__.partition(".")[0]}
        self._files: dict[str, int] = {}
        self._warmed: set[Callable[[], None]] = set()

    def load(self, modules: Iterable[str]) -> None:
        """Import modules; one that has a function `warm_up` reads there what every report needs.

        What cannot be imported here fails again in the cell that asks for it, where it is told.
        """
        known = len(sys.modules)
        for name in modules:
            self._packages.add(name.partition(".")[0])
            with contextlib.suppress(Exception):
                self._warm(getattr(importlib.import_module(name), "warm_up", None))
        if self._files and len(sys.modules) == known:
            return
        for package in self._packages & sys.modules.keys():
            self._watch(package)
        gc.collect()
        gc.freeze()  # collecting in a child would otherwise copy every page that is shared now

    def changed(self) -> bool:
        """Return whether a file was changed since it was imported."""
        return any(_changed_at(file) != then for file, then in self._files.items())

    def _warm(self, warm_up: Callable[[], None] | None) -> None:
        if warm_up is not None and warm_up not in self._warmed:
            self._warmed.add(warm_up)
            warm_up()

    def _watch(self, package: str) -> None:
        """Note when the package's modules, and what lies beside them, were last changed."""
        modules = [m for name, m in sys.modules.items() if name.partition(".")[0] == package]
        files = [file for module in modules if (file := getattr(module, "__file__", None))]
        beside = [
            p
            for root in getattr(sys.modules[package], "__path__", ())
            for p in Path(root).rglob("*.*")
        ]
        files += [str(file) for file in beside if not file.suffix.startswith(".py")]
        for file in files:
            self._files.setdefault(file, _changed_at(file))


def _changed_at(file: str) -> int:
    with contextlib.suppress(OSError):
        return Path(file).stat().st_mtime_ns
    return 0


def _draw_once() -> None:
    """Load fonts and the writers of pictures."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(1, 1))
    axes = figure.subplots()
    axes.plot([0, 1], [1, 2], label="å")
    axes.set_title("å", weight="bold")
    axes.legend(loc="upper left")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for form in ("png", "svg"):
            figure.savefig(io.BytesIO(), format=form)


def main(given: dict[str, str]) -> None:
    """Serve on the socket whose file descriptor is the first argument.

    `given` is the environment before anything was imported.
    """
    from vgstats.kernels.child import Shell, run

    line = socket.socket(fileno=int(sys.argv[1]))
    shell = Shell.instance()
    imported = Imported()
    for name in _ALWAYS:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    sys.modules.pop("rfc3987_syntax", None)
    _draw_once()
    imported.load([])
    children: set[int] = set()
    leaving = False
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    wake, woken = socket.socketpair()
    wake.setblocking(False)
    signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
    while children or not leaving:
        ready, _, _ = select.select([line, woken], [], [])
        if woken in ready:
            woken.recv(MESSAGE_BYTES)
            _bury(children)
        if line not in ready:
            continue
        message, links, _, _ = socket.recv_fds(line, MESSAGE_BYTES, 1)
        if not message:
            break
        leaving |= message == LEAVE
        if not links:
            continue
        with Connection(links[0]) as link:
            if imported.changed():
                _tell(link, STALE)
                continue
            imported.load(json.loads(message))
            # Imports set variables too, which they would set again in a process of its own.
            added = dict(os.environ.items() - given.items())
            try:
                pid = os.fork()
            except OSError as error:
                _tell(link, str(error))
                continue
            if pid == 0:
                signal.set_wakeup_fd(-1)
                for ours in (line, wake, woken):
                    ours.close()
                run(link, shell, added)
            children.add(pid)
    for pid in children:
        _kill_group(pid)
    os._exit(0)  # taking a frozen interpreter apart finds "leaks", and nobody gains by it


def _tell(link: Connection, message: str) -> None:
    with contextlib.suppress(OSError):
        link.send(message)


def _bury(children: set[int]) -> None:
    """Wait for the children that have ended, after killing what they left behind."""
    for pid in list(children):
        # The pid stays taken while its group is killed, so nobody else's group can be hit.
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            _kill_group(pid)
            os.waitpid(pid, 0)
            children.remove(pid)


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)  # it may not have come to a group of its own yet
        os.killpg(pid, signal.SIGKILL)
