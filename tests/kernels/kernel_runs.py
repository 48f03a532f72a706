"""Small notebooks, run in kernels of their own."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from vgstats.kernels.run import run_notebook

WHO = "import os; print(os.getpid(), os.getppid())"


def notebook(*sources: str) -> NotebookNode:
    cells = [new_code_cell(source, id=str(number)) for number, source in enumerate(sources)]
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": spec})


def run(folder: Path, *sources: str, output: Path | None = None, **options: Any) -> NotebookNode:
    return run_notebook(notebook(*sources), output, {}, folder=folder, **options)


def printed(executed: NotebookNode) -> list[str]:
    """What each cell printed."""
    return [
        "".join(output.text for output in cell.outputs if output.output_type == "stream").strip()
        for cell in executed.cells
    ]


def who(executed: NotebookNode, cell: int = 0) -> tuple[int, int]:
    """The process and the parent that a cell with WHO printed."""
    pid, parent = printed(executed)[cell].split()
    return int(pid), int(parent)


def content(executed: NotebookNode) -> str:
    """A notebook without the times that papermill notes, and the process that a warning names."""
    nb = nbformat.from_dict(executed)
    nb.metadata.pop("papermill")
    for cell in nb.cells:
        cell.metadata.pop("papermill")
        cell.metadata.pop("execution", None)
    return re.sub(r"ipykernel_\d+", "ipykernel", nbformat.writes(nb))


def gone(pid: int, seconds: float = 5.0) -> bool:
    """Whether a process has ended, or does so soon."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.02)
    return False
