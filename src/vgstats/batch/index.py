"""The index page of a batch, made from its manifest: no report is run again for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from vgstats.batch.left_over import INDEX
from vgstats.batch.manifest import Entry as Line
from vgstats.batch.manifest import error_name
from vgstats.blocks.index_row import IndexRow
from vgstats.blocks.overview import Entry, heading_of, overview
from vgstats.blocks.record import collection
from vgstats.blocks.tables import Link
from vgstats.page.exporter import passed
from vgstats.page.template import page_of_blocks
from vgstats.whole_files import write_whole


def write_index(
    folder: Path,
    lines: Mapping[str, Line],
    wanted: Mapping[str, str] | None = None,
    made: dt.datetime | None = None,
) -> Path:
    """Write the page that lists a batch's reports and return its file.

    Args:
        folder: the batch's folder.
        lines: what became of each report, by its file (see `manifest.read`).
        wanted: the label of each report by its file, in the order of the list; those of `lines` when left out.
        made: when the page says that it was made; now when left out.
    """
    made = made or dt.datetime.now().astimezone()
    wanted = wanted or {name: lines[name].label for name in sorted(lines)}
    entries = [_entry(folder, name, label, lines.get(name)) for name, label in wanted.items()]
    there = [(e.name, e.file_name) for e in entries if e.row is not None]
    heading = heading_of([entry.row for entry in entries if entry.row])
    page = page_of_blocks(overview(entries).html(), made, collection(heading, there, made))
    return write_whole(folder / INDEX, passed(page))


def _entry(folder: Path, name: str, label: str, line: Line | None) -> Entry:
    if line is None:
        return Entry(label, name, None, "inte gjord")
    row = IndexRow.from_json(line.row) if line.row and (folder / name).is_file() else None
    if line.status == "failed":
        words = "kunde inte göras om, den här är äldre" if row else "kunde inte göras"
        link = Link(words, why) if (why := error_name(name)) in line.outputs else None
        return Entry(line.area if row else label, name, row, words, link, failed=True)
    link = Link(f"PDF för {line.area}", line.pdf) if line.pdf else None
    return Entry(line.area, name, row, "klar", link)
