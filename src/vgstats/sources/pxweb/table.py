"""PxWeb's tables of texts: CSV, and the JSON of API version 1, which is a table of codes.

All of their lines must be whole, and every column known.
"""

from __future__ import annotations

import csv
import math
import re
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from vgstats.errors import VgstatsError
from vgstats.sources.datasets import ScbTable
from vgstats.sources.pxweb.rows import reading
from vgstats.sources.pxweb.words import (
    COLUMN_OF_ROLE,
    is_total,
    known_tables,
    parted_by,
    period,
    table_of_contents,
    translated,
)
from vgstats.sources.reading import (
    NotThisFormat,
    Reading,
    constant,
    json_answer,
    numbers,
    stacked,
    table_text,
)

_MARKS = {"..": "missing", "...": "missing", "-": "nil"}
_ROLES = {"region": "region", "kön": "sex", "ålder": "age"}
_ROLES |= dict.fromkeys(("år", "månad", "kvartal", "tid"), "time")
_DATED = re.compile(r"(.+?) (\d{4}(?:M\d\d|K\d)?)", re.ASCII)
_SEPARATORS = ",;\t"
_TITLES = 5  # lines at most above the header


def read_csv(file: Path) -> Reading:
    """Return the rows of a PxWeb CSV; `row` is the line of the file.

    Separated by comma, semicolon or tab, with a title above the header or not, by text, by code, or both.
    The contents stand in columns such as `Folkmängd 2008`, or in one column `Folkmängd` beside one
    for the time.

    Raises:
        NotThisFormat: the header is none of PxWeb's.
        VgstatsError: the text is cut off or in another encoding, a column is unknown or missing, or
            the file has neither a total nor an age band that is whole.
    """
    text = table_text(file)
    above, separator = _header(text)
    header, lines = _lines(text, above, separator, file)
    return reading_of_table("CSV", header, lines, file, decimal_comma=separator != ",")


def reading_of_table(
    form: str,
    header: list[str],
    lines: dict[int, list[str]],
    file: Path,
    *,
    decimal_comma: bool = False,
) -> Reading:
    """Return what a table of texts becomes: variables in some columns and the numbers in the others.

    Args:
        form: what the file is, for messages: CSV, or JSON of version 1.
        header: the heading of each column, in words, codes or both.
        lines: the cells of each line, by its place in the file.
        file: the file, for messages.
        decimal_comma: whether a number may have one.

    Raises:
        VgstatsError: a column is unknown or missing, or there is neither a total nor a whole age band.
    """
    table, contents = _contents(header, file)
    texts = pd.DataFrame(list(lines.values()), columns=range(len(header)), dtype=object)
    roles = _roles(header, contents, texts, table, file)
    shared = pd.DataFrame({"row": np.array(list(lines), dtype=int)})
    for role, place in roles.items():
        shared[role] = translated(texts[place], role)
    # A text with more decimals than the table has is not a number.
    decimals = max(0, round(-math.log10(table.resolution)))
    sign = "[.,]" if decimal_comma else r"\."
    written = r"\s*-?\d[\d \u00a0]*" + rf"({sign}\d{{1,{decimals}}})?" * bool(decimals) + r"\s*"
    parts = []
    for place, time in contents.items():
        value, status = numbers(
            texts[place], _MARKS, decimal_comma=decimal_comma, written=written, otherwise="text {}"
        )
        part = shared.assign(value=value, status=status)
        parts.append(part.assign(time=constant(period(time), part.index)) if time else part)
    headings = {COLUMN_OF_ROLE[role]: header[place] for role, place in roles.items()}
    headings["value"] = table.heading
    return reading(f"SCB PxWeb, {form}: {table.heading}", stacked(parts), table, headings, file)


def _header(text: str) -> tuple[int, str]:
    """Return how many lines stand above the header, and what separates its cells.

    Raises:
        NotThisFormat: none of the first lines is a header of PxWeb's.
    """
    roles = {name.lower() for table in known_tables() for name in table.variables.values()}
    roles |= set(_ROLES)
    known = {name.lower() for table in known_tables() for name in (table.heading, table.contents)}
    for above, line in enumerate(text.splitlines()[: _TITLES + 1]):
        for separator in _SEPARATORS:
            try:
                cells = next(csv.reader([line], delimiter=separator, strict=True), [])
            except csv.Error:
                continue
            bare = {_DATED.sub(r"\1", cell.strip()).lower() for cell in cells}
            named = bare | {cell.partition(" ")[0] for cell in bare}
            if len(cells) > 1 and ("region" in bare or (named & roles and named & known)):
                return above, separator
    raise NotThisFormat


def _lines(
    text: str, above: int, separator: str, file: Path
) -> tuple[list[str], dict[int, list[str]]]:
    """Return the header, and the cells of each line below it by its number."""
    below = "".join(text.splitlines(keepends=True)[above:])
    reader = csv.reader(StringIO(below, newline=""), delimiter=separator, strict=True)
    header = [cell.strip() for cell in next(reader)]
    lines = {}
    try:
        for cells in reader:
            if not any(cells):
                continue
            if len(cells) != len(header):
                raise VgstatsError(
                    f"{file}, row {above + reader.line_num}: {len(cells)} cells; the header has {len(header)}. "
                    f"If {cells[0]!r} is a note below the table, delete it; else the file may be cut off: save it "
                    "again."
                )
            lines[above + reader.line_num] = cells
    except csv.Error as error:
        raise VgstatsError(
            f"{file}, row {above + reader.line_num}: the line is cut off or broken ({error}). Save it "
            "again."
        ) from None
    if not lines or not text.endswith(("\n", "\r")):
        raise VgstatsError(
            f"{file}: the file ends within its last line, or below its header, and may be cut off. "
            "Save it again; if it is whole, end the last line with a line break."
        )
    return header, lines


def _contents(header: list[str], file: Path) -> tuple[ScbTable, dict[int, str]]:
    """Return the table that the numbers are of, and the time in the heading of each column of them."""
    names: dict[str, ScbTable] = {}
    for table in known_tables():
        for name in (table.contents, table.heading, f"{table.contents} {table.heading}"):
            names.setdefault(name.lower(), table)
    times: dict[int, str] = {}
    found = []
    for place, cell in enumerate(header):
        dated = _DATED.fullmatch(cell)
        name, time = dated.groups() if dated else (cell, "")
        if name.lower() in names:
            times[place] = time
            found.append(names[name.lower()].contents)
    return table_of_contents(list(dict.fromkeys(found)) or header[-1:], file), times


def _roles(
    header: list[str], contents: dict[int, str], texts: pd.DataFrame, table: ScbTable, file: Path
) -> dict[str, int]:
    """Return the column of each role; any other column must hold only its total."""
    named = {name.lower(): role for role, name in table.variables.items()} | _ROLES
    roles: dict[str, int] = {}
    for place, cell in enumerate(header):
        if place in contents:
            continue
        text = cell.lower()
        role = named.get(text) or named.get(text.partition(" ")[0])
        if role and role not in roles:
            roles[role] = place
            continue
        if role or _DATED.fullmatch(cell) or not cell:
            raise VgstatsError(f"{file}: the column {cell!r} was not expected. Remove it.")
        words = list(dict.fromkeys(texts[place]))
        if len(words) > 1 or not (is_total(words[0]) or is_total(words[0].partition(" ")[0])):
            raise parted_by(f"column {cell!r}", words, file)
    if "region" in table.variables and "region" not in roles:
        raise VgstatsError(f"{file}: the column region is missing. Save the file again with it.")
    dated = [bool(time) for time in contents.values()]
    if dated != [False] if "time" in roles else not all(dated):
        raise VgstatsError(
            f"{file}: the time must stand either in the headings of the numbers or in one column år, "
            "and there must be one of the two. Save the file again."
        )
    return roles


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
    lines = {row: _cells(line) for row, line in enumerate(data, 1)}
    for row, cells in lines.items():
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
    return reading_of_table("JSON of API version 1", header, lines, file)


def _list(answer: Any, part: str) -> list[Any]:
    found = answer.get(part) if isinstance(answer, dict) else None
    if not isinstance(found, list):
        raise NotThisFormat
    return found


def _cells(line: Any) -> list[str]:
    if not isinstance(line, dict):
        raise NotThisFormat
    return [str(cell) for part in ("key", "values") for cell in _list(line, part)]
