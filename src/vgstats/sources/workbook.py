"""XLSX workbooks as rows of cells, refused when they unpack to more than a table can need."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

from vgstats.errors import VgstatsError
from vgstats.sources.workbook_part import Part, Refused, column_letters, column_number

LARGEST = 1024**3
MOST_CELLS = 20_000_000
_SMALL = 10 * 1024**2
_HIGHEST_RATIO = 200
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)
_TABLE = b"sheetData"
_BOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its rows of cells, whether it is the first, and what of it is not seen."""

    name: str
    rows: list[list[Any]]
    first: bool
    hidden: bool = False
    part: Part = field(default_factory=Part)
    percent: str = ""  # the first cell with a number that is shown in per cent
    uncomputed: str = ""  # the first cell with a formula that has no value

    def refuse_unseen(
        self, file: Path, first: int, last: int, width: int, *, merged: bool = False
    ) -> None:
        """Refuse a table whose cells hold something else than a person sees in them.

        Args:
            file: for the message.
            first: the first row below the header.
            last: the last row.
            width: how many columns are headed.
            merged: whether the reader knows what merged cells say.

        Raises:
            VgstatsError: the sheet, a row or a column is hidden, cells are merged, a formula was never
                computed, or a number is shown in per cent.
        """
        fault = self._unseen(first, last, width, [] if merged else self.part.merged)
        if fault:
            raise VgstatsError(f"{file}, sheet {self.name}: {fault}, and save the file again.")

    def _unseen(self, first: int, last: int, width: int, merged: list[str]) -> str:
        if self.hidden:
            return "the sheet is hidden and has a table of figures. Show it or delete it"
        if self.uncomputed:
            return (
                f"cell {self.uncomputed} has a formula that was never computed, so that it has no number. "
                "Open the file in Excel or LibreOffice"
            )
        if self.percent:
            return (
                f"cell {self.percent} is shown in per cent, as a hundred times what it holds (0.38 as 38 %). "
                "Give the cells an ordinary number format and the numbers that are to be read"
            )
        rows = sorted(row for row in self.part.hidden_rows if first <= row <= last)
        if rows:
            return (
                f"{len(rows)} rows of the table are hidden (row {rows[0]} is the first; a filter?). Show "
                "them or delete them"
            )
        for start, _ in self.part.hidden_columns:
            if start <= width:
                return f"column {column_letters(start)} is hidden. Show it or delete it"
        for area in merged:
            ends = re.findall(r"([A-Z]+)(\d+)", area.upper())
            inside = [
                int(row) >= first and column_number(letters) <= width for letters, row in ends
            ]
            if any(inside) and int(ends[0][1]) <= last:
                return (
                    f"merged cells (sammanslagna celler), {area}: only the first of them has what all of "
                    "them show. Split them and fill in each"
                )
        return ""


def check(file: Path) -> tuple[bytes, dict[str, Part]]:
    """Return the bytes of a workbook that is safe to read and its parts, or refuse it before it is unpacked.

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
            if _BOOK not in {part.filename.lower() for part in archive.infolist()}:
                raise VgstatsError(
                    f"{file}: this is a zip file, but no XLSX workbook. Save the table as XLSX, or "
                    "unpack the file first."
                )
            parts = _check_parts(file, archive, len(content))
    except _BROKEN as error:
        raise VgstatsError(
            f"{file}: this XLSX file is cut off, broken or locked with a password ({error}). Save or "
            "download it again."
        ) from None
    return content, parts


def _check_parts(file: Path, archive: zipfile.ZipFile, packed: int) -> dict[str, Part]:
    found: dict[str, Part] = {}
    unpacked = cells = 0
    for part in archive.infolist():
        name = part.filename.lower()
        is_xml = name.endswith(".xml") or name == _RELATIONS
        extent, tail = Part(), b""
        try:
            for piece in _pieces(archive, part):
                unpacked += len(piece)
                _refuse_bomb(packed, unpacked)
                if is_xml:
                    extent.parser.Parse(piece, False)
                elif _TABLE in tail + piece:
                    raise Refused("holds a sheet, which lies in an XML part in a workbook")
                tail = piece[-len(_TABLE) :]
                if cells + extent.cells > MOST_CELLS:
                    raise Refused(
                        f"spans {extent.rows} rows and {extent.columns} columns, which no table of "
                        "figures does: delete the stray cells far out"
                    )
            if is_xml:
                extent.parser.Parse(b"", True)
        except Refused as reason:
            raise VgstatsError(
                f"{file}: refused: {part.filename} {reason}. Correct it or export the table again, and "
                "ask where the file came from if you did not make it."
            ) from None
        except (expat.ExpatError, LookupError) as error:
            raise VgstatsError(
                f"{file}: this XLSX file is broken: {part.filename}: {error}. Save or download it again."
            ) from None
        cells += extent.cells
        found[name] = extent
    return found


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
        raise Refused(
            f"makes the {packed / 1024:.0f} kB unpack to over {unpacked / 1024**2:.0f} MB, which no "
            "table of figures does"
        )


def sheets(file: Path) -> list[Sheet]:
    """Return the sheets of a workbook, in its order.

    Raises:
        VgstatsError: the file is broken, or is refused by `check`.
    """
    content, parts = check(file)
    book = parts[_BOOK]
    targets = parts.get(_RELATIONS, Part()).relations
    percents = {style for part in parts.values() for style in part.percents}
    seen = {name: (relation, state) for name, relation, state in book.sheets}
    found = []
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(content))
        for number, name in enumerate(workbook.sheet_names):
            relation, state = seen.get(name, ("", "visible"))
            place = posixpath.normpath(posixpath.join("/xl", targets.get(relation, "")))
            part = parts.get(place.lstrip("/").lower(), Part())
            rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            shown_in_percent = (cell for style, cell in part.styled.items() if style in percents)
            uncomputed = part.formula if book.computes_on_load else part.uncomputed
            hidden, percent = state != "visible", next(shown_in_percent, "")
            found.append(Sheet(name, rows, not number, hidden, part, percent, uncomputed))
    except (CalamineError, OSError, ValueError) as error:
        raise VgstatsError(
            f"{file}: this XLSX file is broken ({error}). Save or download it again."
        ) from None
    return found


def cell_text(cell: Any) -> str:
    """Return a cell as text: a whole number without decimals, a date as 2024-12-01."""
    if isinstance(cell, str):
        return " ".join(cell.split())
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        cell = cell.date()
    return str(cell)


def said_below(notes: list[str]) -> tuple[str, ...]:
    """Return what to say of the notes below a table, nothing where there are none."""
    return (f"below the table the file says: {'; '.join(notes)}",) if notes else ()


def without_notes(rows: dict[int, list[str]]) -> tuple[dict[int, list[str]], list[str]]:
    """Return the rows of a table by their numbers, and the notes below it such as `Källa: ...`.

    A note is one or two cells with words, in a row below which there are only such.
    """
    table, notes = dict(rows), []
    while table:
        number = max(table)
        filled = [text for text in table[number] if text]
        if len(filled) > 2 or not all(map(_is_words, filled)):
            break
        notes.append(f"row {number}: {' '.join(filled)}")
        del table[number]
    return table, notes[::-1]


def _is_words(text: str) -> bool:
    """Return whether a text is words or a day, and no month such as `jan 2019` that a row begins with."""
    words = re.search(r"[^\W\d_]{2}", text) or re.fullmatch(r"\d{4}-\d\d-\d\d", text)
    return bool(words) and not re.fullmatch(r"[^\W\d_]{3,9}\.? \d{4}", text)
