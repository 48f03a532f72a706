"""A region's own requirements or project as a filled-in workbook: entries as of YAML, each with its cells."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vgstats.errors import Mistakes, VgstatsError, nearest
from vgstats.sources.own_assembly import Place, Row, put_together
from vgstats.sources.own_cells import is_empty, text_of, value_of
from vgstats.sources.own_layout import (
    ANSWER,
    FOR,
    HELP,
    LABEL,
    README,
    TO_READ,
    Column,
    Layout,
    Page,
    kind_of,
    layouts,
)
from vgstats.sources.own_parts import PARTS
from vgstats.sources.own_words import LISTS, measure_called
from vgstats.sources.sheet_table import Cell, heading_of, rows_of
from vgstats.sources.workbook import Sheet, sheets

ENDING = ".xlsx"
_MEASURES = ("measure", "chosen_for_high", "figures")
_NUMBERS = ("number", "requirement")


def layout_of(file: Path) -> Layout | None:
    """Return which workbook of a region's own a file is, None if it is none of them.

    Raises:
        VgstatsError: it is named as a workbook and is none, or is broken.
    """
    if file.suffix.lower() != ENDING:
        return None
    names = {_same(sheet.name) for sheet in sheets(file)}
    for layout in layouts().values():
        if names & {page.name for page in layout.sheets if page.name != "källor"}:
            return layout
    return None


def read_sheets(file: Path) -> dict[str, list[tuple[Place, dict[str, Any]]]]:
    """Return the entries of a filled-in workbook by the lists that YAML would have them in, each with its place.

    What does not fit a model is left to it; what a cell cannot mean is noted with the place.

    Raises:
        VgstatsError: it is no such workbook, or a sheet or a heading is not known or not there; all faults at once.
    """
    layout = layout_of(file)
    if layout is None:
        raise VgstatsError(
            f"{file}: no sheet is one of a region's own. Expected {layouts()['krav'].names}, or "
            f"{layouts()['insats'].names}. Begin with vgstats template krav FILE.xlsx or "
            "vgstats template insats FILE.xlsx."
        )
    mistakes, there = Mistakes(), dict[str, Sheet]()
    for sheet in sheets(file):
        name = _same(sheet.name)
        if name in {page.name for page in layout.sheets}:
            there[name] = sheet
        elif name not in (README, TO_READ, LISTS) and any(
            not is_empty(cell) for row in sheet.rows for cell in row
        ):
            known = [page.name for page in layout.sheets]
            mistakes.append(
                f"{file}, sheet {sheet.name}: the sheet is unknown.{nearest(name, known)} Expected "
                f"{layout.names}. Correct its name, or take it away."
            )
    read: dict[str, list[Row]] = {}
    for page in layout.sheets:
        read[page.name] = []
        if page.name in there:
            with mistakes.noted():
                read[page.name] = list(_entries(file, page, there[page.name]))
    mistakes.tell()
    names = [sheet.name for sheet in sheets(file)]
    return put_together(file, layout, read, names)


def _same(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split()).casefold()


def _entries(file: Path, page: Page, sheet: Sheet) -> Iterator[Row]:
    """Yield the entries of a sheet; a form is one."""
    known = {heading_of(one.heading): one for one in page.columns}
    if not page.form:
        for cells in rows_of(file, sheet, known, min(2, len(known))):
            row = Row(
                f"{file}, sheet {sheet.name}, row {re.sub('[A-Z]', '', next(iter(cells.values())).at)}"
            )
            for name, cell in cells.items():
                _take(row, page, known[name], cell, f"{file}, sheet {sheet.name}")
            yield row
        return
    heads = [heading_of(one) for one in (LABEL, ANSWER, HELP)]
    row, mistakes = Row(f"{file}, sheet {sheet.name}"), Mistakes()
    seen: set[str] = set()
    for cells in rows_of(file, sheet, heads, 2):
        if heads[0] not in cells or heads[1] not in cells:
            continue
        label, cell = cells[heads[0]], cells[heads[1]]
        if is_empty(label.value) and is_empty(cell.value):
            continue
        column = known.get(heading_of(label.value))
        if column is None or (column.key in seen and not _many(page, column)):
            what = "stands twice. Keep one of them" if column else "is unknown"
            mistakes.append(
                f"{row.where}, cell {label.at}: {text_of(label.value)!r} {what}."
                f"{nearest(heading_of(label.value), known)} "
                f"Expected {', '.join(one.heading for one in page.columns)}."
            )
            continue
        if not is_empty(cell.value):
            seen.add(column.key)
        _take(row, page, column, cell, row.where)
    mistakes.tell()
    if row.values or row.odd:
        yield row


def _many(page: Page, column: Column) -> bool:
    return not column.key.startswith(FOR) and kind_of(page.model(), column.key).many


def _take(row: Row, page: Page, column: Column, cell: Cell, where: str) -> None:
    """Put what a cell says into an entry."""
    key, at = column.key, f"{where}, cell {cell.at} ({column.heading})"
    of_judgements = key.startswith(FOR)
    kind = (
        kind_of(PARTS["judgements"], key.removeprefix(FOR))
        if of_judgements
        else kind_of(page.model(), key)
    )
    if kind.many:
        if is_empty(cell.value):
            return
        number = len(row.values.get(key, []))
        row.cells[f"{key}.{number}"] = at
    elif is_empty(cell.value) and key in row.values:
        return
    else:
        row.cells[key] = at
    if is_empty(cell.value):
        return
    try:
        if key in _NUMBERS and isinstance(cell.value, dt.date):
            raise ValueError(
                f"the spreadsheet made the day {text_of(cell.value)} of a number. Give the cell the format text, and "
                "write the number anew"
            )
        value = value_of(cell.value, kind)
        if key in _NUMBERS and isinstance(cell.value, float) and not cell.value.is_integer():
            row.loose.add(key)
    except ValueError as error:
        row.odd[f"{key}.{number}" if kind.many else key] = str(error)
        value = None
    if key in _MEASURES and value:
        value = measure_called(value)
    if kind.many:
        row.values.setdefault(key, []).append("" if value is None else value)
    elif value is not None:
        row.values[key] = value
