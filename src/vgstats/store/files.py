"""The files of a store: the manifest that says which there are, and Parquet, written once and never altered.

A writer adds new files, then puts a new manifest in place of the old in one step, so a reader sees the store
as it was or as it became, never between.
"""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
from pydantic import Field, ValidationError

from vgstats.entries import Entry, first_fault
from vgstats.errors import VgstatsError
from vgstats.observations import COLUMNS, KEY, as_categories, no_rows
from vgstats.whole_files import write_whole

MANIFEST = "manifest.json"
STORED = [*COLUMNS, "origin"]
NUMBERS = ["value", "resolution"]
TEXTS = [column for column in STORED if column not in NUMBERS]


Kind = Literal["official", "demo"]


class Origin(Entry):
    """One file or answer that figures came from: the provenance of the rows that carry its hash."""

    sha256: str
    address: str
    retrieved: str
    recognised: str
    licence: str
    left_out: int = 0


class Coverage(Entry):
    """What the store has of one source, measure, kind of area and year.

    `retrieved` is the newest vintage, `checked` when the source was last asked, which may have given
    nothing new. `digest` is the SHA-256 of the newest values; it changes when and only when one of them
    does.
    """

    source: str
    measure: str
    level: str
    year: str
    areas: int
    rows: int
    retrieved: str
    checked: str
    digest: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What the entry is about."""
        return self.source, self.measure, self.level, self.year


class DataFile(Entry):
    """One Parquet file: all rows of a source and a measure in one part of the country."""

    name: str
    source: str
    measure: str
    part: str
    rows: int


class Retired(Entry):
    """A data file that is no longer part of the store, kept a while for those still reading it."""

    name: str
    since: float


class Manifest(Entry):
    """The whole store at one moment.

    `kind` is `official` for figures from sources and `demo` for synthetic ones; a store is either.
    """

    format: Literal[1] = 1
    kind: Kind = "official"
    files: list[DataFile] = Field(default=[])
    coverage: list[Coverage] = Field(default=[])
    origins: list[Origin] = Field(default=[])
    sources: list[dict[str, str]] = Field(default=[])
    retired: list[Retired] = Field(default=[])


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a store, an empty one when there is no store yet.

    Raises:
        VgstatsError: it is broken, or a later version of vgstats wrote it.
    """
    try:
        text = (folder / MANIFEST).read_text(encoding="utf-8")
    except FileNotFoundError:
        return Manifest()
    except (OSError, UnicodeDecodeError) as error:
        raise VgstatsError(f"The store {folder} cannot be read: {error}.") from None
    try:
        return Manifest.model_validate_json(text)
    except ValidationError as error:
        raise VgstatsError(
            f"The store's {folder / MANIFEST} is broken or of another version "
            f"({first_fault(error).words}). Move the folder away and fetch or import again."
        ) from None


def replace(folder: Path, content: Entry, file: str = MANIFEST) -> None:
    """Put a manifest, or another small file of the store, in place of the former one, in one step."""
    write_whole(folder / file, content.model_dump_json(indent=1))


Asked = dict[tuple[str, tuple[str, ...]], set[str]]


def part(area: str) -> str:
    """Return the part of the country whose file holds an area: riket, lan, or a county's code.

    A county's kommuner lie together, and all county totals lie together, so that one report reads a
    few small files however large the store is.
    """
    level, _, code = area.partition(":")
    return level if level in ("riket", "lan") else code[:2]


def with_parts(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the column `part`, texts as categoricals."""
    rows = as_categories(observations).astype({"origin": "category"})
    areas = rows["area"].cat
    parts = pd.Categorical([part(area) for area in areas.categories])
    return rows.assign(part=pd.Categorical.from_codes(parts.codes[areas.codes], parts.categories))


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
        return no_rows(columns)
    with duckdb.connect() as connection, interruptible():
        frame = connection.execute(" UNION ".join(parts)).df()  # `sql` would prepare it twice
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
