"""Certificates in Parquet, CSV and XLSX into DuckDB, only the columns that a mapping names, and nothing of them told.

What stands in a row is in no message.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from vgstats.cases.mapping import DESCRIBED, folded
from vgstats.cases.personal_numbers import named_personal
from vgstats.cases.workspace import Column, quoted
from vgstats.entries import why_unread
from vgstats.errors import Mistakes, VgstatsError, most_like
from vgstats.sources.workbook import cell_text, sheets

_HEADER_WITHIN = 10  # rows of a sheet
_LIKE = (
    0.7  # how like a header must be to be named: one of a file without headers is somebody's data
)


def load(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    files: Sequence[Path],
    columns: Mapping[str, Sequence[str]],
) -> list[Column]:
    """Make a relation of the rows of files, with the columns asked for and no others.

    Args:
        connection: where to make it.
        relation: its name. Its columns are `file` (which of the files, from 0), `row` (as a person counts them, from 1,
            the header one of them) and one for each named column; a key with several has `key_0`, `key_1` and so on.
        files: Parquet, CSV or XLSX.
        columns: the files' own names of the columns, by key.

    Returns:
        The columns as they are called in the relation and in the files.

    Raises:
        VgstatsError: a file cannot be read or is of another kind, or lacks a column.
    """
    named = [
        (key if len(names) == 1 else f"{key}_{n}", name)
        for key, names in columns.items()
        for n, name in enumerate(names)
    ]
    parts, mistakes = [], Mistakes()
    for at in named_personal([file.name for file in files]):
        mistakes.append(
            f"The name of file {at + 1} of {len(files)} looks like a personnummer or a samordningsnummer, and is not "
            "shown here. Nothing was read in. Rename the file."
        )
    mistakes.tell()
    for number, file in enumerate(files):
        with mistakes.noted():
            parts.append(
                f"SELECT {number}::USMALLINT AS file, * FROM {_part(connection, f'{relation}_{number}', file, named)}"
            )
    mistakes.tell()
    connection.execute(f"CREATE VIEW {relation} AS {' UNION ALL BY NAME '.join(parts)}")
    connection.execute("SET preserve_insertion_order = false")
    return named


def _part(connection: duckdb.DuckDBPyConnection, name: str, file: Path, named: list[Column]) -> str:
    """Return a relation of a file's rows: a view of Parquet, a table of what is read once."""
    try:
        with file.open("rb") as stream:
            start = stream.read(4)
    except OSError as error:
        start, why = b"", why_unread(file, error)
    else:
        why = "" if start else "it is empty"
    if why:
        raise VgstatsError(f"{file}: cannot be read ({why}). Name a file of certificates.")
    if start == b"PAR1":
        return _parquet(connection, name, file, named)
    first = (
        _workbook(connection, name, file, named)
        if start == b"PK\x03\x04"
        else _csv(connection, name, file, named)
    )
    # A table keeps the order of the file, so that its places tell the rows.
    connection.execute(f"CREATE VIEW {name} AS SELECT rowid + {first} AS row, * FROM {name}_rows")
    return name


def _parquet(
    connection: duckdb.DuckDBPyConnection, name: str, file: Path, named: list[Column]
) -> str:
    source = f"read_parquet('{str(file).replace(chr(39), chr(39) * 2)}', file_row_number = true)"
    broken, there, header = False, list[str](), list[str]()
    try:
        there = [
            one[0] for one in connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        ]
        header = pyarrow.parquet.read_schema(
            file
        ).names  # of two names that differ by case only, both
    except (duckdb.Error, pa.ArrowException, OSError):
        broken = True
    if broken:
        raise VgstatsError(f"{file}: the Parquet file is broken. Write it again.")
    places = _places(file, header, named)
    chosen = ", ".join(f"{quoted(there[places[own]])} AS {quoted(key)}" for key, own in named)
    connection.execute(
        f"CREATE VIEW {name} AS SELECT file_row_number + 1 AS row, {chosen} FROM {source}"
    )
    return name


def _csv(connection: duckdb.DuckDBPyConnection, name: str, file: Path, named: list[Column]) -> int:
    """Make a table of the named columns of a CSV, as texts; return the number of its first row."""
    encoding = _encoding(file)
    with file.open("rb") as stream:
        line = stream.readline().decode(encoding, "replace").rstrip("\r\n")
    if "\r" in line:
        raise VgstatsError(
            f"{file}: its lines end as on an old Mac (CR), or a cell of the header has a line break. Save the file "
            "again, as CSV UTF-8."
        )
    headers = {sign: next(csv.reader([line], delimiter=sign), []) for sign in ";,\t"}
    sign, header = max(headers.items(), key=lambda pair: len(pair[1]))
    places = _places(file, header, named)
    wanted = {key: str(places[own]) for key, own in named}
    failed = False
    try:
        reader = pyarrow.csv.open_csv(
            file,
            read_options=pyarrow.csv.ReadOptions(
                column_names=[str(place) for place in range(len(header))],
                skip_rows=1,
                encoding="utf8" if encoding == "utf-8-sig" else encoding,
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                include_columns=list(wanted.values()),
                column_types=dict.fromkeys(wanted.values(), pa.string()),
                strings_can_be_null=False,
            ),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=sign,
                newlines_in_values=True,
                ignore_empty_lines=False,
            ),
        )
        _table(connection, name, reader, wanted)
    except (pa.ArrowException, UnicodeDecodeError, duckdb.Error):
        failed = True
    if failed:
        row = _first_odd(file, encoding, sign, len(header))
        where = f", row {row}" if row else ""
        raise VgstatsError(
            f"{file}{where}: a line is cut off or has another number of cells than the header, or there is no row "
            "below it. Delete what is no row of the table, such as a note or a blank line, or save the file again."
        )
    return 2


def _first_odd(file: Path, encoding: str, sign: str, width: int) -> int:
    """Return the first row of a CSV with another number of cells than its header, 0 where none is found."""
    with file.open(encoding=encoding, errors="replace", newline="") as stream:
        odd = (
            at
            for at, cells in enumerate(csv.reader(stream, delimiter=sign), 1)
            if len(cells) != width
        )
        with contextlib.suppress(csv.Error):
            return next(odd, 0)
    return 0


def _table(
    connection: duckdb.DuckDBPyConnection, name: str, rows: Any, named: Mapping[str, str]
) -> None:
    """Make a table of rows that are read once, with their columns under their keys."""
    connection.register(f"{name}_read", rows)
    chosen = ", ".join(f"{quoted(own)} AS {quoted(key)}" for key, own in named.items())
    connection.execute(f"CREATE TABLE {name}_rows AS SELECT {chosen} FROM {name}_read")
    connection.unregister(f"{name}_read")


def _encoding(file: Path) -> str:
    """Return whether a text is UTF-8 or, else, Windows-1252; its bytes are looked at a piece at a time."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        with file.open("rb") as stream:
            while piece := stream.read(1 << 20):
                if b"\0" in piece:
                    break
                decoder.decode(piece)
            else:
                decoder.decode(b"", final=True)
                return "utf-8-sig"
    except UnicodeDecodeError:
        return "cp1252"
    raise VgstatsError(
        f"{file}: this is neither Parquet, XLSX nor CSV in UTF-8 or Windows-1252. Save it as one of them."
    )


def _workbook(
    connection: duckdb.DuckDBPyConnection, name: str, file: Path, named: list[Column]
) -> int:
    """Make a table of the named columns of the sheet that has them, as texts; return the number of its first row."""
    expected = {folded(own) for _, own in named}
    found = sheets(file)
    if named_personal([sheet.name for sheet in found]):
        raise VgstatsError(
            f"{file}: the name of a sheet looks like a personnummer or a samordningsnummer, and is not shown here. "
            "Nothing was read in. Rename the sheet."
        )
    headed = [
        (sheet, number)
        for sheet in found
        for number, row in enumerate(sheet.rows[:_HEADER_WITHIN])
        if len(expected & {folded(cell_text(cell)) for cell in row}) > len(expected) / 2
    ]
    if len(headed) != 1:
        raise VgstatsError(
            f"{file}: {len(headed)} rows of its sheets have the columns that the mapping names. Expected one, among "
            "the first ten rows of a sheet. Correct the mapping, or leave one sheet and one header in the file."
        )
    sheet, number = headed[0]
    header = [cell_text(cell) for cell in sheet.rows[number]]
    places = _places(file, header, named)
    sheet.refuse_unseen(file, number + 2, len(sheet.rows), max(places.values()) + 1)
    rows = sheet.rows[number + 1 :]
    cells = {
        key: pa.array([cell_text(row[places[own]]) for row in rows], pa.string())
        for key, own in named
    }
    _table(connection, name, pa.table(cells), {key: key for key in cells})
    return number + 2


def _places(file: Path, header: Sequence[str], named: list[Column]) -> dict[str, int]:
    """Return where in a header the named columns stand.

    Raises:
        VgstatsError: one is missing or stands twice. What else the header says is not told: it may be a row of data.
    """
    there = [folded(name) for name in header]
    mistakes = Mistakes()
    if not {*there} & {folded(own) for _, own in named}:
        raise VgstatsError(
            f"{file}: none of the columns that the mapping names is in the header, which is the first line. Delete "
            "what stands above it, or correct columns in the mapping. CSV has commas, semicolons or tabs. See "
            f"{DESCRIBED}."
        )
    for key, own in named:
        if (times := there.count(folded(own))) == 1:
            continue
        close = most_like(
            folded(own),
            [one for one in there if one.replace("_", "").replace(" ", "").isalpha()],
            _LIKE,
        )
        like = f" Did you mean {close!r}?" if close and not times else ""
        mistakes.append(
            f"{file}: the column {own!r} ({key}) is {'twice' if times else 'not'} in the header.{like} "
            "Correct columns in the mapping, or the file. See "
            f"{DESCRIBED}."
        )
    mistakes.tell()
    return {own: there.index(folded(own)) for _, own in named}
