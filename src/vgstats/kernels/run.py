"""Run one notebook: the one function that the batch calls.

Apart from the engine, which papermill loads while it is imported itself: who needs a run imports papermill first.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import papermill
from nbformat import NotebookNode

ENGINE = "vgstats"
THIS_PYTHON = "python3"  # whatever kernel a notebook was last saved with


def run_notebook(
    nb: NotebookNode,
    output: Path | None,
    parameters: dict[str, Any],
    *,
    folder: Path,
    timeout: float | None = None,
    cell_timeout: float | None = None,
    memory: int | None = None,
    fork: bool = True,
    modules: list[str] | None = None,
) -> NotebookNode:
    """Run a notebook with parameters in a kernel of its own and return it with its outputs.

    `output` is the file that it is written to, also when a cell fails; no file when None. `folder` is the
    kernel's working directory. `timeout` and `cell_timeout` are seconds for the whole notebook and
    for each cell, `memory` the bytes that it may take beyond its libraries (with them in an ordinary kernel),
    on Linux. `fork=False` starts an
    ordinary kernel: slower, with the same result. `modules` are imported before kernels are forked; the
    modules of vgstats that the notebook imports when left out.

    May be called from several threads and processes at the same time.

    Raises:
        papermill.exceptions.PapermillExecutionError: a cell ended in an error.
        nbclient.exceptions.CellTimeoutError: a cell or the whole notebook took too long.
        nbclient.exceptions.DeadKernelError: the kernel died.
    """
    executed: NotebookNode = papermill.execute_notebook(
        nb,
        output,
        parameters=parameters,
        kernel_name=THIS_PYTHON,
        engine_name=ENGINE,
        request_save_on_cell_execute=False,
        progress_bar=False,
        log_output=False,
        extra_arguments=["--IPKernelApp.log_level=CRITICAL"],
        coalesce_streams=True,  # a kernel publishes what is printed by the clock: in one piece or in several
        folder=folder,
        execution_timeout=cell_timeout,
        report_timeout=timeout,
        memory=memory,
        fork=fork,
        modules=modules,
    )
    return executed
