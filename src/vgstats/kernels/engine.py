"""The papermill engine `vgstats`: cells run in a forked process that has its imports behind it.

papermill loads this module while it is imported itself, so import papermill before it.
"""

from __future__ import annotations

import ast
import contextlib
import os
import socket
import sys
import threading
import time
import uuid
from math import ceil
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager
from papermill.log import logger
from traitlets.config import Config

from vgstats.kernels import forks
from vgstats.kernels.forks import Forked, NoForkError

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_PACKAGE = __name__.partition(".")[0]
_LAST_WORD = 60  # seconds for what papermill asks an ordinary kernel after the last cell
_LONGEST_FOLDER = 90  # characters; a socket's path has at most 104, with the null at its end
_NOT_FOR_THE_CLIENT = {"input_path", "timeout", "startup_timeout"}
_parsing = threading.Lock()  # the parser fails when several threads use it at once (Python 3.11)


class WarmEngine(Engine):  # type: ignore[misc]
    """Runs a notebook as papermill's own engine does; a notebook for this very Python in a forked process.

    Besides papermill's arguments it takes `folder` (the working directory, where papermill's `cwd` would change
    it for the whole process), `report_timeout` (seconds for the whole notebook; the limit for a cell is
    papermill's `execution_timeout`), `memory` (bytes), `fork` (False starts an ordinary kernel) and
    `modules` (imported before the fork; those of vgstats that the notebook imports when left out).
    """

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        log_output: bool = False,
        stdout_file: Any = None,
        stderr_file: Any = None,
        start_timeout: float = 60,
        execution_timeout: float | None = None,
        *,
        folder: Path | None = None,
        report_timeout: float | None = None,
        memory: int | None = None,
        fork: bool = True,
        modules: list[str] | None = None,
        **client_options: Any,
    ) -> None:
        """Run the notebook; see the class for the arguments.

        Raises:
            CellTimeoutError: a cell or the whole notebook took too long.
            DeadKernelError: the process died.
        """
        # As many reports as cores are made at the same time: each computes with one thread.
        environment = {**dict.fromkeys(_THREADS, "1"), **os.environ}
        place = folder or Path.cwd()
        if folder is not None:
            # Neither a person's start-up files nor their settings are part of a report.
            environment |= {"IPYTHONDIR": str(folder / ".ipython"), "PYTHONSTARTUP": ""}
        wanted = imported_modules(nb_man.nb) if modules is None else modules
        if (
            fork
            and not (log_output or stdout_file or stderr_file)
            and _forkable(kernel_name, place)
        ):
            try:
                child = forks.fork(environment, str(place), wanted)
            except NoForkError as reason:
                logger.info("An ordinary kernel is started. %s", reason)
            else:
                limit_memory(child.pid, memory)
                _run(nb_man, child, Deadline(execution_timeout, report_timeout))
                return
        options = {n: v for n, v in client_options.items() if n not in _NOT_FOR_THE_CLIENT}
        if folder is not None:
            options.setdefault("resources", {"metadata": {"path": str(folder)}})
        limited = execution_timeout is not None or report_timeout is not None
        client = OrdinaryClient(
            nb_man,
            timeout_func=Deadline(execution_timeout, report_timeout),
            timeout=_LAST_WORD if limited else None,
            startup_timeout=ceil(min(start_timeout, report_timeout or start_timeout)),
            kernel_name=kernel_name,
            log=logger,
            log_output=log_output,
            stdout_file=stdout_file,
            stderr_file=stderr_file,
            config=_portless(folder),
            **options,
        )
        client.memory = memory
        client.execute(env=environment)


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


def _forkable(kernel_name: str, folder: Path) -> bool:
    """Whether this is ipykernel of this very Python, in a folder without settings that are read at import."""
    try:
        command = KernelSpecManager().get_kernel_spec(kernel_name).argv
    except NoSuchKernel:
        return False
    # Jupyter takes these names for the Python that it runs in, too.
    here = {sys.executable, "python", "python3", "python{}.{}".format(*sys.version_info)}
    ours = command[0] in here and {"ipykernel", "ipykernel_launcher"} & set(command)
    return bool(ours) and not (folder / "matplotlibrc").exists()


def _run(nb_man: NotebookExecutionManager, child: Forked, deadline: Deadline) -> None:
    """Run the cells as `PapermillNotebookClient.papermill_execute_cells` does."""
    nb = nb_man.nb
    try:
        for index, cell in enumerate(nb.cells):
            try:
                nb_man.cell_start(cell, index)
                failed = (
                    cell.cell_type == "code"
                    and cell.source.strip()
                    and _fails(nb, index, child, deadline)
                )
                if failed and "raises-exception" not in cell.metadata.get("tags", []):
                    nb_man.cell_exception(cell, cell_index=index)
                    break
            finally:
                nb_man.cell_complete(cell, cell_index=index)
        nb.metadata["language_info"] = child.language
    except BaseException:
        child.kill()
        raise
    finally:
        child.link.close()


def _fails(nb: NotebookNode, index: int, child: Forked, deadline: Deadline) -> bool:
    """Run one cell and put outputs in their places; return whether it ended in an error."""
    cell = nb.cells[index]
    seconds = deadline(cell)
    try:
        child.link.send((index, cell.source))
        answer = child.link.recv() if child.link.poll(seconds) else None
    except (EOFError, OSError):
        raise DeadKernelError("Kernel died") from None
    if answer is None:
        raise CellTimeoutError.error_from_timeout_and_cell(
            "A cell timed out", ceil(seconds or 0), cell
        )
    outputs, cell.execution_count, failed = answer
    for number, noted in outputs.items():
        nb.cells[number].outputs = noted
    return bool(failed)


class OrdinaryClient(PapermillNotebookClient):  # type: ignore[misc]
    """papermill's client, with a limit to what the ordinary kernel takes."""

    memory: int | None = None

    def papermill_execute_cells(self) -> None:
        """Run the cells; a kernel that does not come to an end is not asked to, but killed."""
        limit_memory(self.km.provisioner.pid, self.memory)
        try:
            super().papermill_execute_cells()
        except BaseException:
            self.shutdown_kernel = "immediate"
            raise


def _portless(folder: Path | None) -> Config:
    """A configuration that talks to the kernel through files in `folder`, where a socket's path is short enough."""
    config = Config()
    if folder is not None and hasattr(socket, "AF_UNIX") and len(str(folder)) <= _LONGEST_FOLDER:
        config.KernelManager.transport = "ipc"
        config.KernelManager.ip = str(folder / f"k{uuid.uuid4().hex[:4]}")
    return config


def imported_modules(nb: NotebookNode) -> list[str]:
    """Return the modules of vgstats that the notebook's cells import, each once, in their order."""
    found: dict[str, None] = {}
    for cell in nb.cells:
        if cell.cell_type != "code":
            continue
        # A cell may hold magics, or a mistake that running it will tell of.
        with contextlib.suppress(SyntaxError), _parsing:
            for node in ast.walk(ast.parse(cell.source)):
                found |= dict.fromkeys(_names(node))
    return [name for name in found if name.partition(".")[0] == _PACKAGE]


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        # What is imported from a package may be a module of it.
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []
