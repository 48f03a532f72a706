"""The page that a job would replace: what of it the new one may say, in numbers and codes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from vgstats.batch.manifest import ManifestLine
from vgstats.batch.plan import Job
from vgstats.reports.base.replaced import Replaced

REPLACES = "vgstats:replaces"


def replacing(job: Job, folder: Path, entry: ManifestLine | None) -> Job:
    """Return a job that knows the page in whose place its own will be put, and what that page replaced.

    A page that somebody has altered since it was made, or of another kind of report, is not known. Nothing of this is
    part of what says whether a report is up to date.

    Args:
        job: the job, with its figures.
        folder: where its page will be put.
        entry: what became of the report before.
    """
    output = entry.outputs.get(job.file_name) if entry else None
    file = folder / job.file_name
    if output is None or output.fault(file):
        return job
    try:
        page = LexborHTMLParser(file.read_text(encoding="utf-8"))
        (script,) = page.css("script[type='application/ld+json']")
        record = json.loads(script.text())
        same_kind = record["vgstats:job"]["report"] == job.kind
    except (OSError, ValueError, KeyError, TypeError):
        return job
    if not same_kind:
        return job
    numbers = (element.attributes for element in page.css("data"))
    facts = ((str(one.get("data-fact")), str(one.get("value"))) for one in numbers)
    return with_replaced(job, [Replaced.page(record, facts), of_record(record)])


def of_record(record: dict[str, Any]) -> Replaced | None:
    """Return the version that a page says that it replaces, None where it says nothing that vgstats writes."""
    return Replaced.of(record[REPLACES]) if REPLACES in record else None


def with_replaced(job: Job, versions: Iterable[Replaced | None]) -> Job:
    """Return a job that may say what differs from some versions, the newest first; None is none."""
    bundle, _ = job.figures()
    return replace(job, bundle=replace(bundle, replaces=tuple(filter(None, versions))))
