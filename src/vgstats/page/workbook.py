"""A finished page's tables as a workbook: a sheet each, numbers as numbers, and where they come from.

It is made of the page alone, which has passed its gate; what is known besides are the names of the sources, and one
that the page does not name is left out.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import textwrap
from collections.abc import Mapping, Sequence

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from vgstats.blocks.tables import is_run
from vgstats.facts.facts import GROUP, MINUS, NO_BREAK
from vgstats.page.parts import FACT, Called, CellRead, Number, Parts, TableRead

CONTENTS, SOURCES = "Innehåll", "Källor och årgångar"
_SOURCE_TABLE = "kallor"  # the page's own, whose words stand on the sheet of sources
_LONGEST_NAME = 31  # signs, of a sheet in Excel
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
_WIDEST, _NARROWEST = 60, 9  # signs
_WITH_UNIT = re.compile(rf'{FACT}(?: ([^\d"{FACT}]{{1,30}}))?')
_PARTS = {  # what the numbers of a cell are, by what stands between them
    f"{FACT} till {FACT}": (", lägst", ", högst"),
    f"{FACT} → {FACT}": (", före", ", efter"),
    f"{FACT} ({FACT} till {FACT})": ("", ", lägst", ", högst"),
}
_BY_UNIT = {FACT, f"{FACT} ({FACT})", f"{FACT} % ({FACT})"}  # a share or rate with its count
_PER_CENT = " %"
_BOLD, _LARGE, _WARNING = Font(bold=True), Font(bold=True, size=14), Font(bold=True, color="B3261E")
_LINK = Font(color="12436D", underline="single")
_HEAD = PatternFill("solid", fgColor="E4ECF3")


def workbook_of(page: str, observations: pd.DataFrame, sources: pd.DataFrame) -> bytes:
    """Return the tables of a finished page as an Excel file.

    Args:
        page: the page, which has passed its gate.
        observations: the figures that it was made of, for the source of each number that it shows.
        sources: what their sources are called, by their keys.
    """
    parts = Parts.of(page)
    called = Called(parts.words, observations, sources)
    book = Workbook()
    book.properties.title, book.properties.creator = parts.title, "vgstats"
    book.properties.created = book.properties.modified = dt.datetime.fromisoformat(
        parts.record.get("dateCreated", "2000-01-01T00:00:00")
    ).replace(tzinfo=None)
    book.active.title = CONTENTS
    names = _Names(CONTENTS, SOURCES)
    listed = []
    for table in parts.tables:
        if table.id != _SOURCE_TABLE:
            sheet = book.create_sheet(names.new(table.under))
            _fill(sheet, table, parts.warnings, called)
            listed.append((sheet.title, table.finding))
    _fill_sources(book.create_sheet(SOURCES), called, parts)
    listed.append((SOURCES, "Varifrån talen kommer, och när det nyaste ur varje källa lästes av"))
    _fill_contents(book[CONTENTS], parts, listed)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


class _Names:
    """Names of sheets that Excel takes: none twice, whatever capitals, and none too long."""

    def __init__(self, *taken: str) -> None:
        self._taken = {name.lower() for name in taken}

    def new(self, words: str) -> str:
        """Return the words as a name of a sheet, with a number where they are taken."""
        bare = " ".join(_NOT_IN_A_NAME.sub(" ", words).split()).strip("'") or "Tabell"
        number, name = 1, _short(bare, _LONGEST_NAME)
        while name.lower() in self._taken:
            number += 1
            name = f"{_short(bare, _LONGEST_NAME - len(str(number)) - 1)} {number}"
        self._taken.add(name.lower())
        return name


def _short(words: str, signs: int) -> str:
    """Return so many whole words as there is room for, or what there is room for of the first."""
    return (textwrap.shorten(words, signs, placeholder="") or words[:signs]).strip(" '")


def _fill(sheet: Worksheet, table: TableRead, warnings: Sequence[str], called: Called) -> None:
    """Write a table on a sheet, under what it says and its notes."""
    _write(sheet, 1, 1, table.finding, font=_LARGE)
    above = [(words, _WARNING) for words in warnings] + [(words, None) for words in table.notes]
    for row, (words, font) in enumerate(above, 2):
        _write(sheet, row, 1, words, font=font)
    columns = [
        part
        for place, heading in enumerate(table.headings)
        for part in _columns(heading, [row[place] for row in table.rows], heads=place == 0)
    ]
    mixed = [column for column in columns if column.units and not column.alike]
    by_row = [
        "; ".join(dict.fromkeys(unit for column in mixed if (unit := column.units.get(number))))
        for number in range(len(table.rows))
    ]
    from_where = [called.of(n for cell in row for n in cell.numbers) for row in table.rows]
    head = len(above) + 3
    texts = {"Enhet": by_row, "Källa": from_where}
    written = [*columns, *(_Column(name, list(of)) for name, of in texts.items() if any(of))]
    for place, column in enumerate(written, 1):
        _write(sheet, head, place, column.headed(), font=_BOLD, fill=_HEAD, wrap=True)
        for number, cell in enumerate(column.cells, 1):
            if isinstance(cell, str):
                _write(sheet, head + number, place, cell, wrap=len(cell) > _WIDEST)
            else:
                value = _value(cell[0])
                sheet.cell(head + number, place, value).number_format = _format(*cell)
        sheet.column_dimensions[get_column_letter(place)].width = column.width()
    sheet.freeze_panes = sheet.cell(head + 1, 2)


class _Column:
    """A column of a sheet: texts, or numbers each with what stands after it; `units` are theirs, by row."""

    def __init__(self, heading: str, cells: Sequence[str | tuple[Number, str]]) -> None:
        self.heading, self.cells = heading, cells
        self.units = {
            row: cell[0].unit
            for row, cell in enumerate(cells)
            if not isinstance(cell, str) and not cell[1] and cell[0].unit
        }

    @property
    def alike(self) -> bool:
        """Whether all its numbers are counted in the same, and none says in what beside itself."""
        numbers = sum(not isinstance(cell, str) for cell in self.cells)
        return len(set(self.units.values())) == 1 and numbers == len(self.units)

    def headed(self) -> str:
        """Return its heading, with what its numbers are counted in where that is one and the heading does not say."""
        unit = next(iter(self.units.values())) if self.alike else ""
        if all(not isinstance(cell, str) and cell[1] == _PER_CENT for cell in self.cells):
            unit = "procent"
        named = unit in self.heading.lower() or (unit == "procent" and "%" in self.heading)
        return self.heading if not unit or named else f"{self.heading} ({unit})"

    def width(self) -> int:
        """Return how wide it has to be, in signs."""
        texts = [one if isinstance(one, str) else one[0].text + one[1] for one in self.cells]
        longest = max([_NARROWEST, len(self.headed()) // 2, *map(len, texts)])
        return min(longest, _WIDEST) + 2


def _columns(heading: str, cells: Sequence[CellRead], *, heads: bool) -> list[_Column]:
    """Return a column of a page's table as one of a sheet, or as several where its cells hold several numbers."""
    kinds = {_between(cell) for cell in cells if cell.numbers}
    if len(kinds) == 1 and (parts := _PARTS.get(next(iter(kinds)))) and not heads:
        after = [_PER_CENT if _plain(cell.words).endswith(_PER_CENT) else "" for cell in cells]
        return [
            _Column(
                heading + part,
                [
                    (cell.numbers[number], tail) if cell.numbers else cell.text
                    for cell, tail in zip(cells, after, strict=True)
                ],
            )
            for number, part in enumerate(parts)
        ]
    if kinds > {FACT} and kinds <= _BY_UNIT | {FACT} and not heads:
        units = dict.fromkeys(number.unit for cell in cells for number in cell.numbers)
        return [
            _Column(f"{heading}, {unit}", [_of(cell, unit) for cell in cells]) for unit in units
        ]
    return [_Column(heading, [cell.text if heads else _alone(cell) for cell in cells])]


def _of(cell: CellRead, unit: str) -> str | tuple[Number, str]:
    """Return a cell's number in a unit, nothing where all its numbers are in others, the text of one without any."""
    found = next((number for number in cell.numbers if number.unit == unit), None)
    return (found, "") if found else "" if cell.numbers else cell.text


def _alone(cell: CellRead) -> str | tuple[Number, str]:
    """Return the number that a cell is, with what is counted after it, else its text."""
    found = _WITH_UNIT.fullmatch(_plain(cell.words))
    return (cell.numbers[0], f" {found[1]}" if found[1] else "") if found else cell.text


def _between(cell: CellRead) -> str:
    return _plain(cell.words).removesuffix(_PER_CENT)


def _plain(words: str) -> str:
    return words.replace(NO_BREAK, " ").replace(GROUP, " ")


def _value(number: Number) -> float | int:
    return float(number.value) if "." in number.value else int(number.value)


def _format(number: Number, after: str) -> str:
    """Return how a sheet is to print a number: as the page does, with as many decimals, its sign and its unit."""
    decimals = len(number.value.partition(".")[2])
    digits = "#,##0" + ("." + "0" * decimals if decimals else "")
    unit = f'"{after}"' if after else ""
    if number.value.startswith("-") and not number.text.startswith(MINUS):
        return f"{digits}{unit};{digits}{unit}"
    if number.text.startswith("+"):
        return f"+{digits}{unit};-{digits}{unit};{digits}{unit}"
    return digits + unit


def _fill_sources(sheet: Worksheet, called: Called, parts: Parts) -> None:
    """Write the sources that the page names, with when the newest number of each was read."""
    _write(sheet, 1, 1, "Källor och årgångar", font=_LARGE)
    _write(sheet, 2, 1, "Avläst: när det nyaste talet ur källan hämtades.")
    retrieved: Mapping[str, str] = parts.record.get("vgstats:retrieved", {})
    headings = ("Källa", "Titel", "Ställe", "Utgivare", "Adress", "Avläst", "Anmärkning")
    columns = ("short", "title", "place", "publisher", "address", "", "note")
    rows: dict[tuple[str, ...], None] = {}
    by_use = sorted(called.sources.itertuples(), key=lambda source: source.Index not in retrieved)
    for source in by_use:
        words = [called.shown(str(getattr(source, name, ""))) for name in columns if name]
        told = {row[:2] for row in rows}
        if words[0] and (source.Index in retrieved or tuple(words[:2]) not in told):
            rows[*words[:5], str(retrieved.get(source.Index, "")), *words[5:]] = None
    head = 4
    for row, cells in enumerate([headings, *rows], head):
        look = {"font": _BOLD, "fill": _HEAD} if row == head else {}
        for place, text in enumerate(cells, 1):
            _write(sheet, row, place, text, wrap=True, **look)
    for place, width in enumerate((32, 50, 16, 24, 50, 22, 60), 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = sheet.cell(head + 1, 2)


def _fill_contents(sheet: Worksheet, parts: Parts, listed: Sequence[tuple[str, str]]) -> None:
    """Write what the report is, and the list of the sheets with links to them."""
    place = parts.record.get("spatialCoverage", {}).get("name", "")
    periods = parts.record.get("temporalCoverage", "").replace("/", " till ")
    about = (("Område", place), ("Perioder", periods))
    lines = [f"{what}: {words}" for what, words in about if words]
    _write(sheet, 1, 1, parts.title, font=_LARGE)
    said = [*((words, _WARNING) for words in parts.warnings), *((one, None) for one in lines)]
    said += [(one, None) for one in parts.lines]
    for row, (words, font) in enumerate(said, 2):
        _write(sheet, row, 1, words, font=font)
    head = len(said) + 3
    for column, words in enumerate(("Blad", "Vad det visar"), 1):
        _write(sheet, head, column, words, font=_BOLD, fill=_HEAD)
    for row, (name, finding) in enumerate(listed, head + 1):
        cell = _write(sheet, row, 1, name, font=_LINK)
        target = f"{quote_sheetname(name)}!A1"
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=target, display=name)
        cell.font = _LINK
        _write(sheet, row, 2, finding)
    sheet.column_dimensions["A"].width = _LONGEST_NAME + 2
    sheet.column_dimensions["B"].width = 100


def _write(
    sheet: Worksheet,
    row: int,
    column: int,
    words: str,
    *,
    font: Font | None = None,
    fill: PatternFill | None = None,
    wrap: bool = False,
) -> SheetCell:
    """Write a text, as a text whatever it looks like: nothing in it is run, also when the sheet is saved as CSV."""
    cell: SheetCell = sheet.cell(row, column)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", words)
    cell.data_type = "s"
    cell.quotePrefix = is_run(words)
    if font:
        cell.font = font
    if fill:
        cell.fill = fill
    if wrap:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell
