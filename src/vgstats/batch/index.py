"""The index page of a batch."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import jinja2

from vgstats.batch.execute import write_whole
from vgstats.batch.exporter import passed
from vgstats.batch.page import TEMPLATE_NAME, filters, page_context, template_folder
from vgstats.batch.plan import Batch
from vgstats.presentation.uppfoljning.index import IndexEntry, index_record, overview
from vgstats.report_kinds.followup import Followup


def write_index(
    batch: Batch,
    made: dict[str, bool],
    folder: Path,
    made_at: dt.datetime | None = None,
    *,
    with_pdf: bool = False,
) -> Path:
    """Write the page that lists a batch's reports and return its file.

    `made` says for each job's file name whether the report was made; `made_at` is now when left out;
    `with_pdf` says that each has a PDF beside it.
    """
    entries = [
        IndexEntry(
            Followup(job.parameters, job.bundle), job.file_name, made[job.file_name], with_pdf
        )
        for job in batch.jobs
    ]
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(template_folder() / TEMPLATE_NAME),
        autoescape=False,  # noqa: S701 - the blocks escape their own texts, as in the reports
    )
    environment.filters |= filters()
    made_at = made_at or dt.datetime.now().astimezone()
    page = environment.get_template("batch.html.j2").render(
        body=overview(entries).html(),
        page=page_context(made_at),
        record=index_record(entries, made_at),
    )
    return write_whole(folder / "index.html", passed(page))
