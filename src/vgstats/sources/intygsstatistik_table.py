"""A table of Intygsstatistik among its cells: header, groups and rows, and what each column holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from vgstats.errors import VgstatsError
from vgstats.sources import labels
from vgstats.sources.workbook import without_notes

COUNT = ("intyg_sjukfall", 1.0)
RATE = ("intyg_sjukfall_per_1000", 0.01)
TOTAL = "Antal sjukfall totalt"
SEXES = {"Totalt": "alla", "Kvinnor": "kvinnor", "Män": "män"}
PLAIN = {TOTAL: "alla", "Antal sjukfall för kvinnor": "kvinnor", "Antal sjukfall för män": "män"}
BLOCKS = {"Antal sjukfall": COUNT, "Antal sjukfall per 1000 invånare": RATE, "Antal invånare": None}
_LENGTHS = {
    "under 15 dagar": "0-14",
    "1-2 år": "365-730",
    "2- år": "731+",
    "över 2 år": "731+",
}
_GROUPS: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
    (r"(25|50|75|100) ?%", lambda found: f"grad={found[1]}"),
    (r"under (\d\d) år", lambda found: f"alder=0-{int(found[1]) - 1}"),
    (r"över (\d\d) år", lambda found: f"alder={int(found[1]) + 1}+"),
    (r"(\d\d-\d\d) år", lambda found: f"alder={found[1]}"),
    (r"(\d{1,3}-\d{1,3}) dagar", lambda found: f"langd={found[1]}"),
)
_MONTH = re.compile(
    r"\b(jan(?:uari)?|feb(?:ruari)?|mars?|apr(?:il)?|maj|juni?|juli?|aug(?:usti)?|sep(?:tember)?"
    r"|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b",
    re.I | re.ASCII,
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b", re.ASCII)


def group(heading: str) -> str:
    """Return the group of a heading; the heading itself where it is unknown."""
    text = " ".join(heading.split()).lower().replace("–", "-")
    if text in _LENGTHS:
        return f"langd={_LENGTHS[text]}"
    for form, word in _GROUPS:
        if found := re.fullmatch(form, text, re.ASCII):
            return word(found)
    several = re.match(r"[A-Z]\d\d-[A-Z]\d\d(, [A-Z]\d\d-[A-Z]\d\d)+(?= )", heading, re.ASCII)
    if several:
        return f"diagnos={several[0].replace(', ', '+')}"
    return labels.diagnosis(heading) or heading


def is_of_all_diagnoses(above: list[str], headings: list[str]) -> bool:
    """Return whether a total is of all diagnoses: not in a table within one diagnosis chapter."""
    if any(re.match(r"Antal sjukfall för ", text) for text in above):
        return False
    codes = [
        found[0] for text in headings if (found := re.match(r"[A-Z]\d\d(-[A-Z]\d\d)?,?", text))
    ]
    return all(code in labels.chapters() or code.endswith(",") for code in codes)


def group_of_title(above: list[str]) -> str:
    """Return the group of a whole table without groups: `langd=91+` for cases over 90 days."""
    for text in above:
        if found := re.search(r"(?:längre|mer) än (\d+) dagar", text, re.ASCII | re.I):
            return f"langd={int(found[1]) + 1}+"
    return ""


def month(label: str) -> str:
    """Return `2019-01` for `jan 2019`; any other text in quotes, so that the door names it."""
    found = re.fullmatch(r"[a-zåäö]{3,9}\.? \d{4}", label, re.ASCII | re.I)
    return labels.month_name(label) if found else repr(label)


def period_of_title(text: str) -> str:
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
    where = f"{_place(file, sheet)}, row"
    headed = max(place + 1 for place, cell in enumerate(cells[at]) if cell)
    width = None if sheet else headed + (cells[at][-1] == "")
    has_groups = at > 0 and cells[at - 1][:1] == [""] and any(cells[at - 1])
    below = {number: row for number, row in enumerate(cells[at + 1 :], at + 2) if any(row)}
    below, notes = without_notes(below) if sheet else (below, [])
    rows = [_fitted(f"{where} {number}", row, headed, width) for number, row in below.items()]
    above = [" ".join(filter(None, row)) for row in cells[: at - has_groups]]
    found = Grid(
        file=file,
        sheet=sheet,
        above=[text for text in above if text],
        groups=_fitted(f"{where} {at}", cells[at - 1], headed, width) if has_groups else [],
        header=cells[at][:headed],
        rows=pd.DataFrame(rows, columns=range(headed), dtype=object),
        numbers=list(below),
        notes=notes,
    )
    if not rows:
        raise found.fault("there are no rows below the header. Export the table again.")
    return found


def _fitted(where: str, row: list[str], headed: int, width: int | None) -> list[str]:
    """Return the cells of a row under the header, in CSV of exactly `width` cells, the last of them empty."""
    if any(re.match(r"[\d,.]+ % \(", cell) for cell in row):
        raise VgstatsError(
            f"{where}: the table shows shares of the sexes, not counts. Export the table of counts."
        )
    if len(row) < (width or headed) or (width and len(row) > width) or any(row[headed:]):
        raise VgstatsError(
            f"{where}: the cells do not fit the {headed} headed columns. The file may be cut "
            "off or changed: export it again."
        )
    return row[:headed]


def _is_header(cells: list[list[str]], number: int) -> bool:
    row = cells[number]
    if TOTAL in row:
        return True
    above = cells[number - 1] if number else []
    known = {*PLAIN, *SEXES} if row[:1] == ["Period"] or set(above) & set(BLOCKS) else {*PLAIN}
    return row[:1] in (["Period"], ["Län"]) and bool(known & set(row))


def _place(file: Path, sheet: str) -> str:
    return f"{file}, sheet {sheet}" if sheet else f"{file}"


@dataclass(frozen=True)
class Column:
    """What one column of numbers holds."""

    place: int
    measure: str
    resolution: float
    sex: str
    group: str


def columns_by_period(grid: Grid) -> tuple[list[Column], list[str]]:
    """Return the columns of a table with a row for each month, and notes.

    Raises:
        VgstatsError: a column is missing, unknown or there twice.
    """
    if not grid.groups:
        _check_columns(grid, grid.header, ["Period", *PLAIN])
        base = group_of_title(grid.above)
        named = [(place, PLAIN[name]) for place, name in enumerate(grid.header) if place]
        return [Column(place, *COUNT, sex, base) for place, sex in named], []
    _check_columns(grid, grid.header[:2], ["Period", TOTAL])
    found = _blocks(grid, 2)
    columns = [
        Column(place, *COUNT, sex, group(heading))
        for heading, places in found.items()
        for place, sex in places
    ]
    if is_of_all_diagnoses(grid.above, list(found)):
        return [Column(1, *COUNT, "alla", ""), *columns], []
    note = f"the column {TOTAL} is left out: it may be of one diagnosis chapter only"
    return columns, [note]


def columns_by_county(grid: Grid) -> tuple[list[Column], list[str]]:
    """Return the columns of the table with a row for each county, and notes.

    Raises:
        VgstatsError: a column is missing, unknown or there twice.
    """
    found = _blocks(grid, 1) if grid.groups else {}
    _check_columns(grid, list(found), list(BLOCKS))
    columns = [
        Column(place, *kind, sex, "")
        for heading, places in found.items()
        if (kind := BLOCKS[heading])
        for place, sex in places
    ]
    return columns, ["the columns Antal invånare are left out: the population comes from SCB"]


def _check_columns(grid: Grid, names: list[str], expected: list[str]) -> None:
    missing = [name for name in expected if name not in names]
    if missing:
        there = ", ".join(filter(None, names))
        raise grid.fault(
            f"the column {missing[0]!r} is missing; there are {there}. Export it again."
        )
    extra = [name for name in names if name not in expected or names.count(name) > 1]
    if extra:
        raise grid.fault(
            f"the column {extra[0]!r} was not expected. Remove it, or export it again."
        )


def _blocks(grid: Grid, start: int) -> dict[str, list[tuple[int, str]]]:
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
        if name not in SEXES or not heading:
            raise grid.fault(
                f"the column {name!r} was not expected. Remove it, or export it again."
            )
        found.setdefault(heading, []).append((place, SEXES[name]))
    for heading, places in found.items():
        if [sex for _, sex in places] != list(SEXES.values()):
            raise grid.fault(
                f"under {heading!r} the columns Totalt, Kvinnor and Män were expected, each once and in "
                "that order. Export the table again."
            )
    return found
