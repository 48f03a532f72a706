"""The tidy table as Parquet: what `vgstats` writes and a program can prepare."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from vgstats.errors import VgstatsError
from vgstats.observations import COLUMNS
from vgstats.sources.reading import (
    NotThisFormat,
    Reading,
    constant,
    refuse_no_rows,
)

_NUMBERS = ("value", "resolution")
_TEXTS = [column for column in COLUMNS if column not in _NUMBERS]
_DICTIONARY = pa.dictionary(pa.int32(), pa.string())


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
    return _reading(table)


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


def _reading(table: pa.Table) -> Reading:
    columns = {
        name: table.column(name).to_numpy() if name in _NUMBERS else _texts(table.column(name))
        for name in COLUMNS
    }
    rows = pd.DataFrame(columns, index=pd.RangeIndex(table.num_rows))
    rows["sheet"] = constant("", rows.index)
    rows["row"] = np.arange(1, 1 + len(rows))
    return Reading("vgstats' own tidy Parquet", "", rows)


def _texts(column: pa.ChunkedArray) -> pd.Series:
    if column.null_count:
        column = pc.fill_null(column.cast(pa.string()), "").dictionary_encode()
    return column.unify_dictionaries().to_pandas()
