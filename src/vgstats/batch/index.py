"""The index page of a batch, made from its manifest: no report is run again for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from vgstats.batch.manifest import Entry as Line
from vgstats.batch.runner import error_file
from vgstats.page.exporter import passed
from vgstats.page.template import page_of_blocks
from vgstats.presentation.index_row import IndexRow
from vgstats.presentation.overview import Entry, heading_of, overview
from vgstats.presentation.record import collection
from vgstats.presentation.tables import Link
from vgstats.whole_files import write_whole

NAME = "index.html"


def write_index(
    folder: Path,
    lines: Mapping[str, Line],
    order: Sequence[str] | None = None,
    made: dt.datetime | None = None,
) -> Path:
    """Write the page that lists a batch's reports and return its file.

    Args:
        folder: the batch's folder.
        lines: what became of each report, by its file (see `manifest.read`).
        order: the files in the order of the list; that of their names when left out.
        made: when the page says that it was made; now when left out.
    """
    made = made or dt.datetime.now().astimezone()
    names = [name for name in order or sorted(lines) if name in lines]
    entries = [_entry(folder, lines[name]) for name in names]
    there = [(e.name, e.file_name) for e in entries if e.row is not None]
    heading = heading_of([entry.row for entry in entries if entry.row])
    page = page_of_blocks(overview(entries).html(), made, collection(heading, there, made))
    return write_whole(folder / NAME, passed(page))


def _entry(folder: Path, line: Line) -> Entry:
    row = IndexRow.from_json(line.row) if line.row and (folder / line.file).is_file() else None
    if line.status == "failed":
        why = error_file(line.file)
        words = "kunde inte göras om" if row else "kunde inte göras"
        link = Link(words, why) if (folder / why).is_file() else None
        return Entry(line.area, line.file, row, words, link)
    pdf = f"{line.file.removesuffix('.html')}.pdf"
    link = Link(f"PDF för {line.area}", pdf) if line.with_pdf else None
    return Entry(line.area, line.file, row, "klar", link)
