"""Inera's Intygsstatistik: the tables of sjukfall that it exports as CSV and XLSX.

CSV has `;` after every field, the last one too, and only the header and the rows. XLSX has the level,
the title with its period, and the filters above the header. Tables with groups have a row with the
groups above the header; the table by county has blocks of counts, inhabitants and rates. Source:
Inera's open source code of https://statistik.intygstjanster.se, version of May 2026.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from vgstats.errors import VgstatsError
from vgstats.sources import labels
from vgstats.sources.reading import (
    ROW_COLUMNS,
    NotThisFormat,
    Reading,
    constant,
    numbers,
    stacked,
)
from vgstats.sources.text_files import table_text
from vgstats.sources.workbook import sheets

SOURCE = "intygsstatistik"
_COUNT = ("intyg_sjukfall", 1.0)
_RATE = ("intyg_sjukfall_per_1000", 0.01)
_TOTAL = "Antal sjukfall totalt"
_SEXES = {"Totalt": "alla", "Kvinnor": "kvinnor", "Män": "män"}
_PLAIN = {_TOTAL: "alla", "Antal sjukfall för kvinnor": "kvinnor", "Antal sjukfall för män": "män"}
_BLOCKS = {
    "Antal sjukfall": _COUNT,
    "Antal sjukfall per 1000 invånare": _RATE,
    "Antal invånare": None,
}
_LENGTHS = {
    "under 15 dagar": "0-14",
    "1-2 år": "365-730",
    "2- år": "731+",
    "över 2 år": "731+",
}
_CHAPTERS = frozenset(
    re.findall(
        r"\S+",
        "A00-B99 C00-D48 D50-D89 E00-E90 F00-F99 G00-G99 H00-H59 H60-H95 I00-I99 J00-J99 K00-K93 "
        "L00-L99 M00-M99 N00-N99 O00-O99 P00-P96 Q00-Q99 R00-R99 S00-T98 U00-U99 V01-Y98 Z00-Z99",
    )
)
_MONTH = re.compile(
    r"\b(jan(?:uari)?|feb(?:ruari)?|mars?|apr(?:il)?|maj|juni?|juli?|aug(?:usti)?|sep(?:tember)?"
    r"|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b",
    re.I | re.ASCII,
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b", re.ASCII)
_COUNT_FORM = r"\s*\d[\d \u00a0]*\s*"
_RATE_FORM = r"\s*\d[\d \u00a0]*([.,]\d{1,2})?\s*"


@dataclass(frozen=True)
class _Grid:
    """The texts of a table: `above` it, of its `header` and `groups`, and of its rows."""

    file: Path
    sheet: str
    above: list[str]
    groups: list[str]
    header: list[str]
    rows: pd.DataFrame
    numbers: list[int]

    def fault(self, text: str) -> VgstatsError:
        """Return an error that names the file and the sheet."""
        place = f", sheet {self.sheet}" if self.sheet else ""
        return VgstatsError(f"{self.file}{place}: {text}")


@dataclass(frozen=True)
class _Column:
    """What one column of numbers holds."""

    place: int
    measure: str
    resolution: float
    sex: str
    group: str


def read_csv(file: Path, area: str = "riket") -> Reading:
    """Return the rows of a CSV export; `row` is the line of the file.

    Args:
        file: the CSV, in Windows-1252 or UTF-8.
        area: the area that the numbers are for, which the file does not say.

    Raises:
        NotThisFormat: no line is a header of such a table.
        VgstatsError: it holds personal data or shares; it is cut off or in another encoding; or a
            column is missing or unknown. The table by county has no period in CSV and is refused.
    """
    text = table_text(file)
    lines = text.splitlines()
    if "personnummer" in text.lower():
        raise _personal(file)
    cells = [[cell.strip() for cell in line.split(";")] for line in lines]
    grid = _grid(file, "", cells)
    if grid is None:
        raise NotThisFormat
    if not text.endswith("\n") and not text.endswith(";"):
        raise grid.fault("the file ends within its last line and may be cut off. Save it again.")
    return _reading(grid, "CSV", area)


def read_xlsx(file: Path, area: str = "riket") -> Reading:
    """Return the rows of an XLSX export; `row` is the row of the sheet.

    Args:
        file: the workbook.
        area: the area that the numbers are for, which the file does not say.

    Raises:
        NotThisFormat: no sheet has a header of such a table.
        VgstatsError: it holds personal data or shares; it is broken; a column is missing or unknown;
            or the table by county has no title with one month or one year.
    """
    texts = {
        sheet.name: [[_text(cell) for cell in row] for row in sheet.rows] for sheet in sheets(file)
    }
    if any("personnummer" in cell.lower() for s in texts.values() for row in s for cell in row):
        raise _personal(file)
    named = sorted(texts, key=lambda name: name != "tabell")
    grids = [grid for name in named if (grid := _grid(file, name, texts[name]))]
    if not grids:
        raise NotThisFormat
    if len(grids) > 1:
        raise grids[1].fault("a second table; one was expected. Export each table by itself.")
    return _reading(grids[0], "XLSX", area)


def _personal(file: Path) -> VgstatsError:
    return VgstatsError(
        f"{file}: refused: the file has a column of personal identity numbers, as Rehabstöd's lists of "
        "patients have. vgstats takes only counts. Delete the copy if you have no right to it."
    )


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _grid(file: Path, sheet: str, cells: list[list[str]]) -> _Grid | None:
    """Return the table among rows of cells, or None where no row is a header."""
    at = next((number for number, row in enumerate(cells) if _is_header(cells, number)), None)
    if at is None:
        return None
    closed = not sheet and cells[at][-1] == ""
    width = max(place + 1 for place, cell in enumerate(cells[at]) if cell) + closed
    has_groups = at > 0 and cells[at - 1][:1] == [""] and any(cells[at - 1])
    first = at - has_groups
    rows, lines = [], []
    for number, row in enumerate(cells[at + 1 :], at + 2):
        if any(row):
            rows.append(_row(file, sheet, number, row, width, closed))
            lines.append(number)
    groups = _row(file, sheet, at, cells[at - 1], width, closed) if has_groups else []
    above = [" ".join(filter(None, row)) for row in cells[:first]]
    header = cells[at][: width - closed]
    table = pd.DataFrame(rows, columns=range(len(header)), dtype=object)
    grid = _Grid(file, sheet, [text for text in above if text], groups, header, table, lines)
    if not rows:
        raise grid.fault("there are no rows below the header. Export the table again.")
    return grid


def _is_header(cells: list[list[str]], number: int) -> bool:
    row = cells[number]
    if _TOTAL in row:
        return True
    above = cells[number - 1] if number else []
    known = {*_PLAIN, *_SEXES} if row[:1] == ["Period"] or set(above) & set(_BLOCKS) else {*_PLAIN}
    return row[:1] in (["Period"], ["Län"]) and bool(known & set(row))


def _row(
    file: Path, sheet: str, number: int, row: list[str], width: int, closed: bool
) -> list[str]:
    """Return the cells under the header, without the empty one after the last `;`."""
    place = f"{file}, sheet {sheet}, row {number}" if sheet else f"{file}, row {number}"
    if any(re.match(r"[\d,.]+ % \(", cell) for cell in row):
        raise VgstatsError(
            f"{place}: the table shows shares of the sexes, not counts. Export the table of counts."
        )
    if len(row) < width or (not sheet and len(row) > width) or any(row[width - closed :]):
        raise VgstatsError(
            f"{place}: the cells do not fit the {width - closed} headed columns. The file may be cut "
            "off or changed: export it again."
        )
    return row[: width - closed]


def _reading(grid: _Grid, form: str, area: str) -> Reading:
    by_county = grid.header[0] == "Län"
    columns, notes = _columns_by_county(grid) if by_county else _columns_by_period(grid)
    if by_county:
        areas = labels.translate(grid.rows[0], labels.area_of_label)
        periods = constant(_title_period(grid), grid.rows.index)
        kind = "sjukfall per län"
    else:
        areas = constant(area, grid.rows.index)
        periods = labels.translate(grid.rows[0], _period)
        kind = "sjukfall per månad" + (" och grupp" if grid.groups else "")
        notes.append(f"the file does not name an area; taken as {area}")
        if not (grid.above or grid.groups):
            notes.append("the file has no title: cases over 90 days alone would look the same")
    if grid.above:
        notes.append(f"above the table the file says: {'; '.join(grid.above)}")
    shared = pd.DataFrame(
        {"area": areas, "period": periods, "row": np.array(grid.numbers, dtype=int)}
    ).assign(sheet=constant(grid.sheet, grid.rows.index))
    parts = [_part(grid, shared, column) for column in columns]
    headings = {"area" if by_county else "period": grid.header[0], "value": "Antal sjukfall"}
    recognised = f"Ineras intygsstatistik, {form}: {kind}"
    return Reading(recognised, SOURCE, stacked(parts), headings, notes=tuple(notes))


def _part(grid: _Grid, shared: pd.DataFrame, column: _Column) -> pd.DataFrame:
    texts = grid.rows[column.place]
    value, status = numbers(texts, {"-": "missing"}, decimal_comma=True)
    # 1.234 or 1,234 may mean 1 234: a count has no decimals, and a rate at most two.
    form = _COUNT_FORM if column.resolution == 1 else _RATE_FORM
    odd = (status == "ok") & ~texts.str.fullmatch(form)
    words = status.astype(object).mask(odd, "text " + texts)
    words = words.mask((words == "ok") & (value == 0), "ambiguous")
    return shared.assign(
        measure=constant(column.measure, texts.index),
        sex=constant(column.sex, texts.index),
        group=constant(column.group, texts.index),
        value=value.mask(odd),
        resolution=column.resolution,
        status=words.astype("category"),
    )[ROW_COLUMNS]


def _columns_by_period(grid: _Grid) -> tuple[list[_Column], list[str]]:
    if not grid.groups:
        _check_columns(grid, grid.header, ["Period", *_PLAIN])
        base = _base_group(grid)
        named = [(place, _PLAIN[name]) for place, name in enumerate(grid.header) if place]
        return [_Column(place, *_COUNT, sex, base) for place, sex in named], []
    _check_columns(grid, grid.header[:2], ["Period", _TOTAL])
    found = _blocks(grid, 2)
    groups = {heading: _group(heading) for heading in found}
    columns = [
        _Column(place, *_COUNT, sex, groups[heading])
        for heading, places in found.items()
        for place, sex in places
    ]
    if _total_is_of_all(grid, list(groups)):
        return [_Column(1, *_COUNT, "alla", ""), *columns], []
    note = f"the column {_TOTAL} is left out: it may be of one diagnosis chapter only"
    return columns, [note]


def _columns_by_county(grid: _Grid) -> tuple[list[_Column], list[str]]:
    found = _blocks(grid, 1) if grid.groups else {}
    _check_columns(grid, list(found), list(_BLOCKS))
    columns = [
        _Column(place, *kind, sex, "")
        for heading, places in found.items()
        if (kind := _BLOCKS[heading])
        for place, sex in places
    ]
    return columns, ["the columns Antal invånare are left out: the population comes from SCB"]


def _check_columns(grid: _Grid, names: list[str], expected: list[str]) -> None:
    missing = [name for name in expected if name not in names]
    unknown = [name for name in names if name not in expected]
    twice = [name for name in names if names.count(name) > 1]
    if missing:
        there = ", ".join(filter(None, names))
        raise grid.fault(
            f"the column {missing[0]!r} is missing; there are {there}. Export it again."
        )
    if unknown or twice:
        name = (unknown or twice)[0]
        raise grid.fault(f"the column {name!r} was not expected. Remove it, or export it again.")


def _blocks(grid: _Grid, start: int) -> dict[str, list[tuple[int, str]]]:
    """Return for each heading in the upper row its columns, and the sex of each."""
    if any(grid.groups[:start]):
        heading = next(filter(None, grid.groups))
        raise grid.fault(
            f"the heading {heading!r} stands over no group of columns. Export it again."
        )
    found: dict[str, list[tuple[int, str]]] = {}
    heading = ""
    for place in range(start, len(grid.header)):
        name = grid.header[place]
        # A merged cell has its text only in the first of its columns.
        heading = grid.groups[place] or ("" if name == "Totalt" else heading)
        if name not in _SEXES or not heading:
            raise grid.fault(
                f"the column {name!r} was not expected. Remove it, or export it again."
            )
        found.setdefault(heading, []).append((place, _SEXES[name]))
    for heading, places in found.items():
        if [sex for _, sex in places] != list(_SEXES.values()):
            raise grid.fault(
                f"under {heading!r} the columns Totalt, Kvinnor and Män were expected, each once and in "
                "that order. Export the table again."
            )
    return found


def _group(heading: str) -> str:
    """Return the group of a heading; the heading itself where it is unknown."""
    text = " ".join(heading.split()).lower().replace("–", "-")
    if text in _LENGTHS:
        return f"langd={_LENGTHS[text]}"
    forms: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
        (r"(25|50|75|100) ?%", lambda found: f"grad={found[1]}"),
        (r"under (\d\d) år", lambda found: f"alder=0-{int(found[1]) - 1}"),
        (r"över (\d\d) år", lambda found: f"alder={int(found[1]) + 1}+"),
        (r"(\d\d-\d\d) år", lambda found: f"alder={found[1]}"),
        (r"(\d{1,3}-\d{1,3}) dagar", lambda found: f"langd={found[1]}"),
    )
    for form, group in forms:
        if found := re.fullmatch(form, text, re.ASCII):
            return group(found)
    several = re.match(r"[A-Z]\d\d-[A-Z]\d\d(, [A-Z]\d\d-[A-Z]\d\d)+(?= )", heading, re.ASCII)
    if several:
        return f"diagnos={several[0].replace(', ', '+')}"
    diagnosis = labels.diagnosis(heading)
    return diagnosis if diagnosis.startswith("diagnos=") else heading


def _total_is_of_all(grid: _Grid, headings: list[str]) -> bool:
    """Return whether the total is of all diagnoses: not in a table within one diagnosis chapter."""
    if any(re.match(r"Antal sjukfall för ", text) for text in grid.above):
        return False
    codes = [
        found[0] for text in headings if (found := re.match(r"[A-Z]\d\d(-[A-Z]\d\d)?,?", text))
    ]
    return all(code in _CHAPTERS or code.endswith(",") for code in codes)


def _base_group(grid: _Grid) -> str:
    """Return the group of a whole table without groups: `langd=91+` for cases over 90 days."""
    found = [
        re.search(r"(?:längre|mer) än (\d+) dagar", text, re.ASCII | re.I) for text in grid.above
    ]
    days = [int(match[1]) for match in found if match]
    return f"langd={days[0] + 1}+" if days else ""


def _period(label: str) -> str:
    """Return `2019-01` for `jan 2019`; any other text in quotes, so that the door names it."""
    found = re.fullmatch(r"[a-zåäö]{3,9}\.? \d{4}", label, re.ASCII | re.I)
    return labels.month_name(label) if found else repr(label)


def _title_period(grid: _Grid) -> str:
    """Return the month or year that the lines above the table name, the same in all that name one."""
    found = {period for text in grid.above if (period := _named_period(text))}
    if len(found) != 1 or "?" in found:
        said = "; ".join(grid.above) or "nothing"
        raise grid.fault(
            "the table by county needs a title with one month (jan 2019) or one whole year (jan 2019 - "
            f"dec 2019); above the table stands: {said}. Export it as XLSX for one month or one year."
        )
    return found.pop()


def _named_period(text: str) -> str:
    """Return the period that a text names, `?` where it is neither a month nor a year, or nothing."""
    years, months = _YEAR.findall(text), _MONTH.findall(text)
    if not years:
        return ""
    year = str(years[0])
    numbered = [labels.month(year, name) for name in months]
    one_year = set(years) == {year} and not re.search(r"\d{4}-\d", text, re.ASCII)
    if one_year and (numbered == [f"{year}-01", f"{year}-12"] or (not months and len(years) == 1)):
        return year
    whole = one_year and len(set(numbered)) == 1 and len(months) == len(years)
    return numbered[0] if whole else "?"
