"""Where the header, the groups above it and the rows stand among the cells of an export."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from vgstats.errors import VgstatsError
from vgstats.sources.intygsstatistik.headings import BLOCKS, PLAIN, SEXES, TOTAL
from vgstats.sources.workbook import without_notes


@dataclass(frozen=True)
class Grid:
    """The texts of a table: `above` it, of its `header` and `groups`, of its rows and of the `notes` below."""

    file: Path
    sheet: str
    above: list[str]
    groups: list[str]
    header: list[str]
    rows: pd.DataFrame
    numbers: list[int]
    notes: list[str]

    def fault(self, text: str) -> VgstatsError:
        """Return an error that names the file and the sheet."""
        return VgstatsError(f"{_place(self.file, self.sheet)}: {text}")


def grid(file: Path, sheet: str, cells: list[list[str]]) -> Grid | None:
    """Return the table among rows of cells, or None where no row is a header.

    Args:
        file: the file, for messages.
        sheet: the sheet of a workbook; empty for CSV, where nothing may stand beside the table.
        cells: the texts.

    Raises:
        VgstatsError: a row does not fit the header, the table shows shares, or it has no rows.
    """
    at = next((number for number in range(len(cells)) if _is_header(cells, number)), None)
    if at is None:
        return None
    form = _Form(file, sheet, cells[at])
    has_groups = at > 0 and cells[at - 1][:1] == [""] and any(cells[at - 1])
    below = {number: row for number, row in enumerate(cells[at + 1 :], at + 2) if any(row)}
    below, notes = without_notes(below) if sheet else (below, [])
    rows = [form.fitted(number, row) for number, row in below.items()]
    above = [" ".join(filter(None, row)) for row in cells[: at - has_groups]]
    found = Grid(
        file=file,
        sheet=sheet,
        above=[text for text in above if text],
        groups=form.fitted(at, cells[at - 1]) if has_groups else [],
        header=cells[at][: form.headed],
        rows=pd.DataFrame(rows, columns=range(form.headed), dtype=object),
        numbers=list(below),
        notes=notes,
    )
    if not rows:
        raise found.fault("there are no rows below the header. Export the table again.")
    return found


class _Form:
    """How many cells a row must have: those that are `headed`, and an empty one after a last `;`."""

    def __init__(self, file: Path, sheet: str, header: list[str]) -> None:
        self.file = file
        self.sheet = sheet
        self.headed = max(place + 1 for place, cell in enumerate(header) if cell)
        self.width = self.headed + (not sheet and header[-1] == "")

    def fitted(self, number: int, row: list[str]) -> list[str]:
        """Return the cells of a row under the header."""
        place = f"{_place(self.file, self.sheet)}, row {number}"
        if any(re.match(r"[\d,.]+ % \(", cell) for cell in row):
            raise VgstatsError(
                f"{place}: the table shows shares of the sexes, not counts. Export the table of counts."
            )
        too_long = not self.sheet and len(row) > self.width
        if len(row) < self.width or too_long or any(row[self.headed :]):
            raise VgstatsError(
                f"{place}: the cells do not fit the {self.headed} headed columns. The file may be cut "
                "off or changed: export it again."
            )
        return row[: self.headed]


def _is_header(cells: list[list[str]], number: int) -> bool:
    row = cells[number]
    if TOTAL in row:
        return True
    above = cells[number - 1] if number else []
    known = {*PLAIN, *SEXES} if row[:1] == ["Period"] or set(above) & set(BLOCKS) else {*PLAIN}
    return row[:1] in (["Period"], ["Län"]) and bool(known & set(row))


def _place(file: Path, sheet: str) -> str:
    return f"{file}, sheet {sheet}" if sheet else f"{file}"
