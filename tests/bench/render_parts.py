"""Where the CPU of one report goes, each part measured by itself."""

from __future__ import annotations

import copy
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import psutil
from nbformat.v4 import new_code_cell
from render_ways import blocks_of, opened

from support import NOTEBOOK
from vgstats.batch.execute import report_page
from vgstats.batch.plan import Job
from vgstats.blocks import figures
from vgstats.kernels.run import run_notebook
from vgstats.page.exporter import ReportExporter, passed
from vgstats.page.released import Controlled

_ROUNDS = 9


def parts_of(job: Job, folder: Path) -> dict[str, float]:
    """Return CPU seconds by part, medians of some rounds.

    Every part is measured in every round, since a machine that grows slower would move what is left over.
    """
    empty, (converted, control) = _empty(job, folder), _page(job, folder)
    rounds = []
    for number in range(_ROUNDS + 1):
        found = {
            "kernel: start, messages and end, in kernel and parent": _taken(empty),
            **_blocks(job),
            "page by nbconvert, with its control": _taken(converted),
        }
        whole = _taken(lambda: report_page(job, NOTEBOOK.parent))
        rest = whole - sum(found.values())
        found["of which the control"] = _taken(control)
        found["a forked kernel beside a process that has made reports"] = rest
        if number:  # the first loads what is loaded once
            rounds.append(found)
    return {name: statistics.median(found[name] for found in rounds) for name in rounds[0]}


def cpu() -> float:
    """Return the CPU seconds of this process and of all kernels."""
    me = psutil.Process()
    return sum(sum(p.cpu_times()[:4]) for p in (me, *me.children(recursive=True)))


def _taken(run: Callable[[], object]) -> float:
    start = cpu()
    run()
    return cpu() - start


def _empty(job: Job, folder: Path) -> Callable[[], object]:
    """Return a run of as many cells as the notebook has, of which none does anything."""
    nb = nbformat.read(NOTEBOOK, as_version=4)
    imports = nb.cells[1].source.partition("\nreport =")[0]
    nb.cells = [nb.cells[0], new_code_cell(imports)] + [
        new_code_cell("pass") if cell.cell_type == "code" else cell for cell in nb.cells[2:]
    ]
    given = job.parameters.model_dump(mode="json")
    return lambda: run_notebook(copy.deepcopy(nb), None, given, folder=folder)


def _blocks(job: Job) -> dict[str, float]:
    """Return what computing, drawing and the blocks' HTML take in a process that has made reports."""
    drawing: list[float] = []
    draw = figures.image_address

    def timed(*args, **kw) -> str:
        start = time.process_time()
        address = draw(*args, **kw)
        drawing.append(time.process_time() - start)
        return address

    figures.image_address = timed
    try:
        start = time.process_time()
        blocks = blocks_of(opened(job))
        middle = time.process_time()
        for block in blocks.values():
            block.html()
        end = time.process_time()
    finally:
        figures.image_address = draw
    return {
        "reading, computing, making up figures": middle - start,
        "figures, incl. their layout and SVG": sum(drawing),
        "blocks' HTML": end - middle - sum(drawing),
    }


def _page(job: Job, folder: Path) -> tuple[Callable[[], object], Callable[[], object]]:
    """Return what converts an executed notebook, and what controls the page alone."""
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        given = job.parameters.model_dump(mode="json")
        job.bundle.write(Path(scratch) / "bundle", given)
        nb = run_notebook(
            nbformat.read(NOTEBOOK, as_version=4),
            None,
            {**given, "bundle": f"{scratch}/bundle"},
            folder=Path(scratch),
        )
    exporter = ReportExporter()

    def converted() -> str:
        controlled = Controlled(job.bundle.observations, job.release)
        return exporter.from_notebook_node(nb, {"controlled": controlled})[0]

    page = converted()
    return converted, lambda: passed(page, Controlled(job.bundle.observations, job.release).faults)
