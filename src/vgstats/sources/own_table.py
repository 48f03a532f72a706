"""A table that a region has made itself, as CSV or XLSX; `docs/egen-tabell.md` describes it.

It is read as a Swedish Excel saves it (semicolon or comma, decimal comma, UTF-8 or Windows-1252), and its
words as the other sources write them. What could mean two things is refused, never guessed.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from vgstats.errors import VgstatsError
from vgstats.observations import COLUMNS
from vgstats.sources import labels
from vgstats.sources.own_words import LISTS, SOURCE, in_own_words, is_measure
from vgstats.sources.reading import (
    REJECTED_COLUMNS,
    NotThisFormat,
    Reading,
    refuse_no_rows,
    table_text,
)
from vgstats.sources.workbook import Sheet, said_below, sheets, without_notes

HEADINGS = {
    "measure": ("mått",),
    "area": ("område", "kommun", "län"),
    "period": ("år", "kvartal", "månad"),
    "sex": ("kön",),
    "group": ("grupp",),
    "value": ("värde", "antal"),
    "resolution": ("avrundning",),
    "status": ("märke",),
    "source": ("källa",),
    "retrieved": ("hämtad",),
}
NEEDED = ("measure", "area", "period", "sex", "value")


def _named(column: str) -> str:
    """Return a column's name with the Swedish word for it; which a period's is depends on its length."""
    return column if column == "period" else f"{column} ({HEADINGS[column][0]})"


NEEDS = (
    f"A table of your own needs the columns {', '.join(map(_named, NEEDED))}, with the header "
    "first; the guide Egna siffror (docs/egen-tabell.md in the project) describes them, and "
    "'vgstats template FILE.xlsx' writes an empty table"
)
_COLUMN_OF = {word: name for name, words in HEADINGS.items() for word in (name, *words)}
_HEADER_WITHIN = 10
_NOTES_WITHIN = 20


def source_of(publisher: str) -> str:
    """Return the source of the tables of a publisher, where they do not name one."""
    plain = unicodedata.normalize("NFKD", publisher.lower()).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50]
    return f"egen-{name}" if name else SOURCE


def read_csv(file: Path, source: str = "") -> Reading:
    """Return the rows of a CSV with a header in its first line.

    Args:
        file: the CSV.
        source: the source of rows that do not name theirs.

    Raises:
        NotThisFormat: the first line is not the header of such a table.
        VgstatsError: a column is missing, unknown or there twice, a line has too few or too many cells, or
            the text is in another encoding. Cells are left to the checks at the door.
    """
    with file.open("rb") as stream:
        line = stream.readline().removeprefix(b"\xef\xbb\xbf")
    try:
        first = line.decode("utf-8")
    except UnicodeDecodeError:
        first = line.decode("cp1252", "replace")
    first = first.splitlines()[0].replace("\0", "") if first else ""
    headers = {sign: next(csv.reader([first], delimiter=sign), []) for sign in ";,\t"}
    sign, header = max(headers.items(), key=lambda pair: len(_known(pair[1])))
    if not _is_header(header):
        raise NotThisFormat
    texts = [str(place) for place in range(len(header))]
    try:
        table = pyarrow.csv.read_csv(
            BytesIO(table_text(file).encode()),
            read_options=pyarrow.csv.ReadOptions(column_names=texts, skip_rows=1),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(texts, pa.dictionary(pa.int32(), pa.string())),
                strings_can_be_null=False,
            ),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=sign, newlines_in_values=False, ignore_empty_lines=False
            ),
        )
    except pa.ArrowException as error:
        reason = str(error).splitlines()[0]
        raise VgstatsError(
            f"{file}: a line is cut off or has another number of cells than the header ({reason}). Delete it if "
            "it is a note below the table; else save the file again."
        ) from None
    frame = table.unify_dictionaries().to_pandas()
    frame.columns = pd.Index(range(len(header)))
    frame["row"] = np.arange(2, len(frame) + 2)
    end = frame.tail(_NOTES_WITHIN).set_index("row").astype(str)
    lines = {int(row): list(cells) for row, cells in zip(end.index, end.to_numpy(), strict=True)}
    table_rows, below = _parted(lines, header)
    frame = frame[~frame["row"].isin(lines.keys() - table_rows.keys())]
    return _reading(file, "CSV", [("", header, frame)], source, said_below(below))


def read_xlsx(file: Path, source: str = "") -> Reading:
    """Return the rows of every sheet with a header, which may have title rows above it (see `read_csv`).

    Raises:
        NotThisFormat: no sheet has the header of such a table.
        VgstatsError: the file is broken or holds something else than is seen, or a column is missing, unknown
            or there twice.
    """
    found: list[tuple[str, list[str], pd.DataFrame]] = []
    notes: list[str] = []
    for sheet in sheets(file):
        number = next(
            (at for at, row in enumerate(sheet.rows[:_HEADER_WITHIN]) if _is_header(_texts(row))),
            None,
        )
        if number is not None:
            table, below = _below(file, sheet, number)
            found.append(table)
            notes += said_below(below)
        elif sheet.name != LISTS and any(any(_texts(row)) for row in sheet.rows):
            notes.append(f"the sheet {sheet.name} has no header of a table and was not read")
    if not found:
        raise NotThisFormat
    return _reading(file, "XLSX", found, source, tuple(notes))


def _below(
    file: Path, sheet: Sheet, number: int
) -> tuple[tuple[str, list[str], pd.DataFrame], list[str]]:
    """Return a sheet's name, header and cells, and the notes below its table."""
    header = _texts(sheet.rows[number])
    width = max(map(len, sheet.rows))
    header += [""] * (width - len(header))
    lines = {
        row: _texts(cells, header) for row, cells in enumerate(sheet.rows[number + 1 :], number + 2)
    }
    lines, notes = _parted(lines, header)
    headed = max(at for at, cell in enumerate(header, 1) if cell)
    sheet.refuse_unseen(file, number + 2, max(lines, default=0), headed)
    frame = pd.DataFrame(
        [[*line, *[""] * (width - len(line))] for line in lines.values()], columns=range(width)
    )
    frame["row"] = np.array(list(lines), dtype=int)
    return (sheet.name, header, frame), notes


def _parted(
    lines: dict[int, list[str]], header: Sequence[str]
) -> tuple[dict[int, list[str]], list[str]]:
    """Return the filled rows of a table, and the notes below the last row that begins with a measure's name."""
    filled = {row: texts for row, texts in lines.items() if any(texts)}
    at = _known(header).get("measure", 0)
    last = next((row for row in reversed(filled) if is_measure(filled[row][at])), 0)
    rest, notes = without_notes({row: texts for row, texts in filled.items() if row > last})
    return {row: texts for row, texts in filled.items() if row <= last or row in rest}, notes


def _texts(cells: Sequence[Any], header: Sequence[str] = ()) -> list[str]:
    return [_text(cell, header[at] if at < len(header) else "") for at, cell in enumerate(cells)]


def _text(cell: Any, heading: str = "") -> str:
    """Return a cell as text; a date is a month only where the heading says so."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.date):
        column = _COLUMN_OF.get(heading.strip().lower())
        if heading.strip().lower() == "månad" and cell.day == 1:
            return f"{cell:%Y-%m}"
        return f"Excel's date {cell:%Y-%m-%d}" if column == "period" else f"{cell:%Y-%m-%d}"
    return str(cell).strip()


def _known(header: Sequence[str]) -> dict[str, int]:
    """Return the places of the columns that a header names."""
    words = [cell.strip().lower() for cell in header]
    return {_COLUMN_OF[word]: place for place, word in enumerate(words) if word in _COLUMN_OF}


def _is_header(header: Sequence[str]) -> bool:
    found = set(_known(header))
    return {"measure", "area"} <= found or (len(found) >= 3 and bool(found & {"measure", "value"}))


def _check_header(where: str, header: Sequence[str], frame: pd.DataFrame) -> dict[str, int]:
    """Return the places of the columns of a table, or say what is wrong with its header."""
    named = {place: cell.strip() for place, cell in enumerate(header) if cell.strip()}
    columns = [_COLUMN_OF.get(name.lower(), "") for name in named.values()]
    faults = [f"{_named(name)} is missing" for name in NEEDED if name not in columns]
    faults += [
        f"{name!r} is not expected" for name in named.values() if name.lower() not in _COLUMN_OF
    ]
    faults += [
        f"{' and '.join(repr(n) for n, c in zip(named.values(), columns, strict=True) if c == twice)} are one column"
        for twice in dict.fromkeys(c for c in columns if c and columns.count(c) > 1)
    ]
    unheaded = [at for at in range(len(header)) if at not in named and (frame[at] != "").any()]
    faults += ["a column with figures has no heading"] if unheaded else []
    if faults:
        optional = ", ".join(_named(name) for name in COLUMNS if name not in NEEDED)
        raise VgstatsError(
            f"{where}: the header is {', '.join(named.values())}: {'; '.join(faults)}. {NEEDS}. It may also have "
            f"{optional}. Correct the header."
        )
    return _known(header)


def _reading(
    file: Path,
    form: str,
    tables: Sequence[tuple[str, list[str], pd.DataFrame]],
    source: str,
    notes: tuple[str, ...] = (),
) -> Reading:
    parts, words = [], {}
    for sheet, header, frame in tables:
        places = _check_header(f"{file}, sheet {sheet}" if sheet else str(file), header, frame)
        words = {name: header[place].strip() for name, place in places.items()}
        cells = {name: labels.translate(frame[at], str.strip) for name, at in places.items()}
        whole = pd.DataFrame({**cells, "row": frame["row"]})
        filled = np.logical_or.reduce([(whole[name] != "").to_numpy() for name in places])
        of_sheet = whole[filled].reset_index(drop=True)
        parts.append(in_own_words(of_sheet, words, source).assign(sheet=sheet))
    refuse_no_rows(file, sum(map(len, parts)))
    rows = pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]
    odd = rows.pop("odd").to_numpy()
    rejected = rows.loc[odd, ["sheet", "row"]].assign(
        column=words["value"],
        value=rows.pop("text")[odd],
        rule="has decimals that the measure or its rounding unit does not have; if the point or comma parts "
        "thousands, write 1234",
    )
    kept = rows[~odd].reset_index(drop=True)
    return Reading(
        f"a table of your own, {form}", "", kept, words, rejected[REJECTED_COLUMNS], notes
    )
