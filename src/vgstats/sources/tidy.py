"""vgstats' own tidy table as CSV or Parquet: what `vgstats` writes and an analyst can prepare."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from vgstats.errors import VgstatsError
from vgstats.observations import COLUMNS
from vgstats.sources.reading import (
    NotThisFormat,
    Reading,
    constant,
    refuse_no_rows,
    unreadable,
)

_NUMBERS = ("value", "resolution")
_TEXTS = [column for column in COLUMNS if column not in _NUMBERS]
_DICTIONARY = pa.dictionary(pa.int32(), pa.string())


def read_csv(file: Path) -> Reading:
    """Return the rows of a tidy CSV: comma, UTF-8, decimal point, empty value where there is none.

    Raises:
        NotThisFormat: the header has neither `measure` nor `area`.
        VgstatsError: a column is missing or unknown, a line has too few or too many cells, or the text
            is not UTF-8. Cells that are no numbers are left to the checks at the door.
    """
    with file.open("rb") as stream:
        first = stream.readline().removeprefix(b"\xef\xbb\xbf")
    header = [cell.strip('"') for cell in first.decode("utf-8", "replace").strip().split(",")]
    if not {"measure", "area"} <= set(header):
        raise NotThisFormat
    _check_columns(file, header)
    types = dict.fromkeys(_TEXTS, _DICTIONARY)
    try:
        try:
            table = _parse(file, types | {column: pa.float64() for column in _NUMBERS})
        except pa.ArrowInvalid:
            table = _parse(file, types | {column: pa.string() for column in _NUMBERS})
    except (pa.ArrowException, UnicodeDecodeError) as error:
        reason = str(error).splitlines()[0]
        raise VgstatsError(
            f"{file}: a line is cut off, has another number of cells than the header, or is not UTF-8 "
            f"({reason}). Save the file again."
        ) from None
    refuse_no_rows(file, table.num_rows)
    return _reading("tidy CSV", table, first_row=2)


def _parse(file: Path, types: dict[str, pa.DataType]) -> pa.Table:
    return pyarrow.csv.read_csv(
        file,
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=types, strings_can_be_null=False, null_values=[""], include_columns=COLUMNS
        ),
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=False, ignore_empty_lines=False),
    )


def read_parquet(file: Path) -> Reading:
    """Return the rows of a tidy Parquet file.

    Raises:
        NotThisFormat: it has neither a column `measure` nor `area`.
        VgstatsError: the file is broken, or a column is missing, unknown or of the wrong kind.
    """
    try:
        names = pyarrow.parquet.read_schema(file).names
        if not {"measure", "area"} <= set(names):
            raise NotThisFormat
        _check_columns(file, names)
        table = pyarrow.parquet.read_table(file, columns=COLUMNS, read_dictionary=_TEXTS)
        table = table.cast(
            pa.schema((name, pa.float64() if name in _NUMBERS else _DICTIONARY) for name in COLUMNS)
        )
        table.validate(full=True)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise VgstatsError(
            f"{file}: the Parquet file is broken or a column is of the wrong kind "
            f"({str(error).splitlines()[0]}). Write it again."
        ) from None
    refuse_no_rows(file, table.num_rows)
    return _reading("tidy Parquet", table, first_row=1)


def _check_columns(file: Path, names: list[str]) -> None:
    lacking = [name for name in COLUMNS if name not in names]
    unknown = [name for name in names if name not in COLUMNS]
    if lacking or unknown or len(names) != len(COLUMNS):
        fault = (
            f"{lacking[0]} is missing" if lacking else f"{(unknown or names)[0]!r} is not expected"
        )
        raise VgstatsError(
            f"{file}: the column {fault}. The columns are {', '.join(COLUMNS)}. Correct the header."
        )


def _reading(kind: str, table: pa.Table, first_row: int) -> Reading:
    index = pd.RangeIndex(table.num_rows)
    columns = {name: _texts(table.column(name)) for name in _TEXTS}
    status = columns["status"]
    for name in _NUMBERS:
        values = table.column(name)
        if pa.types.is_string(values.type):
            plain = pc.match_substring_regex(values, r"^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$")
            bad = pc.and_(pc.invert(plain), pc.not_equal(values, ""))
            status = _with_unreadable(status, values, bad)
            values = pc.cast(pc.if_else(plain, values, None), pa.float64())
        columns[name] = values.to_numpy()
    rows = pd.DataFrame({name: columns[name] for name in COLUMNS}, index=index)
    rows["status"] = status
    rows["sheet"] = constant("", index)
    rows["row"] = np.arange(first_row, first_row + len(index))
    return Reading(f"vgstats' own {kind}", "", rows)


def _texts(column: pa.ChunkedArray) -> pd.Series:
    if column.null_count:
        column = pc.fill_null(column.cast(pa.string()), "").dictionary_encode()
    return column.unify_dictionaries().to_pandas()


def _with_unreadable(status: pd.Series, values: pa.ChunkedArray, bad: pa.ChunkedArray) -> pd.Series:
    mask = bad.to_numpy()
    texts = status.astype(object)
    texts[mask] = values.to_pandas()[mask].map(unreadable)
    return texts.astype("category")
