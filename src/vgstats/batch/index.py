"""The index page of a batch."""

from __future__ import annotations

from pathlib import Path

import jinja2

from vgstats.batch.execute import write_whole
from vgstats.batch.page import (
    TEMPLATE_NAME,
    main_heading,
    page_context,
    template_folder,
    with_contents,
)
from vgstats.batch.plan import Batch
from vgstats.presentation.uppfoljning.index import IndexEntry, overview
from vgstats.report_kinds.followup import Followup


def write_index(batch: Batch, made: dict[str, bool], folder: Path) -> Path:
    """Write the page that lists a batch's reports and return its file.

    `made` says for each job's file name whether the report was made.
    """
    entries = [
        IndexEntry(Followup(job.parameters, job.bundle), job.file_name, made[job.file_name])
        for job in batch.jobs
    ]
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(template_folder() / TEMPLATE_NAME),
        autoescape=False,  # noqa: S701 - the blocks escape their own texts, as in the reports
    )
    environment.filters |= {"main_heading": main_heading, "with_contents": with_contents}
    page = environment.get_template("batch.html.j2").render(
        body=overview(entries).html(), page=page_context()
    )
    return write_whole(folder / "index.html", page)
