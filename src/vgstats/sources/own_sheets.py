"""A region's own requirements or project as a filled-in workbook: entries as of YAML, each with its cells."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vgstats.catalogue.requirements import all_requirements
from vgstats.errors import Mistakes, VgstatsError, nearest
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
_GIVEN = {
    "requirement",
    "area",
}  # what a template fills in: an area with nothing else on any row is not answered for
Path_ = tuple[str | int, ...]


class Place(str):
    """Where an entry stands, in words; `cells` says where its keys do and `odd` what is wrong with their cells."""

    cells: Mapping[Path_, str]
    odd: Mapping[Path_, str]

    @classmethod
    def of(
        cls, words: str, cells: Mapping[Path_, str] = {}, odd: Mapping[Path_, str] = {}
    ) -> Place:
        """Return a place."""
        place = cls(words)
        place.cells, place.odd = cells, odd
        return place


@dataclass
class _Row:
    """An entry as it is read: its values by key, and the places and the faults of their cells."""

    where: str
    values: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    odd: dict[str, str] = field(default_factory=dict)


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
            f"{file}: no sheet is one of a region's own. Expected {_names(layouts()['krav'])}, or "
            f"{_names(layouts()['insats'])}. Begin with vgstats template krav FILE.xlsx or "
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
                f"{_names(layout)}. Correct its name, or take it away."
            )
    read: dict[str, list[_Row]] = {}
    for page in layout.sheets:
        read[page.name] = []
        if page.name in there:
            with mistakes.noted():
                read[page.name] = list(_entries(file, page, there[page.name]))
    mistakes.tell()
    return _put_together(file, layout, read)


def _names(layout: Layout) -> str:
    return ", ".join(page.name for page in layout.sheets)


def _same(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split()).casefold()


def _entries(file: Path, page: Page, sheet: Sheet) -> Iterator[_Row]:
    """Yield the entries of a sheet; a form is one."""
    known = {heading_of(one.heading): one for one in page.columns}
    if not page.form:
        for cells in rows_of(file, sheet, known, min(2, len(known))):
            row = _Row(
                f"{file}, sheet {sheet.name}, row {re.sub('[A-Z]', '', next(iter(cells.values())).at)}"
            )
            for name, cell in cells.items():
                _take(row, page, known[name], cell, f"{file}, sheet {sheet.name}")
            yield row
        return
    heads = [heading_of(one) for one in (LABEL, ANSWER, HELP)]
    row, mistakes = _Row(f"{file}, sheet {sheet.name}"), Mistakes()
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


def _take(row: _Row, page: Page, column: Column, cell: Cell, where: str) -> None:
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
    except ValueError as error:
        row.odd[f"{key}.{number}" if kind.many else key] = str(error)
        value = None
    if key in _MEASURES and value:
        value = measure_called(value)
    if kind.many:
        row.values.setdefault(key, []).append("" if value is None else value)
    elif value is not None:
        row.values[key] = value


def _put_together(
    file: Path, layout: Layout, read: Mapping[str, list[_Row]]
) -> dict[str, list[tuple[Place, dict[str, Any]]]]:
    """Return the entries of all sheets by their lists: that of the first, and those that stand alone."""
    mistakes = Mistakes()
    first = layout.sheets[0]
    main = next(iter(read[first.name]), _Row(f"{file}, sheet {first.name}"))
    for page in layout.sheets[1:]:
        if page.part == first.part and page.form:
            for row in read[page.name]:
                main.values |= row.values
                main.cells |= row.cells
                main.odd |= row.odd
    of_judgements = {
        store_key: {
            key.removeprefix(FOR): value for key, value in held.items() if key.startswith(FOR)
        }
        for store_key, held in (("values", main.values), ("cells", main.cells), ("odd", main.odd))
    }
    for held in (main.values, main.cells, main.odd):
        for key in [one for one in held if one.startswith(FOR)]:
            del held[key]
    sources = _sources(read.get("källor", []))
    inside = {
        page.inside: read[page.name] for page in layout.sheets if page.inside and read[page.name]
    }
    known = str(of_judgements["values"].get("requirements", ""))
    parts: dict[str, list[tuple[Place, dict[str, Any]]]] = {}
    usual = _usual_source(main, sources, known)
    if known:
        extra = [*main.values, *inside]
        if extra:
            mistakes.append(
                f"{of_judgements['cells']['requirements']}: the list {known} is there already, and this has one "
                "of its own too. Take away the id here, or what stands on the other rows and on the sheets "
                f"{', '.join(page.name for page in layout.sheets if page.inside)}."
            )
    elif main.values or main.odd or inside or layout.id != "krav":
        if "id" not in main.values and "id" not in main.odd:
            named = str(main.values.get("short_name") or main.values.get("name") or "")
            if named:
                main.values["id"] = _slug(named)
        parts[first.part] = [_whole(main, inside, sources, usual)]
    list_id = known or str(main.values.get("id", ""))
    rows = read.get("bedömningar", [])
    filled = {row.values.get("area") for row in rows if {*row.values, *row.odd} - _GIVEN}
    for row in rows:
        if row.values.get("area") not in filled:
            continue
        if "period" not in {*row.values, *row.odd}:
            for held, of in ((row.values, "values"), (row.odd, "odd"), (row.cells, "cells")):
                if "period" in of_judgements[of]:
                    held["period"] = of_judgements[of]["period"]
        row.values.setdefault("requirements", list_id)
        if not row.values["requirements"]:
            row.odd["requirements"] = (
                "which list is judged? Fill in the sheet listan: a list of your own, or the id of one that is there"
            )
        parts.setdefault("judgements", []).append(_whole(row, {}, sources, usual))
    for row in read.get("källor", []):
        parts.setdefault("sources", []).append(_whole(row, {}, {}, ""))
    mistakes.tell()
    if not parts:
        raise VgstatsError(
            f"{file}: nothing is filled in. Write on the sheets {_names(layout)}, and save the file."
        )
    return parts


def _whole(
    row: _Row, inside: Mapping[str, list[_Row]], sources: Mapping[str, str], usual: str
) -> tuple[Place, dict[str, Any]]:
    """Return an entry with those inside it, as YAML would have it, and where all of it stands."""
    cells: dict[Path_, str] = {}
    odd: dict[Path_, str] = {}

    def put(one: _Row, at: Path_) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in one.values.items():
            *outer, last = key.split(".")
            target = found
            for name in outer:
                target = target.setdefault(name, {})
            target[last] = value
        for held, into in ((one.cells, cells), (one.odd, odd)):
            for key, said in held.items():
                path = tuple(int(part) if part.isdigit() else part for part in key.split("."))
                into[(*at, *path)] = said
        if "source" in found:
            found["source"] = sources.get(heading_of(found["source"]), found["source"])
        if "more_sources" in found:
            found["more_sources"] = [sources.get(heading_of(s), s) for s in found["more_sources"]]
        return found

    entry = put(row, ())
    if usual and "source" not in entry:
        entry["source"] = usual
    for name, rows in inside.items():
        *outer, last = name.split(".")
        target = entry
        for part in outer:
            target = target.setdefault(part, {})
        target[last] = [put(one, (*outer, last, n)) for n, one in enumerate(rows)]
        for n, one in enumerate(rows):
            cells[(*outer, last, n)] = one.where
    return Place.of(row.where, cells, odd), entry


def _sources(rows: list[_Row]) -> dict[str, str]:
    """Give each source a name that its content decides, and return the names by the short names that people use."""
    found = {}
    for row in rows:
        short = str(row.values.get("short", ""))
        said = repr(sorted(row.values.items())).encode()
        row.values["source"] = f"{_slug(short)[:50]}-{hashlib.sha256(said).hexdigest()[:6]}"
        found[heading_of(short)] = row.values["source"]
    return found


def _usual_source(main: _Row, sources: Mapping[str, str], known: str) -> str:
    """Return the source of what names none: that of the list or the project, or the only one there is."""
    if named := main.values.get("source"):
        return sources.get(heading_of(named), str(named))
    if len(sources) == 1:
        return next(iter(sources.values()))
    there = all_requirements().get(known)
    return there.source if there else ""


def _slug(name: str) -> str:
    """Return a name as an id: small letters a-z, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:58].strip("-")
    return words if re.match(r"[a-z].", words) else f"n-{words or 'namn'}"
