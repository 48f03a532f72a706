"""A sheet that a person has filled in as rows of cells under known headings, wherever on the sheet those stand."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vgstats.errors import Mistakes, VgstatsError, nearest
from vgstats.sources.own_cells import is_empty
from vgstats.sources.workbook import Sheet, cell_text
from vgstats.sources.workbook_part import column_letters, column_number


@dataclass(frozen=True)
class Cell:
    """What a cell holds, where it stands (`B7`), and whether it is that of merged cells above it."""

    value: Any
    at: str
    merged: bool = False


def heading_of(text: Any) -> str:
    """Return a heading in the way that all of its spellings have in common."""
    words = cell_text(text).casefold() if text is not None else ""
    return re.sub(r"[\s*:]+$", "", re.sub(r"\s*\((?:krävs|om känt)\)", "", words))


def rows_of(file: Path, sheet: Sheet, headings: Collection[str], of: int) -> list[dict[str, Cell]]:
    """Return the rows below the headings that hold anything, each as cells by their headings.

    Merged cells are one value in each of the rows that they span.

    Args:
        file: the workbook, for the messages.
        sheet: its sheet.
        headings: those that are known, as `heading_of` has them.
        of: how many of them make a row the one with headings.

    Raises:
        VgstatsError: there is no row with headings, one is unknown or stands twice, a cell has no heading, or something
            is not as a person sees it. The message names sheet and cell.
    """
    where, rows = f"{file}, sheet {sheet.name}", sheet.rows
    head = next(
        (n for n, row in enumerate(rows) if len({heading_of(c) for c in row} & {*headings}) >= of),
        None,
    )
    if head is None:
        if not any(not is_empty(cell) for row in rows for cell in row):
            return []
        raise VgstatsError(
            f"{where}: no row has the headings. Expected {', '.join(sorted(headings))}. Write them above the columns."
        )
    mistakes, columns = Mistakes(), dict[int, str]()
    for n, cell in enumerate(rows[head]):
        name, at = heading_of(cell), f"{column_letters(n + 1)}{head + 1}"
        if not name:
            continue
        if name not in headings:
            mistakes.append(
                f"{where}, cell {at}: {cell_text(cell)!r} is no heading here.{nearest(name, headings)} Expected "
                f"{', '.join(sorted(headings))}. Correct it, or take the column away."
            )
        elif name in columns.values():
            mistakes.append(
                f"{where}, cell {at}: the heading {cell_text(cell)!r} stands twice. Keep one of them."
            )
        columns[n] = name
    spread = _spread(where, sheet, head, columns, mistakes)
    found = []
    for number in range(head + 1, len(rows)):
        row, own = {}, False
        for n, value in enumerate(rows[number]):
            at = f"{column_letters(n + 1)}{number + 1}"
            if (number, n) in spread:
                row[columns[n]] = Cell(spread[number, n], at, merged=True)
                continue
            if n not in columns:
                if not is_empty(value):
                    mistakes.append(
                        f"{where}, cell {at}: there is no heading above it. Expected {', '.join(sorted(headings))}. "
                        "Move it to its column, or take it away."
                    )
                continue
            row[columns[n]] = Cell(value, at)
            own = own or not is_empty(value)
        if own:
            found.append(row)
    with mistakes.noted():
        if found:
            sheet.refuse_unseen(file, head + 2, len(rows), max(columns) + 1, merged=True)
    mistakes.tell()
    return found


def _spread(
    where: str, sheet: Sheet, head: int, columns: dict[int, str], mistakes: list[str]
) -> dict[tuple[int, int], Any]:
    """Return what merged cells show in each of their rows but the first."""
    found: dict[tuple[int, int], Any] = {}
    for area in sheet.part.merged:
        ends: Sequence[tuple[str, str]] = re.findall(r"([A-Z]+)(\d+)", area.upper())
        (left, top), (right, bottom) = ends[0], ends[-1]
        first, last = int(top) - 1, min(int(bottom), len(sheet.rows)) - 1
        column, end = column_number(left) - 1, column_number(right) - 1
        if last <= head or first >= len(sheet.rows) or column not in columns:
            continue
        value = sheet.rows[first][column] if column < len(sheet.rows[first]) else None
        if is_empty(value):
            continue
        if first <= head or any(n in columns for n in range(column + 1, end + 1)):
            mistakes.append(
                f"{where}, cell {left}{top}: merged cells (sammanslagna celler), {area}, over more than one column. "
                "Split them and fill in each."
            )
            continue
        found |= {(row, column): value for row in range(first + 1, last + 1)}
    return found
