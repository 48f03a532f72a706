"""XLSX workbooks as rows of cells, refused when they unpack to more than a table can need."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

from vgstats.errors import VgstatsError

LARGEST = 1024**3
MOST_CELLS = 20_000_000
_SMALL = 10 * 1024**2
_HIGHEST_RATIO = 200
_DIGITS = "0123456789"
_TABLE = b"sheetData"


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its rows of cells, and whether it is the workbook's first."""

    name: str
    rows: list[list[Any]]
    first: bool


class _Refused(Exception):  # noqa: N818 - says what it means
    """What a part of the workbook has that no table of figures has, in words."""


@dataclass
class _Extent:
    """How far the cells of one part reach, followed element by element."""

    rows: int = 0
    columns: int = 0
    _row: int = 0
    _column: int = 0
    _in_sheet: bool = False
    _values: int = 0
    parser: expat.XMLParserType = field(default_factory=expat.ParserCreate)

    def __post_init__(self) -> None:
        self.parser.StartElementHandler = self._start
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _doctype(self, *_: object) -> None:
        raise _Refused("has a document type of its own, which no spreadsheet has")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2] if ":" in name else name
        if local == "c":
            self._cell(attributes)
        elif local in ("v", "is"):
            self._values += 1
            if self._values > 1 and self._in_sheet:
                raise _Refused(f"has two values in one cell of row {self._row}")
        elif local == "row":
            number = attributes.get("r", "")
            self._row = int(number) if number.isascii() and number.isdigit() else self._row + 1
            self._column = 0
        elif local == "sheetData":
            self._in_sheet = True

    def _cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r", "")
        letters = place.rstrip(_DIGITS)
        column, row = _number(letters), self._row
        if column and len(letters) < len(place):
            row = int(place[len(letters) :])
        else:
            column = self._column + 1
        if self._in_sheet and (row < self._row or (row == self._row and column <= self._column)):
            raise _Refused(f"has a cell twice or out of order: {place}")
        self._row, self._column, self._values = row, column, 0
        if row > self.rows:
            self.rows = row
        if column > self.columns:
            self.columns = column
        if attributes.get("t") == "e":
            raise _Refused(f"has a formula that failed (such as #DIV/0!) in cell {place}")

    @property
    def cells(self) -> int:
        """How many cells a table from the first row and column to the furthest has."""
        return self.rows * self.columns


@lru_cache(maxsize=1000)
def _number(letters: str) -> int:
    """Return 1 for A, 27 for AA, and 0 for what is no column."""
    if not letters.isascii() or not letters.isalpha():
        return 0
    width = 0
    for letter in letters.upper():
        width = 26 * width + ord(letter) - ord("A") + 1
    return width


def check(file: Path) -> bytes:
    """Return the bytes of a workbook that is safe to read, or refuse it before it is unpacked.

    Every part is unpacked in small pieces and thrown away, since its announced size may lie. A sheet
    with one cell far out would be as large a table in memory, so the cells' places are followed too.

    Raises:
        VgstatsError: it is no XLSX file, is broken or locked, unpacks to over 1 GiB or to over 200
            times its own size and 10 MiB, has sheets that span over 20 million cells, or has a
            formula that failed.
    """
    try:
        content = file.read_bytes()
        with zipfile.ZipFile(BytesIO(content)) as archive:
            if "xl/workbook.xml" not in {part.filename.lower() for part in archive.infolist()}:
                raise VgstatsError(
                    f"{file}: this is a zip file, but no XLSX workbook. Save the table as XLSX, or "
                    "unpack the file first."
                )
            _check_parts(file, archive, len(content))
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        NotImplementedError,
        OSError,
        RuntimeError,
        ValueError,
    ) as error:
        raise VgstatsError(
            f"{file}: this XLSX file is cut off, broken or locked with a password ({error}). Save or "
            "download it again."
        ) from None
    return content


def _check_parts(file: Path, archive: zipfile.ZipFile, packed: int) -> None:
    unpacked = cells = 0
    for part in archive.infolist():
        extent, tail = _Extent(), b""
        try:
            for piece in _pieces(archive, part):
                unpacked += len(piece)
                _refuse_bomb(packed, unpacked)
                if part.filename.lower().endswith(".xml"):
                    extent.parser.Parse(piece, False)
                elif _TABLE in tail + piece:
                    raise _Refused("holds a sheet, which lies in an XML part in a workbook")
                tail = piece[-len(_TABLE) :]
                if cells + extent.cells > MOST_CELLS:
                    raise _Refused(
                        f"spans {extent.rows} rows and {extent.columns} columns, which no table of "
                        "figures does: delete the stray cells far out"
                    )
            if part.filename.lower().endswith(".xml"):
                extent.parser.Parse(b"", True)
        except _Refused as reason:
            raise VgstatsError(
                f"{file}: refused: {part.filename} {reason}. Correct it or export the table again, and "
                "ask where the file came from if you did not make it."
            ) from None
        except (expat.ExpatError, LookupError) as error:
            raise VgstatsError(
                f"{file}: this XLSX file is broken: {part.filename}: {error}. Save or download it again."
            ) from None
        cells += extent.cells


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield a part in pieces of at most 1 MiB, all of it whatever size is announced."""
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotImplementedError(f"{part.filename} is packed in a way that XLSX does not know")
    announced, part.file_size = part.file_size, LARGEST + 1
    found = 0
    with archive.open(part) as stream:
        while piece := stream.read(1 << 20):
            found += len(piece)
            yield piece
    if found != announced:
        raise zipfile.BadZipFile(f"{part.filename} is not of the size that it says")


def _refuse_bomb(packed: int, unpacked: int) -> None:
    if unpacked > LARGEST or (unpacked > _SMALL and unpacked > _HIGHEST_RATIO * packed):
        raise _Refused(
            f"makes the {packed / 1024:.0f} kB unpack to over {unpacked / 1024**2:.0f} MB, which no "
            "table of figures does"
        )


def sheets(file: Path) -> list[Sheet]:
    """Return the sheets of a workbook, in its order.

    Raises:
        VgstatsError: the file is broken, or is refused by `check`.
    """
    content = check(file)
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(content))
        return [
            Sheet(
                name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False), not number
            )
            for number, name in enumerate(workbook.sheet_names)
        ]
    except (CalamineError, OSError, ValueError) as error:
        raise VgstatsError(
            f"{file}: this XLSX file is broken ({error}). Save or download it again."
        ) from None
