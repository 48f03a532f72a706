"""XLSX workbooks as rows of cells, refused when they unpack to more than a table can need."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from vgstats.errors import VgstatsError

LARGEST = 1024**3
_SMALL = 10 * 1024**2
_HIGHEST_RATIO = 200
_MOST_CELLS = 50_000_000
_CELL = re.compile(rb'[ "]r="([A-Z]{1,3})(\d{1,7})"')


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its rows of cells, and whether it is the workbook's first."""

    name: str
    rows: list[list[Any]]
    first: bool


def check_size(file: Path) -> None:
    """Refuse a workbook that is no zip file, is broken, or is a zip bomb, before it is unpacked.

    Every part is unpacked in small pieces and thrown away, since its announced size may lie. A sheet
    with one cell far out would be as large a table in memory, so the cells' places are looked at too.

    Raises:
        VgstatsError: it unpacks to over 1 GiB, or to over 200 times its own size and 10 MiB, or a
            sheet spans over 50 million cells.
    """
    packed, unpacked = file.stat().st_size, 0
    try:
        with zipfile.ZipFile(file) as archive:
            for part in archive.infolist():
                rows, columns = 0, ""
                with archive.open(part) as stream:
                    while piece := stream.read(1 << 20):
                        unpacked += len(piece)
                        _refuse_bomb(file, packed, unpacked)
                        if part.filename.startswith("xl/worksheets/"):
                            piece += stream.read(1 << 6)
                            rows, columns = _reach(piece, rows, columns)
                _refuse_wide(file, part.filename, rows, columns)
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
            f"{file}: this XLSX file is cut off or broken ({error}). Save or download it again."
        ) from None


def _reach(piece: bytes, rows: int, columns: str) -> tuple[int, str]:
    """Return the furthest row and column that a piece of a sheet names."""
    for column, row in set(_CELL.findall(piece)):
        rows = max(rows, int(row))
        columns = max(columns, column.decode(), key=lambda letters: (len(letters), letters))
    return rows, columns


def _refuse_wide(file: Path, sheet: str, rows: int, columns: str) -> None:
    width = 0
    for letter in columns:
        width = 26 * width + ord(letter) - ord("A") + 1
    if rows * width > _MOST_CELLS:
        raise VgstatsError(
            f"{file}: refused: {sheet} spans {rows} rows and {width} columns, which no table of figures "
            "does. Delete the stray cells far out in the sheet, or export it again."
        )


def _refuse_bomb(file: Path, packed: int, unpacked: int) -> None:
    if unpacked > LARGEST or (unpacked > _SMALL and unpacked > _HIGHEST_RATIO * packed):
        raise VgstatsError(
            f"{file}: refused: its {packed / 1024:.0f} kB unpack to over {unpacked / 1024**2:.0f} MB, "
            "which no table of figures does. Do not open it; ask where it came from."
        )


def sheets(file: Path) -> list[Sheet]:
    """Return the sheets of a workbook, in its order.

    Raises:
        VgstatsError: the file is broken, or is refused by `check_size`.
    """
    check_size(file)
    try:
        workbook = CalamineWorkbook.from_path(file)
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
