"""One job: run its notebook with papermill, convert it with nbconvert, put the page in place."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from pathlib import Path

import nbformat

from vgstats.batch.exporter import ReportExporter
from vgstats.batch.pdf import pdf_of
from vgstats.batch.plan import Job
from vgstats.batch.released import Controlled
from vgstats.errors import VgstatsError
from vgstats.kernels.run import run_notebook


def notebook_of(kind: str, notebooks: Path) -> Path:
    """Return the notebook of a report kind.

    Raises:
        VgstatsError: the folder has none.
    """
    notebook = notebooks / f"{kind}.ipynb"
    if not notebook.is_file():
        raise VgstatsError(
            f"There is no notebook {notebook}. Run vgstats in the project's folder, or name the "
            "folder with --notebooks."
        )
    return notebook


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
    """Make one report and return the page (see `render`).

    The executed notebook, which holds paths and intermediate results, is thrown away.
    """
    with tempfile.TemporaryDirectory(prefix="vgstats-") as scratch_name:
        scratch = Path(scratch_name)
        parameters = job.parameters.model_dump(mode="json")
        job.bundle.write(scratch / "bundle", parameters)
        executed = run_notebook(
            nbformat.read(notebook_of(job.kind, notebooks), as_version=4),
            None,
            {**parameters, "bundle": str(scratch / "bundle")},
            folder=scratch,
        )
        page, _ = ReportExporter().from_notebook_node(
            executed,
            {"made": made, "controlled": Controlled(job.bundle.observations, job.release)},
        )
    return str(page)


def write_whole(file: Path, content: str | bytes) -> Path:
    """Write a file so that no reader ever sees half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content.encode() if isinstance(content, str) else content)
        Path(name).chmod(0o644)
        os.replace(name, file)  # noqa: PTH105 - atomic, on Windows too
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return file
