"""The Parquet files of a store: written once, read whole or by what is asked for."""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet

from vgstats.errors import VgstatsError
from vgstats.observations import KEY
from vgstats.store.manifest import DataFile
from vgstats.store.merge import NUMBERS, STORED, TEXTS, part

Asked = dict[tuple[str, tuple[str, ...]], set[str]]


def write(folder: Path, rows: pd.DataFrame, source: str, measure: str, of_part: str) -> DataFile:
    """Write the rows of a source and a measure in one part of the country to a new file."""
    name = f"data/{source}/{measure}/{of_part}-{uuid.uuid4().hex[:12]}.parquet"
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    table = pa.Table.from_pandas(rows[STORED], preserve_index=False)
    with file.open("xb") as stream:
        pyarrow.parquet.write_table(table, stream, compression="zstd", row_group_size=100_000)
        stream.flush()
        os.fsync(stream.fileno())
    return DataFile(name=name, source=source, measure=measure, part=of_part, rows=len(rows))


def load(folder: Path, files: Iterable[DataFile]) -> pd.DataFrame:
    """Return all rows of the files, texts as categoricals.

    Raises:
        VgstatsError: one is missing or broken.
    """
    found = []
    try:
        for file in files:
            table = pyarrow.parquet.read_table(
                folder / file.name, read_dictionary=TEXTS, partitioning=None
            )
            if table.num_rows != file.rows or set(STORED) - set(table.column_names):
                raise pa.ArrowInvalid(f"{file.name} is not as it was written")
            found.append(table.select(STORED))
        if found:
            return pa.concat_tables(found).unify_dictionaries().to_pandas()
    except (OSError, pa.ArrowException, UnicodeDecodeError) as error:
        raise broken(folder, error) from None
    return pd.DataFrame({name: pd.Series(dtype=object) for name in STORED})


def query(folder: Path, asked: Asked, files: list[DataFile], columns: list[str]) -> pd.DataFrame:
    """Return the rows asked for, as plain texts and floats, in the order of their keys."""
    parts = []
    for (measure, periods), areas in asked.items():
        wanted_parts = {part(area) for area in areas}
        holding = [f for f in files if f.measure == measure and f.part in wanted_parts]
        if holding:
            when = f" AND period IN ({_listed(periods)})" if periods else ""
            parts.append(
                f"SELECT {', '.join(_quoted(name) for name in columns)} "
                f"FROM {parquet(folder, holding)} "
                f"WHERE area IN ({_listed(sorted(areas))}){when}"
            )
    if not parts:
        kinds = {name: float if name in NUMBERS else str for name in columns}
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})
    with duckdb.connect() as connection, interruptible():
        frame = connection.sql(" UNION ".join(parts)).df()
    order = [name for name in (*KEY, "source", "retrieved") if name in columns]
    return frame.sort_values(order, ignore_index=True) if order else frame


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C through, which DuckDB makes an error of its own of.

    Raises:
        KeyboardInterrupt: a query inside was interrupted.
    """
    try:
        yield
    except RuntimeError as error:
        if str(error) != "Query interrupted":
            raise
        raise KeyboardInterrupt from None


def grouped(wanted: Iterable[tuple[str, str, Sequence[str]]]) -> Asked:
    """Return the areas asked for under each measure and set of periods."""
    asked: Asked = {}
    for area, measure, periods in wanted:
        asked.setdefault((measure, tuple(sorted(periods))), set()).add(area)
    return asked


def view(connection: duckdb.DuckDBPyConnection, folder: Path, files: list[DataFile]) -> None:
    """Give a connection the view `observations` of the files."""
    if files:
        chosen = f"SELECT {', '.join(map(_quoted, STORED))} FROM {parquet(folder, files)}"
    else:
        empty = ", ".join(
            f"NULL::{'VARCHAR' if name in TEXTS else 'DOUBLE'} AS {_quoted(name)}"
            for name in STORED
        )
        chosen = f"SELECT {empty} WHERE false"
    connection.execute(f"CREATE VIEW observations AS {chosen}")


def parquet(folder: Path, files: Iterable[DataFile]) -> str:
    """Return DuckDB's name for the rows of some files; a folder `area=x` above them means nothing."""
    names = _listed(str(folder / file.name) for file in files)
    return f"read_parquet([{names}], hive_partitioning=false)"


def broken(folder: Path, error: Exception) -> VgstatsError:
    """Return what to say of a file that cannot be read."""
    reason = str(error).splitlines()[0]
    return VgstatsError(
        f"A file of the store {folder} is missing or broken ({reason}). Move the folder away and "
        "fetch or import again."
    )


def _listed(texts: Iterable[str]) -> str:
    return ", ".join("'" + text.replace("'", "''") + "'" for text in texts)


def _quoted(name: str) -> str:
    return f'"{name}"'
