"""The index page of a batch."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd

from vgstats.batch.execute import write_whole
from vgstats.batch.exporter import passed
from vgstats.batch.page import TEMPLATE_NAME, filters, page_context, template_folder
from vgstats.batch.plan import Batch
from vgstats.batch.released import Controlled
from vgstats.presentation.blocks import Block
from vgstats.presentation.record import collection
from vgstats.presentation.sjukfall import index as sjukfall_index
from vgstats.presentation.uppfoljning import index as uppfoljning_index
from vgstats.report_kinds import sjukfall, uppfoljning
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
    body, heading = _overview(batch, made, with_pdf=with_pdf)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(template_folder() / TEMPLATE_NAME),
        autoescape=False,  # noqa: S701 - the blocks escape their own texts, as in the reports
    )
    environment.filters |= filters()
    made_at = made_at or dt.datetime.now().astimezone()
    page = environment.get_template("batch.html.j2").render(
        body=body.html(),
        page=page_context(made_at),
        record=_record(batch, heading, made, made_at),
    )
    figures = pd.concat([job.bundle.observations for job in batch.jobs])
    controlled = Controlled(figures, batch.jobs[0].release)
    return write_whole(folder / "index.html", passed(page, controlled))


def _overview(batch: Batch, made: dict[str, bool], *, with_pdf: bool) -> tuple[Block, str]:
    if batch.jobs[0].kind == sjukfall.NAME:
        counted = [
            sjukfall_index.IndexEntry(
                sjukfall.Sjukfall(job.parameters, job.bundle), job.file_name, made[job.file_name]
            )
            for job in batch.jobs
            if isinstance(job.parameters, sjukfall.Parameters)
        ]
        return sjukfall_index.overview(counted), sjukfall_index.heading_of(counted)
    entries = [
        uppfoljning_index.IndexEntry(
            Followup(job.parameters, job.bundle), job.file_name, made[job.file_name], with_pdf
        )
        for job in batch.jobs
        if isinstance(job.parameters, uppfoljning.Parameters)
    ]
    return uppfoljning_index.overview(entries), uppfoljning_index.heading_of(entries)


def _record(
    batch: Batch, heading: str, made: dict[str, bool], made_at: dt.datetime
) -> dict[str, Any]:
    return collection(
        heading,
        [(job.area_name, job.file_name) for job in batch.jobs if made[job.file_name]],
        made_at,
    )
