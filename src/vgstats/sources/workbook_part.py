"""One XML part of an XLSX workbook, followed element by element: how far its cells reach, what is hidden.

A value is not always what a person sees in Excel: 0.38 is shown as 38 %, a hidden row not at all, and a
formula that a program wrote has no value yet. Nothing is kept but where such things stand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from xml.parsers import expat

_DIGITS = "0123456789"
_TRUE = ("1", "true")
_PERCENT = {9, 10}  # the numbers of Excel's own formats 0% and 0.00%
_MOST = 65_536  # formats, groups of columns or merged areas: more than Excel has


class Refused(Exception):  # noqa: N818 - says what it means
    """What a part of the workbook has that no table of figures has, in words."""


@dataclass
class Part:
    """What one part holds; of a sheet its extent and what is not seen, else the workbook's own lists."""

    rows: int = 0
    columns: int = 0
    formula: str = ""  # the first cell with one
    uncomputed: str = ""  # the first cell with one that has no value
    styled: dict[int, str] = field(default_factory=dict)  # the first number in each format
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    sheets: list[tuple[str, str, str]] = field(default_factory=list)  # name, relation, state
    relations: dict[str, str] = field(default_factory=dict)
    computes_on_load: bool = False
    _formats: list[int] = field(default_factory=list)
    _percent: set[int] = field(default_factory=lambda: set(_PERCENT))
    _row: int = 0
    _row_hidden: bool = False
    _column: int = 0
    _cell: dict[str, str] = field(default_factory=dict)
    _in_sheet: bool = False
    _in_formats: bool = False
    _values: int = 0
    _computed: bool = False
    parser: expat.XMLParserType = field(default_factory=expat.ParserCreate)

    def __post_init__(self) -> None:
        self.parser.StartElementHandler = self._start
        self.parser.StartDoctypeDeclHandler = self._doctype

    @property
    def cells(self) -> int:
        """How many cells a table from the first row and column to the furthest has."""
        return self.rows * self.columns

    @property
    def percents(self) -> set[int]:
        """The numbers of the cell formats that show 0.38 as 38 %."""
        return {place for place, number in enumerate(self._formats) if number in self._percent}

    def _doctype(self, *_: object) -> None:
        raise Refused("has a document type of its own, which no spreadsheet has")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2] if ":" in name else name
        if local == "c":
            self._start_cell(attributes)
        elif local in ("v", "is"):
            self._start_value()
        elif local == "row":
            number = attributes.get("r", "")
            self._row = int(number) if number.isascii() and number.isdigit() else self._row + 1
            self._row_hidden = attributes.get("hidden") in _TRUE
            self._column = 0
        elif local == "f" and self._in_sheet:
            self._start_formula()
        elif local == "sheetData":
            self._in_sheet = True
        else:
            self._start_other(local, attributes)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r", "")
        letters = place.rstrip(_DIGITS)
        column, row = column_number(letters), self._row
        if column and len(letters) < len(place):
            row = int(place[len(letters) :])
        else:
            column = self._column + 1
        if self._in_sheet and (row < self._row or (row == self._row and column <= self._column)):
            raise Refused(f"has a cell twice or out of order: {place}")
        self._row, self._column, self._values, self._cell = row, column, 0, attributes
        if row > self.rows:
            self.rows = row
        if column > self.columns:
            self.columns = column
        if attributes.get("t") == "e":
            raise Refused(f"has a formula that failed (such as #DIV/0!) in cell {place}")

    def _start_value(self) -> None:
        self._values += 1
        if not self._in_sheet:
            return
        if self._values > 1:
            raise Refused(f"has two values in one cell of row {self._row}")
        if self._row_hidden:
            self.hidden_rows.add(self._row)
        style = self._cell.get("s")
        if style and self._cell.get("t", "n") == "n" and _is_small(style):
            self.styled.setdefault(int(style), self._place())

    def _place(self) -> str:
        return self._cell.get("r") or f"{column_letters(self._column)}{self._row}"

    def _start_formula(self) -> None:
        self.formula = self.formula or self._place()
        self._computed = self._cell.get("t") == "str"  # an empty text is a value
        self.parser.CharacterDataHandler = self._text
        self.parser.EndElementHandler = self._end

    def _text(self, text: str) -> None:
        self._computed = self._computed or (self._values > 0 and bool(text.strip()))

    def _end(self, name: str) -> None:
        if name.rpartition(":")[2] == "c":
            self.parser.CharacterDataHandler = self.parser.EndElementHandler = None
            if not self._computed:
                self.uncomputed = self.uncomputed or self._place()

    def _start_other(self, local: str, attributes: dict[str, str]) -> None:
        if local == "col" and attributes.get("hidden") in _TRUE:
            ends = (attributes.get("min", "1"), attributes.get("max", "1"))
            if all(map(_is_small, ends)):
                self.hidden_columns.append((int(ends[0]), int(ends[1])))
        elif local == "mergeCell":
            self.merged.append(attributes.get("ref", ""))
        elif local == "sheet":
            relation = next((v for k, v in attributes.items() if k.endswith(":id")), "")
            state = attributes.get("state", "visible")
            self.sheets.append((attributes.get("name", ""), relation, state))
        elif local == "Relationship":
            self.relations[attributes.get("Id", "")] = attributes.get("Target", "")
        elif local == "calcPr":
            self.computes_on_load = attributes.get("fullCalcOnLoad") in _TRUE
        elif local in ("cellXfs", "cellStyleXfs"):
            self._in_formats = local == "cellXfs"
        elif local == "xf" and self._in_formats:
            number = attributes.get("numFmtId", "")
            self._formats.append(int(number) if _is_small(number) else 0)
        elif local == "numFmt":
            code = re.sub(r'"[^"]*"|\\.', "", attributes.get("formatCode", ""))
            number = attributes.get("numFmtId", "")
            if "%" in code and _is_small(number):
                self._percent.add(int(number))
        lists = (self.hidden_columns, self.merged, self.sheets, self.relations, self._formats)
        if any(len(found) > _MOST for found in lists):
            raise Refused(f"has over {_MOST} elements of the kind {local}")


def _is_small(number: str) -> bool:
    return number.isdigit() and len(number) < 6


@lru_cache(maxsize=1000)
def column_number(letters: str) -> int:
    """Return 1 for A, 27 for AA, and 0 for what is no column."""
    if not letters.isascii() or not letters.isalpha():
        return 0
    width = 0
    for letter in letters.upper():
        width = 26 * width + ord(letter) - ord("A") + 1
    return width


def column_letters(number: int) -> str:
    """Return A for 1, AA for 27."""
    letters = ""
    while number:
        number, last = divmod(number - 1, 26)
        letters = chr(ord("A") + last) + letters
    return letters
