"""PxWeb's CSV: what its columns mean, and that all of its lines are whole."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd

from vgstats.errors import VgstatsError
from vgstats.sources.datasets import ScbTable, datasets
from vgstats.sources.pxweb.rows import reading
from vgstats.sources.pxweb.tables import (
    COLUMN_OF_ROLE,
    is_total,
    known_tables,
    parted_by,
    table_of_contents,
)
from vgstats.sources.pxweb.words import period, translated
from vgstats.sources.reading import NotThisFormat, Reading, constant, numbers, stacked
from vgstats.sources.text_files import table_text

_MARKS = {"..": "missing", "...": "missing", "-": "nil"}
_ROLES = {
    "region": "region",
    "kön": "sex",
    "ålder": "age",
    "år": "time",
    "månad": "time",
    "kvartal": "time",
    "tid": "time",
}
_DATED = re.compile(r"(.+?) (\d{4}(?:M\d\d|K\d)?)", re.ASCII)


def read_csv(file: Path) -> Reading:
    """Return the rows of a PxWeb CSV; `row` is the line of the file.

    The contents stand in columns such as `Folkmängd 2008`, or in one column `Folkmängd` beside one
    for the time.

    Raises:
        NotThisFormat: the header is none of PxWeb's.
        VgstatsError: the text is cut off or in another encoding, a column is unknown or missing, or
            the file has neither a total nor an age band that is whole.
    """
    header, lines, rows = _lines(table_text(file), file)
    table, contents = _contents(header, file)
    texts = pd.DataFrame(lines, columns=range(len(header)), dtype=object)
    roles = _roles(header, contents, texts, file)
    _check_roles(roles, contents, table, file)
    shared = pd.DataFrame({"row": np.array(rows, dtype=int)})
    for role, place in roles.items():
        shared[role] = translated(texts[place], role)
    parts = []
    for place, time in contents.items():
        value, status = _numbers(texts[place], table)
        part = shared.assign(value=value, status=status)
        parts.append(part.assign(time=constant(period(time), part.index)) if time else part)
    headings = {COLUMN_OF_ROLE[role]: header[place] for role, place in roles.items()}
    headings["value"] = table.heading
    recognised = f"SCB PxWeb, CSV: {table.heading}"
    return reading(recognised, stacked(parts), table, headings, file)


def _lines(text: str, file: Path) -> tuple[list[str], list[list[str]], list[int]]:
    """Return the header, the cells of each line below it, and the number of each line."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    header = _header(reader)
    lines, rows = [], []
    try:
        for cells in filter(None, reader):
            if len(cells) != len(header):
                raise VgstatsError(
                    f"{file}, row {reader.line_num}: {len(cells)} cells; the header has "
                    f"{len(header)}. The file may be cut off: save it again."
                )
            lines.append(cells)
            rows.append(reader.line_num)
    except csv.Error as error:
        raise VgstatsError(
            f"{file}, row {reader.line_num}: the line is cut off or broken ({error}). Save it again."
        ) from None
    if not lines or not text.endswith(("\n", "\r")):
        raise VgstatsError(
            f"{file}: the file ends within its last line, or below its header, and may be cut off. "
            "Save it again; if it is whole, end the last line with a line break."
        )
    return header, lines, rows


def _header(reader: Iterator[list[str]]) -> list[str]:
    try:
        header = [cell.strip() for cell in next(reader, [])]
    except csv.Error:
        raise NotThisFormat from None
    bare = {_DATED.sub(r"\1", cell).lower() for cell in header}
    known = {table.heading.lower() for table in datasets().scb.tables}
    if "region" not in bare and not (bare & set(_ROLES) and bare & known):
        raise NotThisFormat
    return header


def _contents(header: list[str], file: Path) -> tuple[ScbTable, dict[int, str]]:
    """Return the table that the numbers are of, and the time in the heading of each column of them."""
    known = {table.heading.lower(): table.heading for table in known_tables()}
    times: dict[int, str] = {}
    found = []
    for place, cell in enumerate(header):
        dated = _DATED.fullmatch(cell)
        name, time = dated.groups() if dated else (cell, "")
        if name.lower() in known:
            times[place] = time
            found.append(known[name.lower()])
    headings = list(dict.fromkeys(found)) or header[-1:]
    return table_of_contents(headings, lambda table: table.heading, file), times


def _roles(
    header: list[str], contents: dict[int, str], texts: pd.DataFrame, file: Path
) -> dict[str, int]:
    """Return the column of each role; any other column must hold only its total."""
    roles: dict[str, int] = {}
    for place, cell in enumerate(header):
        if place in contents:
            continue
        role = _ROLES.get(cell.lower())
        if role and role not in roles:
            roles[role] = place
            continue
        if role or _DATED.fullmatch(cell) or not cell:
            raise VgstatsError(f"{file}: the column {cell!r} was not expected. Remove it.")
        words = list(dict.fromkeys(texts[place]))
        if len(words) > 1 or not is_total(words[0]):
            raise parted_by(f"column {cell!r}", words, file)
    return roles


def _check_roles(
    roles: dict[str, int], contents: dict[int, str], table: ScbTable, file: Path
) -> None:
    if "region" in table.variables and "region" not in roles:
        raise VgstatsError(f"{file}: the column region is missing. Save the file again with it.")
    dated = [bool(time) for time in contents.values()]
    if dated != [False] if "time" in roles else not all(dated):
        raise VgstatsError(
            f"{file}: the time must stand either in the headings of the numbers or in one column år, "
            "and there must be one of the two. Save the file again."
        )


def _numbers(texts: pd.Series, table: ScbTable) -> tuple[pd.Series, pd.Series]:
    """Return values and statuses; a text with more decimals than the table has is not a number."""
    value, status = numbers(texts, _MARKS)
    decimals = max(0, round(-math.log10(table.resolution)))
    form = r"\s*-?\d[\d \u00a0]*" + (rf"(\.\d{{1,{decimals}}})?" if decimals else "") + r"\s*"
    odd = (status == "ok") & ~texts.str.fullmatch(form)
    words = status.astype(object).mask(odd, "text " + texts)
    return value.mask(odd), words.astype("category")
