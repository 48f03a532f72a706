"""From the rows of a filled-in workbook to the entries of a region's own file, as YAML would have them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vgstats.catalogue.requirements import all_requirements
from vgstats.errors import Mistakes, VgstatsError
from vgstats.sources.own_layout import FOR, Layout
from vgstats.sources.sheet_table import heading_of

# What a template fills in: an area with nothing else on any row is not answered for.
_GIVEN = {"requirement", "area"}
Path_ = tuple[str | int, ...]


class Place(str):
    """Where an entry stands, in words; `cells` says where its keys do and `odd` what is wrong with their cells.

    `loose` are the keys whose cells hold a number with decimals, of which the last may have been a zero.
    """

    cells: Mapping[Path_, str]
    odd: Mapping[Path_, str]
    loose: Collection[str]

    @classmethod
    def of(
        cls,
        words: str,
        cells: Mapping[Path_, str] = {},
        odd: Mapping[Path_, str] = {},
        loose: Collection[str] = (),
    ) -> Place:
        """Return a place."""
        place = cls(words)
        place.cells, place.odd, place.loose = cells, odd, loose
        return place


@dataclass
class Row:
    """An entry as it is read: its values by key, and the places and the faults of their cells."""

    where: str
    values: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    odd: dict[str, str] = field(default_factory=dict)
    loose: set[str] = field(default_factory=set)


def with_zero(number: str, among: Collection[str]) -> str:
    """Return the number that a spreadsheet may have made another of by dropping a zero, empty for none.

    Args:
        number: what the cell holds as a number, such as `1.1`.
        among: the numbers that there are: `1.10` is one that it may have been if it is there, or numbers go past it.
    """
    part, _, last = number.rpartition(".")
    ends = [one.removeprefix(f"{part}.") for one in among if one.startswith(f"{part}.")]
    longer = f"{last}0"
    past = any(end.isdecimal() and int(end) > int(longer) for end in ends)
    return f"{number}0" if longer in ends or past else ""


def _refuse_loose(rows: list[Row]) -> None:
    """Refuse the numbers of requirements whose last zero a spreadsheet may have dropped.

    Raises:
        VgstatsError: some may be two; all of them, each with its cell.
    """
    numbers = [str(row.values.get("number", "")) for row in rows]
    mistakes = Mistakes()
    for row, number in zip(rows, numbers, strict=True):
        if "number" not in row.loose:
            continue
        other = f"{number}0" if numbers.count(number) > 1 else with_zero(number, numbers)
        if other and other not in numbers:
            mistakes.append(f"{row.cells['number']}: {either(number, other)}")
    mistakes.tell()


def either(number: str, other: str) -> str:
    """Return what to say of a cell whose number may be either of two."""
    return (
        f"the cell holds the number {number}, which may be {number!r} or {other!r}: a spreadsheet drops the last "
        f"zero of a number. Give the cell the format text, and write the one that is meant."
    )


def put_together(
    file: Path, layout: Layout, read: Mapping[str, list[Row]], there: Collection[str]
) -> dict[str, list[tuple[Place, dict[str, Any]]]]:
    """Return the entries of all sheets by their lists: that of the first, and those that stand alone.

    Args:
        file: the workbook, for the messages.
        layout: what its sheets are.
        read: the rows of each sheet, none for one that is not there.
        there: the names of the sheets that it has.

    Raises:
        VgstatsError: nothing is filled in, a sheet that is needed is not there, or what is filled in does not go
            together; the messages name sheet and cell.
    """
    mistakes = Mistakes()
    first = layout.sheets[0]
    main = next(iter(read[first.name]), Row(f"{file}, sheet {first.name}"))
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
    if any(read.values()):
        _refuse_lacking(file, layout, there, known, usual)
    _refuse_loose(read.get("krav", []))
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
            f"{file}: nothing is filled in. Write on the sheets {layout.names}, and save the file."
        )
    return parts


def _refuse_lacking(
    file: Path, layout: Layout, there: Collection[str], known: str, usual: str
) -> None:
    """Refuse a workbook without a sheet that its entries cannot do without."""
    first = layout.sheets[0]
    fields = first.model().model_fields
    lacking = [
        page.name
        for page in layout.sheets
        if page.name not in {name.casefold() for name in there}
        and (
            page is first
            or (page.inside in fields and fields[page.inside].is_required() and not known)
            or (page.part == "sources" and not usual)
        )
    ]
    if lacking:
        raise VgstatsError(
            *(
                f"{file}: the sheet {name} is not there. The file has the sheets {', '.join(there)}. Name it so if one "
                f"of them is it, or copy it from a new template: vgstats template {layout.id} FILE.xlsx."
                for name in lacking
            )
        )


def _whole(
    row: Row, inside: Mapping[str, list[Row]], sources: Mapping[str, str], usual: str
) -> tuple[Place, dict[str, Any]]:
    """Return an entry with those inside it, as YAML would have it, and where all of it stands."""
    cells: dict[Path_, str] = {}
    odd: dict[Path_, str] = {}

    def put(one: Row, at: Path_) -> dict[str, Any]:
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
    return Place.of(row.where, cells, odd, row.loose), entry


def _sources(rows: list[Row]) -> dict[str, str]:
    """Give each source a name that its content decides, and return the names by the short names that people use."""
    found = {}
    for row in rows:
        short = str(row.values.get("short", ""))
        said = repr(sorted(row.values.items())).encode()
        row.values["source"] = f"{_slug(short)[:50]}-{hashlib.sha256(said).hexdigest()[:6]}"
        found[heading_of(short)] = row.values["source"]
    return found


def _usual_source(main: Row, sources: Mapping[str, str], known: str) -> str:
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
