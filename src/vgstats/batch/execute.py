"""One job: run its notebook with papermill, convert it with nbconvert, put the page in place."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from vgstats.batch.notebooks import notebook_of
from vgstats.batch.plan import Job
from vgstats.blocks.index_row import IndexRow
from vgstats.blocks.record import INDEX_ROW_TYPE
from vgstats.kernels.run import run_notebook
from vgstats.page.exporter import PageRefusedError, ReportExporter
from vgstats.page.pdf import pdf_of
from vgstats.page.released import Controlled
from vgstats.whole_files import write_whole

_own = threading.local()
_making = threading.Lock()
_PATIENCE = 1  # seconds


@dataclass(frozen=True)
class Limits:
    """What a report may take: seconds, bytes beyond the libraries, and whether its kernel may be forked."""

    timeout: float | None = None
    memory: int | None = None
    fork: bool = True


NO_LIMITS = Limits()


@dataclass(frozen=True)
class Page:
    """A finished page, and what an index says of it."""

    html: str
    row: IndexRow


def render(
    job: Job,
    notebooks: Path,
    folder: Path,
    made: dt.datetime | None = None,
    *,
    with_pdf: bool = False,
) -> Path:
    """Make one report and return its HTML file; a file appears whole or not at all.

    `made` is when the report says that it was made; now when left out. `with_pdf` puts the same report
    as PDF beside it.
    """
    page = report_page(job, notebooks, made)
    file = folder / job.file_name
    if with_pdf:
        write_whole(file.with_suffix(".pdf"), pdf_of(page))
    return write_whole(file, page)


def report_page(job: Job, notebooks: Path, made: dt.datetime | None = None) -> str:
    """Make one report with the notebook in a folder and return the page."""
    return page_of(job, notebook_of(job.kind, notebooks).read_text(encoding="utf-8"), made).html


def page_of(
    job: Job, notebook: str, made: dt.datetime | None = None, limits: Limits = NO_LIMITS
) -> Page:
    """Make one report and return the page (see `render`).

    The executed notebook, which holds paths and intermediate results, is thrown away.

    Args:
        job: the report.
        notebook: the notebook's text, as it is written.
        made: when the report says that it was made; now when left out.
        limits: what it may take.

    Raises:
        PageRefusedError: the page or its line in the index must not be shown (see `ReportExporter`), or the
            notebook does not say what an index shows of it.
    """
    with _making:
        folder = tempfile.TemporaryDirectory(prefix=_prefix())
    with folder as scratch_name:
        scratch = Path(scratch_name)
        parameters = job.parameters.model_dump(mode="json")
        job.bundle.write(scratch / "bundle", parameters)
        executed = run_notebook(
            nbformat.reads(notebook, as_version=4),
            None,
            {**parameters, "bundle": str(scratch / "bundle")},
            folder=scratch,
            timeout=limits.timeout,
            memory=limits.memory,
            fork=limits.fork,
        )
    job.bundle.open_measures()  # another machine has not opened the store
    controlled = Controlled(job.bundle.observations, job.release, job.bundle.sources)
    html, _ = _exporter().from_notebook_node(executed, {"made": made, "controlled": controlled})
    row = _index_row(executed)
    row = replace(row, uncontrolled=row.uncontrolled or controlled.uncontrolled)
    for fault in controlled.faults_of(row.facts()):
        raise PageRefusedError(f"what the index says of the report is refused: {fault}")
    return Page(str(html), row)


def hold() -> None:
    """Let no report be begun any more: a thread that wants to waits until the process ends."""
    _making.acquire(timeout=_PATIENCE)


def remove_scratch() -> None:
    """Remove the folders of reports being made; what a thread still writes there goes too."""
    until = time.monotonic() + _PATIENCE
    while (
        left := list(Path(tempfile.gettempdir()).glob(f"{_prefix()}*"))
    ) and time.monotonic() < until:
        for folder in left:
            shutil.rmtree(folder, ignore_errors=True)


def _prefix() -> str:
    return f"vgstats-report-{os.getpid()}-"


def _exporter() -> ReportExporter:
    """Return this thread's exporter: one that is made anew compiles its templates anew."""
    if not hasattr(_own, "exporter"):
        _own.exporter = ReportExporter()
    exporter: ReportExporter = _own.exporter
    return exporter


def _index_row(executed: NotebookNode) -> IndexRow:
    outputs = [output for cell in executed.cells for output in cell.get("outputs", [])]
    rows = [o.data[INDEX_ROW_TYPE] for o in outputs if INDEX_ROW_TYPE in o.get("data", {})]
    if not rows:
        raise PageRefusedError(
            "the notebook does not say what an index is to show of it. End it with method.remake(report)."
        )
    return IndexRow.from_json(rows[-1])
