"""One job: run its notebook with papermill and convert it with nbconvert, anywhere, with nothing but what it is given.

`make` never raises for a report that fails: what went wrong comes back as a result that any executor can carry.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import tempfile
import threading
import time
import traceback
from dataclasses import dataclass, field, replace
from pathlib import Path

import nbformat
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt

from vgstats.batch.manifest import DOCUMENT, PAGE_ONE, PDF, PICTURES, WORKBOOK
from vgstats.batch.notebooks import notebook_of
from vgstats.batch.plan import Format, Job, Options
from vgstats.blocks.record import INDEX_ROW_TYPE, IndexRow
from vgstats.errors import VgstatsError
from vgstats.kernels.run import run_notebook
from vgstats.page.document import document_of
from vgstats.page.exporter import NotCompleteError, PageRefusedError, ReportExporter
from vgstats.page.in_a_cell import named
from vgstats.page.pdf import not_ua, page_one_of, pdf_of, sheets
from vgstats.page.released import Controlled
from vgstats.page.slides import pictures_of
from vgstats.page.workbook import workbook_of

USUAL = Options()
_own = threading.local()
_making = threading.Lock()
_PATIENCE = 1  # seconds
_LINES = 25  # of a traceback that an error page shows
# A kernel that died may have been killed for something else.
_twice = Retrying(
    retry=retry_if_exception_type(DeadKernelError), stop=stop_after_attempt(2), reraise=True
)


@dataclass(frozen=True)
class Made:
    """What became of a job: its page, what is made of it if wanted, and what an index says of it; or why it failed.

    `beside` are the files beside the page, by what their names have after the page's. `notes` are what is to be known
    of them, such as a first page that takes two sheets.
    `reason` is one line, empty when the report is made, and `details` are the last lines of the traceback.
    """

    page: str = ""
    beside: dict[str, bytes] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    row: IndexRow | None = None
    seconds: float = 0.0
    reason: str = ""
    details: str = ""


def make(job: Job, notebook: str, options: Options = USUAL) -> Made:
    """Make one report; a kernel that died is tried once more."""
    start = time.monotonic()
    try:
        made = _twice(page_of, job, notebook, options=options)
        made = _with_what_lies_beside(made, job, options)
    except Exception as error:
        reason, lines = _told(error, notebook, options)
        made = Made(reason=" ".join(reason.split()), details="\n".join(lines[-_LINES:]))
    return replace(made, seconds=time.monotonic() - start)


def _with_what_lies_beside(made: Made, job: Job, options: Options) -> Made:
    """Return what was made with what is wanted beside the page, all made of the page, and what is to be known of it."""
    wanted, (bundle, _) = options.formats, job.figures()
    beside: dict[str, bytes] = {}
    notes = []
    if Format.PDF in wanted:
        beside[PDF] = pdf_of(made.page)
    if Format.PAGE_ONE in wanted:
        beside[PAGE_ONE] = pdf_of(page_one_of(made.page))
        if (number := sheets(beside[PAGE_ONE])) > 1:
            notes.append(
                f"its first page takes {number} sheets instead of one. Shorten the region's own words there"
            )
    if beside:
        notes.insert(0, not_ua())
    if Format.XLSX in wanted:
        beside[WORKBOOK] = workbook_of(made.page, bundle.observations, bundle.sources)
    if Format.DOCX in wanted:
        beside[DOCUMENT] = document_of(made.page, job.file_name, options.template)
    if Format.PICTURES in wanted:
        pictures = pictures_of(made.page, bundle.observations, bundle.sources)
        beside |= {f"{PICTURES}/{name}": picture for name, picture in pictures.items()}
    return replace(made, beside=beside, notes=tuple(filter(None, notes)))


def report_page(job: Job, notebooks: Path | None, made: dt.datetime | None = None) -> str:
    """Make one report with the notebook in a folder and return the page."""
    file = notebook_of(job.kind, notebooks, job.parameters.notebook, job.beside)
    return page_of(job, file.read_text(encoding="utf-8"), made).page


def page_of(
    job: Job, notebook: str, made: dt.datetime | None = None, options: Options = USUAL
) -> Made:
    """Make one report and return its page, and its row in an index.

    The executed notebook, which holds paths and intermediate results, is thrown away.

    Args:
        job: the report, with its figures.
        notebook: the notebook's text, as it is written.
        made: when the report says that it was made; now when left out.
        options: what it may take.

    Raises:
        PageRefusedError: the page or its line in the index must not be shown (see `ReportExporter`), or the
            notebook does not say what an index shows of it.
    """
    bundle, release = job.figures()
    with _making:
        folder = tempfile.TemporaryDirectory(prefix=_prefix())
    with folder as scratch_name:
        scratch = Path(scratch_name)
        parameters = job.parameters.model_dump(mode="json")
        given = {name: value for name, value in parameters.items() if name != "notebook"}
        bundle.write(scratch / "bundle", parameters)
        executed = run_notebook(
            nbformat.reads(notebook, as_version=4),
            None,
            {**given, "bundle": str(scratch / "bundle")},
            folder=scratch,
            timeout=options.timeout,
            memory=options.memory,
            fork=options.fork,
        )
    bundle.open_measures()  # another machine has not opened the store
    controlled = Controlled(
        bundle.observations, release, bundle.sources, tuple(job.parameters.imprint.values())
    )
    copied = job.parameters.lines(job.kind, own=bundle.texts.in_own_file)
    told = {"made": made, "controlled": controlled, "copied": copied}
    html, _ = _exporter().from_notebook_node(executed, told)
    row = _index_row(executed)
    row = replace(row, uncontrolled=row.uncontrolled or controlled.uncontrolled)
    for fault in controlled.faults_of(row.facts()):
        raise PageRefusedError(f"what the index says of the report is refused: {fault}")
    return Made(str(html), row=row)


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
            "the notebook does not say what an index is to show of it. End it with remake(report)."
        )
    return IndexRow.from_json(rows[-1])


def _told(error: Exception, notebook: str, options: Options) -> tuple[str, list[str]]:
    """Return why a report could not be made, and the lines of the traceback."""
    if isinstance(error, CellTimeoutError):
        allowed = f"{options.timeout:g} seconds" if options.timeout else "the time"
        reason = f"it took more than {allowed} that a report may take (--timeout), and was ended in a cell"
        return reason, str(error).partition("cell contents:")[2].splitlines()
    if isinstance(error, PapermillExecutionError):
        number = _as_written(error.cell_index, notebook)
        known = error.ename == VgstatsError.__name__
        why = error.evalue if known else f"{error.evalue or 'it broke off'} ({error.ename})"
        where = named(number, _source_of(number, notebook))
        return f"{where}: {why}", "".join(error.traceback).splitlines()
    lines = "".join(traceback.format_exception(error)).splitlines()
    if isinstance(error, DeadKernelError):
        return (
            "the process that made it ended by itself, twice. It may have had too little memory",
            lines,
        )
    known = isinstance(error, VgstatsError | PageRefusedError | NotCompleteError)
    return str(error) if known else f"{error} ({type(error).__name__})", lines


def _source_of(number: int, notebook: str) -> str:
    return "".join(json.loads(notebook)["cells"][number - 1]["source"])


def _as_written(index: int, notebook: str) -> int:
    """Return which cell of the notebook file ran at an index: papermill adds one after the parameters."""
    tags = [cell["metadata"].get("tags", []) for cell in json.loads(notebook)["cells"]]
    given = next(place for place, found in enumerate(tags) if "parameters" in found)
    return index + 1 if index <= given else index
