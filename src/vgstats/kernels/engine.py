"""The papermill engine `vgstats`: warm kernels, no network ports, one deadline for the whole notebook.

papermill loads this module while it is imported itself, so import papermill before it.
"""

from __future__ import annotations

import ast
import contextlib
import threading
import time
from math import ceil
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager
from papermill.log import logger
from traitlets.config import Config

from vgstats.kernels.connections import connection, connection_folder

PROVISIONER = "vgstats"
_parsing = threading.Lock()  # the parser fails when several threads use it at once (Python 3.11)
_PACKAGE = __name__.partition(".")[0]
_LAST_WORD = 60  # seconds for what papermill asks a kernel after the last cell
_NOT_FOR_THE_CLIENT = {"input_path", "timeout", "startup_timeout"}


class WarmEngine(NBClientEngine):  # type: ignore[misc]
    """Runs a notebook as papermill's own engine does, in a kernel that has its imports behind it.

    Besides papermill's arguments it takes `folder` (the kernel's working directory, where papermill's `cwd`
    would change it for the whole process), `report_timeout` (seconds for the whole notebook; the limit
    for a cell is papermill's `execution_timeout`), `memory` (bytes), `fork` and `modules` (see
    `WarmProvisioner`; the modules of vgstats that the notebook imports when left out).
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
        config: Config | None = None,
        **client_options: Any,
    ) -> None:
        """Run the notebook; see the class for the arguments.

        Raises:
            CellTimeoutError: a cell or the whole notebook took too long.
            DeadKernelError: the kernel died.
        """
        options = {n: v for n, v in client_options.items() if n not in _NOT_FOR_THE_CLIENT}
        if folder is not None:
            options.setdefault("resources", {"metadata": {"path": str(folder)}})
        limited = execution_timeout is not None or report_timeout is not None
        warmth = {
            "fork": fork,
            "memory": memory,
            "modules": imported_modules(nb_man.nb) if modules is None else modules,
        }
        with connection_folder() as scratch:
            client = WarmClient(
                nb_man,
                {**warmth, "scratch": str(scratch or "")},
                _Deadline(execution_timeout, report_timeout),
                timeout=_LAST_WORD if limited else None,
                startup_timeout=ceil(min(start_timeout, report_timeout or start_timeout)),
                kernel_name=kernel_name,
                log=logger,
                log_output=log_output,
                stdout_file=stdout_file,
                stderr_file=stderr_file,
                config=connection(scratch, config),
                **options,
            )
            client.execute()


class _Deadline:
    """Seconds that a cell may take: its own limit, and what is left of the notebook's."""

    def __init__(self, cell: float | None, report: float | None) -> None:
        self._cell = cell
        self._end = None if report is None else time.monotonic() + report

    def __call__(self, _cell: NotebookNode) -> float | None:
        left = None if self._end is None else max(self._end - time.monotonic(), 0.001)
        limits = [seconds for seconds in (self._cell, left) if seconds]
        return min(limits) if limits else None


class WarmClient(PapermillNotebookClient):  # type: ignore[misc]
    """papermill's client, with kernels of our provisioner."""

    def __init__(
        self,
        nb_man: NotebookExecutionManager,
        warmth: dict[str, Any],
        deadline: _Deadline,
        **kw: Any,
    ) -> None:
        super().__init__(nb_man, timeout_func=deadline, **kw)
        self._warmth = warmth

    def create_kernel_manager(self) -> Any:
        """Return a manager that starts warm kernels, unless its kernel asks for other ways."""
        manager = super().create_kernel_manager()
        ours = {"provisioner_name": PROVISIONER, "config": self._warmth}
        manager.kernel_spec.metadata.setdefault("kernel_provisioner", ours)
        return manager

    def papermill_execute_cells(self) -> None:
        """Run the cells; a kernel that does not come to an end is not asked to, but killed."""
        try:
            super().papermill_execute_cells()
        except BaseException:
            self.shutdown_kernel = "immediate"
            raise


def imported_modules(nb: NotebookNode) -> list[str]:
    """Return the modules of vgstats that the notebook's cells import, each once, in their order."""
    found: dict[str, None] = {}
    for cell in nb.cells:
        if cell.cell_type != "code":
            continue
        # A cell may hold magics, or a mistake that the kernel will tell of.
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
