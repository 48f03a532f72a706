"""Add to the store, and read from it what a report or an analyst asks for."""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import filelock
import numpy as np
import pandas as pd
import platformdirs
import pyarrow as pa
import pyarrow.parquet

from vgstats.areas import all_areas
from vgstats.errors import VgstatsError
from vgstats.observations import COLUMNS, KEY, as_categories, keys_as_numbers
from vgstats.store import manifest as manifests
from vgstats.store.manifest import Coverage, DataFile, Kind, Manifest, Origin, Retired

VARIABLE = "VGSTATS_STORE"
STORED = [*COLUMNS, "origin"]
_NUMBERS = ["value", "resolution"]
_TEXTS = [column for column in STORED if column not in _NUMBERS]
_KEEP_RETIRED_SECONDS = 3600
_LOCK_WAIT_SECONDS = 60


def default_folder() -> Path:
    """Return where the store lies: the folder named by VGSTATS_STORE, else one of the user's."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else platformdirs.user_data_path("vgstats") / "store"


@dataclass(frozen=True)
class Added:
    """How many rows of an import were new, revised an older value, or were there already."""

    new: int
    revised: int
    unchanged: int


class Store:
    """The figures in a folder. Nothing has to be started, and several processes may read at once."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = Path(folder) if folder else default_folder()

    def manifest(self) -> Manifest:
        """Return what the store is made of now."""
        return manifests.read(self.folder)

    def provenance(self) -> pd.DataFrame:
        """Return the sources that an import brought with it, indexed by key, as `provenance()`."""
        return pd.DataFrame(self.manifest().sources).pipe(
            lambda frame: frame.set_index("source") if len(frame) else frame
        )

    def coverage(self) -> pd.DataFrame:
        """Return what there is, a row for each source, measure, kind of area and year.

        Columns: those of `Coverage`.
        """
        rows = [entry.model_dump() for entry in self.manifest().coverage]
        return pd.DataFrame(rows, columns=list(Coverage.model_fields))

    def read(
        self, wanted: Iterable[tuple[str, str, Sequence[str]]], *, columns: Sequence[str] = COLUMNS
    ) -> pd.DataFrame:
        """Return all vintages of the figures asked for, as plain texts and floats.

        Args:
            wanted: area, measure and periods of each; no periods ask for all.
            columns: which columns of the stored rows to return.

        Raises:
            VgstatsError: a data file is missing or broken.
        """
        asked = _grouped(wanted)
        for attempt in (1, 2, 3):
            files = self.manifest().files
            try:
                return self._query(asked, files, list(columns))
            except duckdb.IOException as error:
                if attempt == 3:
                    raise self._broken(error) from None
            except duckdb.Error as error:
                raise self._broken(error) from None
        raise AssertionError("unreachable")

    def connection(self) -> duckdb.DuckDBPyConnection:
        """Return a DuckDB connection with the view `observations` of the whole store.

        The view also has `origin`, the hash of the file or answer that a row came from.
        """
        connection = duckdb.connect()
        files = self.manifest().files
        if files:
            connection.execute(f"CREATE VIEW observations AS SELECT * FROM {self._parquet(files)}")
        else:
            empty = ", ".join(
                f"NULL::{'DOUBLE' if name not in _TEXTS else 'VARCHAR'} AS {name}"
                for name in STORED
            )
            connection.execute(f"CREATE VIEW observations AS SELECT {empty} WHERE false")
        return connection

    def add(
        self,
        observations: pd.DataFrame,
        origins: Sequence[Origin],
        sources: Sequence[dict[str, str]] = (),
        *,
        kind: Kind = "official",
    ) -> Added:
        """Add checked observations; all of them are seen at once or, if anything fails, none.

        A value that the store already has from the same source is not stored again; one that differs
        becomes a new vintage beside the former.

        Args:
            observations: the columns of `COLUMNS` and `origin`, the hash of one of `origins`.
            origins: the files or answers that the rows came from.
            sources: provenance rows for sources that vgstats does not know.
            kind: `official` or `demo`.

        Raises:
            VgstatsError: the store holds figures of the other kind, cannot be written, or another
                process is writing to it.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = filelock.FileLock(self.folder / ".lock", timeout=_LOCK_WAIT_SECONDS)
            with lock:
                return self._add(observations, origins, sources, kind)
        except filelock.Timeout:
            raise VgstatsError(
                f"Another vgstats is writing to the store {self.folder}. Wait until it is done."
            ) from None
        except OSError as error:
            raise VgstatsError(
                f"The store {self.folder} cannot be written ({error}). Nothing was changed. Name "
                f"another folder with --store or {VARIABLE}."
            ) from None

    def _add(
        self,
        observations: pd.DataFrame,
        origins: Sequence[Origin],
        sources: Sequence[dict[str, str]],
        kind: Kind,
    ) -> Added:
        before = self.manifest()
        if before.files and before.kind != kind:
            raise VgstatsError(
                f"The store {self.folder} holds {before.kind} figures, and these are {kind}. They are "
                "never mixed: name another folder with --store."
            )
        self._sweep(before)
        rows = _with_parts(observations)
        counts = np.zeros(3, dtype=int)
        written: dict[str, pd.DataFrame] = {}
        files: list[DataFile] = []
        stale: set[str] = set()
        for (source, measure, part), group in rows.groupby(
            ["source", "measure", "part"], observed=True, sort=True
        ):
            old = [
                f for f in before.files if (f.source, f.measure, f.part) == (source, measure, part)
            ]
            merged, added = _merge(self._load(old), group[STORED])
            counts += added
            if added[:2].any():
                name = self._write(merged, source, measure, part)
                files.append(
                    DataFile(name=name, source=source, measure=measure, part=part, rows=len(merged))
                )
                written[name] = merged
                stale |= {f.name for f in old}
        coverage = self._coverage_after(before, files, stale, written)
        after = self._after(before, files, stale, origins, sources, kind)
        checked = _checked(rows)
        coverage = [
            entry.model_copy(
                update={"checked": max(entry.checked, checked.get(entry.key, entry.checked))}
            )
            for entry in coverage
        ]
        manifests.replace(self.folder, after.model_copy(update={"coverage": coverage}))
        return Added(*map(int, counts))

    def _after(
        self,
        before: Manifest,
        files: list[DataFile],
        stale: set[str],
        origins: Sequence[Origin],
        sources: Sequence[dict[str, str]],
        kind: Kind,
    ) -> Manifest:
        kept = [file for file in before.files if file.name not in stale]
        hashes = {origin.sha256 for origin in origins}
        keys = {source["source"] for source in sources}
        return Manifest(
            kind=kind,
            files=sorted([*kept, *files], key=lambda f: (f.source, f.measure, f.part)),
            origins=[*(o for o in before.origins if o.sha256 not in hashes), *origins],
            sources=[*(s for s in before.sources if s["source"] not in keys), *sources],
            retired=[
                *(r for r in before.retired if (self.folder / r.name).exists()),
                *(Retired(name=name, since=time.time()) for name in sorted(stale)),
            ],
        )

    def _coverage_after(
        self,
        before: Manifest,
        files: list[DataFile],
        stale: set[str],
        written: dict[str, pd.DataFrame],
    ) -> list[Coverage]:
        """Return the coverage with that of the changed sources and measures worked out anew."""
        touched = {(file.source, file.measure) for file in files}
        coverage = [c for c in before.coverage if (c.source, c.measure) not in touched]
        for pair in touched:
            untouched = [
                f for f in before.files if (f.source, f.measure) == pair and f.name not in stale
            ]
            changed = [written[f.name] for f in files if (f.source, f.measure) == pair]
            coverage += _coverage(united([self._load(untouched), *changed]))
        return sorted(coverage, key=lambda c: (c.measure, c.source, c.level, c.year))

    def _write(self, rows: pd.DataFrame, source: str, measure: str, part: str) -> str:
        name = f"data/{source}/{measure}/{part}-{uuid.uuid4().hex[:12]}.parquet"
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        table = pa.Table.from_pandas(rows[STORED], preserve_index=False)
        pyarrow.parquet.write_table(table, file, compression="zstd", row_group_size=100_000)
        return name

    def _load(self, files: Iterable[DataFile]) -> pd.DataFrame:
        paths = [self.folder / file.name for file in files]
        if not paths:
            return pd.DataFrame({name: pd.Series(dtype=object) for name in STORED})
        try:
            tables = [pyarrow.parquet.read_table(path, read_dictionary=_TEXTS) for path in paths]
        except (OSError, pa.ArrowInvalid) as error:
            raise self._broken(error) from None
        return pa.concat_tables(tables).unify_dictionaries().to_pandas()

    def _sweep(self, manifest: Manifest) -> None:
        """Delete what no manifest names: leavings of a cut-off write, and files retired long ago."""
        old = time.time() - _KEEP_RETIRED_SECONDS
        kept = {file.name for file in manifest.files}
        kept |= {retired.name for retired in manifest.retired if retired.since > old}
        for file in (self.folder / "data").rglob("*.parquet"):
            if file.relative_to(self.folder).as_posix() not in kept:
                file.unlink(missing_ok=True)

    def _query(
        self,
        asked: dict[tuple[str, tuple[str, ...]], set[str]],
        files: list[DataFile],
        columns: list[str],
    ) -> pd.DataFrame:
        parts = []
        for (measure, periods), areas in asked.items():
            wanted_parts = {_part(area) for area in areas}
            holding = [f for f in files if f.measure == measure and f.part in wanted_parts]
            if holding:
                when = f" AND period IN ({_listed(periods)})" if periods else ""
                parts.append(
                    f"SELECT {', '.join(_quoted(name) for name in columns)} FROM {self._parquet(holding)} "
                    f"WHERE area IN ({_listed(sorted(areas))}){when}"
                )
        if not parts:
            kinds = {name: float if name in _NUMBERS else str for name in columns}
            return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})
        with duckdb.connect() as connection:
            frame = connection.sql(" UNION ".join(parts)).df()
        return frame.sort_values([*KEY, "source", "retrieved"], ignore_index=True)

    def _parquet(self, files: Iterable[DataFile]) -> str:
        return f"read_parquet([{_listed(str(self.folder / file.name) for file in files)}])"

    def _broken(self, error: Exception) -> VgstatsError:
        reason = str(error).splitlines()[0]
        return VgstatsError(
            f"A file of the store {self.folder} is missing or broken ({reason}). Move the folder away "
            "and fetch or import again."
        )


def _listed(texts: Iterable[str]) -> str:
    return ", ".join("'" + text.replace("'", "''") + "'" for text in texts)


def _quoted(name: str) -> str:
    return f'"{name}"'


def _grouped(
    wanted: Iterable[tuple[str, str, Sequence[str]]],
) -> dict[tuple[str, tuple[str, ...]], set[str]]:
    """Return the areas asked for under each measure and set of periods."""
    asked: dict[tuple[str, tuple[str, ...]], set[str]] = {}
    for area, measure, periods in wanted:
        asked.setdefault((measure, tuple(sorted(periods))), set()).add(area)
    return asked


def _part(area: str) -> str:
    """Return the part of the country whose file holds an area: riket, lan, or a county's code.

    A county's kommuner lie together, and all county totals lie together, so that one report reads a
    few small files however large the store is.
    """
    level, _, code = area.partition(":")
    return level if level in ("riket", "lan") else code[:2]


def _with_parts(observations: pd.DataFrame) -> pd.DataFrame:
    rows = as_categories(observations).astype({"origin": "category"})
    areas = rows["area"].cat
    parts = pd.Categorical([_part(area) for area in areas.categories])
    return rows.assign(part=pd.Categorical.from_codes(parts.codes[areas.codes], parts.categories))


def _merge(old: pd.DataFrame, new: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """Return old and new rows as one sorted table, and how many were new, revised and unchanged."""
    if old.empty:
        return _sorted(new), np.array([len(new), 0, 0])
    both = united([old, new])
    both["is_new"] = np.arange(len(both)) >= len(old)
    both["key"] = keys_as_numbers(both, KEY)
    both["vintage"] = _ranked(both["retrieved"])
    both = both.sort_values(["key", "vintage", "is_new"], ignore_index=True)
    known = both["is_new"] & both["key"].isin(both.loc[~both["is_new"], "key"])
    repeated = both["is_new"] & _same_as_before(both)
    kept = both[~repeated]
    # The same moment twice with two values: what was imported last is what that moment said.
    overruled = kept.duplicated(["key", "vintage"], keep="last") & ~kept["is_new"]
    added = [both["is_new"] & ~known & ~repeated, known & ~repeated, repeated]
    return _sorted(kept.loc[~overruled, STORED]), np.array([int(rows.sum()) for rows in added])


def united(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Return several tables of `STORED` as one, texts still as categoricals."""
    some = [frame for frame in frames if len(frame)]
    texts = {c: pd.api.types.union_categoricals([frame[c] for frame in some]) for c in _TEXTS}
    numbers = pd.concat([frame[_NUMBERS] for frame in some], ignore_index=True)
    return numbers.assign(**texts)[STORED]


def _same_as_before(rows: pd.DataFrame) -> pd.Series:
    """Return which rows say the same as the row before them, of the same key."""
    same = rows["key"] == rows["key"].shift()
    for column in (*_NUMBERS, "status"):
        values = rows[column].cat.codes if column == "status" else rows[column]
        same &= (values == values.shift()) | (values.isna() & values.shift().isna())
    return same


def _ranked(texts: pd.Series) -> np.ndarray:
    """Return for each text of a categorical column its place in alphabetical order."""
    ranks = np.argsort(np.argsort(texts.cat.categories.to_numpy(dtype=str)))
    return np.asarray(ranks[texts.cat.codes])


def _sorted(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.sort_values(["area", "period", "sex", "group", "retrieved"], ignore_index=True)


def _levels_and_years(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return each row's kind of area and year, as categoricals."""
    level = rows["area"].map(all_areas()["level"].to_dict())
    year = rows["period"].map({text: text[:4] for text in rows["period"].cat.categories})
    return level.astype("category"), year.astype("category")


def _checked(rows: pd.DataFrame) -> dict[tuple[str, str, str, str], str]:
    """Return when each source, measure, kind of area and year was last asked for."""
    level, year = _levels_and_years(rows)
    keyed = rows[["source", "measure", "retrieved"]].assign(level=level, year=year)
    found = keyed.drop_duplicates().astype(str)
    return dict(found.groupby(["source", "measure", "level", "year"])["retrieved"].max())


def _coverage(rows: pd.DataFrame) -> list[Coverage]:
    """Return what the rows of one source and measure cover, with a digest of their newest values."""
    newest = rows.iloc[np.argsort(_ranked(rows["retrieved"]), kind="stable")]
    newest = newest.drop_duplicates(KEY, keep="last")
    level, year = _levels_and_years(newest)
    identity = np.zeros(len(newest), dtype=np.uint64)
    for column in ("area", "period", "sex", "group", "status"):
        texts = newest[column].cat
        hashes = pd.util.hash_array(texts.categories.to_numpy(dtype=object))
        identity = identity * np.uint64(0x9E3779B97F4A7C15) + hashes[texts.codes]
    newest = newest.assign(level=level, year=year, identity=identity).sort_values("identity")
    found = []
    for (of_level, of_year), group in newest.groupby(["level", "year"], sort=True, observed=True):
        digest = hashlib.sha256()
        for column in ("identity", *_NUMBERS):
            digest.update(group[column].to_numpy().tobytes())
        retrieved = str(max(group["retrieved"].unique()))
        found.append(
            Coverage(
                source=str(group["source"].iloc[0]),
                measure=str(group["measure"].iloc[0]),
                level=str(of_level),
                year=str(of_year),
                areas=int(group["area"].nunique()),
                rows=len(group),
                retrieved=retrieved,
                checked=retrieved,
                digest=digest.hexdigest(),
            )
        )
    return found
