"""The JSON of PxWeb's API version 1, which is a table of codes: `{"columns": [...], "data": [...]}`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from vgstats.errors import VgstatsError
from vgstats.sources.pxweb.table_csv import reading_of_table
from vgstats.sources.reading import NotThisFormat, Reading
from vgstats.sources.text_files import json_answer


def read_version_1(file: Path) -> Reading:
    """Return the rows of an answer; `row` counts its lines from 1.

    Raises:
        NotThisFormat: it is JSON of another shape.
        VgstatsError: it is not JSON, is json-stat of version 1, a line does not fit the columns, or as in
            `reading_of_table`.
    """
    answer = json_answer(file)
    if isinstance(answer, dict) and isinstance(answer.get("dataset"), dict):
        raise VgstatsError(
            f"{file}: this is json-stat of version 1. Choose json-stat2 and save the file again."
        )
    columns, data = (_list(answer, part) for part in ("columns", "data"))
    if not all(isinstance(c, dict) and isinstance(c.get("code"), str) for c in columns):
        raise NotThisFormat
    lines = [_cells(line) for line in data]
    for row, cells in enumerate(lines, 1):
        if len(cells) != len(columns):
            raise VgstatsError(
                f"{file}, row {row}: {len(cells)} cells; there are {len(columns)} columns. The file may "
                "be cut off: save it again, or choose json-stat2."
            )
    if not lines:
        raise VgstatsError(
            f"{file}: there are columns and no data. Choose values and save it again."
        )
    header = [column["code"] for column in columns]
    rows = list(range(1, len(lines) + 1))
    return reading_of_table("JSON of API version 1", header, lines, rows, file)


def _list(answer: Any, part: str) -> list[Any]:
    found = answer.get(part) if isinstance(answer, dict) else None
    if not isinstance(found, list):
        raise NotThisFormat
    return found


def _cells(line: Any) -> list[str]:
    if not isinstance(line, dict):
        raise NotThisFormat
    return [str(cell) for part in ("key", "values") for cell in _list(line, part)]
