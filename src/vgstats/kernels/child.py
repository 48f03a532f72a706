"""A forked child runs a notebook's cells in the shell of an IPython kernel, and gives their outputs back."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib.util
import io
import os
import signal
import sys
import time
import traceback
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NoReturn

from ipykernel.compiler import XCachingCompiler
from ipykernel.ipkernel import IPythonKernel
from ipykernel.zmqshell import ZMQInteractiveShell
from jupyter_client.session import Session
from nbformat import NotebookNode
from nbformat.v4 import new_output, output_from_msg

LANGUAGE: dict[str, Any] = IPythonKernel.language_info
_PR_SET_PDEATHSIG = 1
_GARBAGE = 50_000  # objects between two collections: a report lives for seconds
_STREAMS = ("stdout", "stderr")


class Outputs(Session):
    """Takes what a shell would send to its readers, and notes it as nbclient does: outputs, cell by cell."""

    def __init__(self, **kw: Any) -> None:
        super().__init__(**kw)
        self.cells: dict[int, list[NotebookNode]] = {}
        self.touched: set[int] = set()
        self._cell = 0
        self._named: dict[str, list[tuple[int, NotebookNode]]] = {}
        self._clear_next = False
        self._files: list[int] = []

    def capture(self) -> None:
        """Take what is written to standard output and errors, by whatever process, from now on."""
        self._files = [os.memfd_create(name) for name in _STREAMS]
        for number, (file, name) in enumerate(zip(self._files, _STREAMS, strict=True), 1):
            os.dup2(os.open(f"/proc/self/fd/{file}", os.O_WRONLY | os.O_APPEND), number)
            stream = io.TextIOWrapper(
                io.FileIO(number, "w", closefd=False),
                "utf-8",
                "backslashreplace",
                write_through=True,
            )
            setattr(sys, name, stream)

    def begin(self, cell: int) -> None:
        """Note outputs with this cell from now on."""
        self._cell, self._clear_next = cell, False
        self.cells[cell] = []
        self.touched = {cell}

    def end(self) -> dict[int, list[NotebookNode]]:
        """Return the outputs of the cells that have changed since this one began."""
        self._collect()
        names = [output.get("name") for output in self.cells[self._cell]]
        if "stderr" in names and "stdout" in names[names.index("stderr") :]:
            self._swap(names.index("stderr"), names.index("stdout"))
        return {number: self.cells[number] for number in self.touched}

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, *_: Any, **__: Any) -> Any:
        """Note a message of the shell."""
        self._collect()
        msg = self.msg(msg_or_type, content) if isinstance(msg_or_type, str) else msg_or_type
        kind, content = msg["header"]["msg_type"], msg["content"]
        name = content.get("transient", {}).get("display_id")
        if kind == "clear_output":
            self._clear_next = content["wait"]
            if not content["wait"]:
                self.cells[self._cell].clear()
        elif kind == "update_display_data":
            for cell, output in self._named.get(name, ()):
                output.update(data=content["data"], metadata=content["metadata"])
                self.touched.add(cell)
        else:
            output = self._add(output_from_msg(msg))
            if name:
                self._named.setdefault(name, []).append((self._cell, output))
        return msg

    def _add(self, output: NotebookNode) -> NotebookNode:
        if self._clear_next:
            self.cells[self._cell].clear()
            self._clear_next = False
        self.cells[self._cell].append(output)
        return output

    def _collect(self) -> None:
        """Note what was written since the last time: all that a cell writes to one stream is one output."""
        for file, name in zip(self._files, _STREAMS, strict=True):
            if not os.fstat(file).st_size:
                continue
            text = os.pread(file, os.fstat(file).st_size, 0).decode(errors="replace")
            os.ftruncate(file, 0)
            for output in self.cells[self._cell]:
                if output.get("name") == name:
                    output["text"] += text
                    break
            else:
                self._add(new_output("stream", name=name, text=text))

    def _swap(self, one: int, other: int) -> None:
        outputs = self.cells[self._cell]
        outputs[one], outputs[other] = outputs[other], outputs[one]


class Shell(ZMQInteractiveShell):
    """The shell of an IPython kernel without the kernel; it reads nothing of the user's settings."""

    def __init__(self, **kw: Any) -> None:
        super().__init__(compiler_class=XCachingCompiler, **kw)
        self.outputs = Outputs()
        publisher: Any
        for publisher in (self.displayhook, self.display_pub):
            publisher.session = self.outputs
            publisher.pub_socket = None

    def init_history(self) -> None:
        """Keep no history: its file is the user's."""
        self.config.HistoryManager.enabled = False
        super().init_history()

    def enable_gui(self, gui: Any = None) -> None:
        """Do nothing: there are no windows."""

    def _update_exit_now(self, change: Any) -> None:
        """Do nothing: the end is looked for after the cell."""


def run(link: Connection, shell: Shell, added: dict[str, str]) -> NoReturn:
    """Run the cells that come over `link` until it ends, and leave the process.

    The child tells its pid and what a notebook says of the language. Then comes what is told of it:
    `environment` and `folder` (working directory); then `(number, source)` a cell, each
    answered by `(outputs, execution count, failed)` with the outputs of all cells that have changed by
    their number. `added` are variables that imports have set. Never returns.
    """
    zygote = os.getppid()
    status = 1
    try:
        os.setsid()
        _die_with(zygote)
        link.send((os.getpid(), LANGUAGE))
        settings = link.recv()
        _settle(
            {**added, **settings["environment"], "JPY_PARENT_PID": str(zygote)}, settings["folder"]
        )
        shell.init_environment()
        shell.outputs.capture()
        while not shell.exit_now:
            number, source = link.recv()
            shell.outputs.begin(number)
            result = shell.run_cell(source, store_history=True)
            _flush()
            link.send((shell.outputs.end(), result.execution_count, not result.success))
        status = 0
    except EOFError:
        status = 0
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
    finally:
        # Taking apart an interpreter whose objects are shared would copy them all, for nothing.
        os._exit(status)


def _settle(environment: dict[str, str], folder: str) -> None:
    """Take over environment, folder, arguments and chance as a started process would."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    gc.set_threshold(_GARBAGE)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(folder)
    launcher = importlib.util.find_spec("ipykernel_launcher")
    sys.argv[:] = [(launcher and launcher.origin) or ""]
    libraries = [number for number, path in enumerate(sys.path) if path.endswith("-packages")]
    sys.path.insert(
        min(libraries, default=0), ""
    )  # modules beside the notebook, as IPython's kernel finds them
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()  # every child would draw the same numbers; `random` reseeds itself


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        with contextlib.suppress(Exception):
            stream.flush()  # type: ignore[union-attr]


def _die_with(parent: int) -> None:
    """Ask the system to end this process with the zygote, which is the one that notices its end."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    # Should the machine run out of memory all the same, a report is the one to lose.
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")
