"""Add to the store, and read from it what a report or an analyst asks for."""

from __future__ import annotations

import contextlib
import datetime as dt
import html
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import filelock
import numpy as np
import pandas as pd
import platformdirs

from vgstats.catalogue.agreements import Agreement, Call, declare_agreements, declare_calls
from vgstats.catalogue.measures import declare
from vgstats.catalogue.requirements import (
    Judgement,
    Requirements,
    declare_judgements,
    declare_requirements,
)
from vgstats.catalogue.texts import OWN_TEXTS
from vgstats.catalogue.units import Unit, declare_units
from vgstats.errors import VgstatsError
from vgstats.observations import COLUMNS
from vgstats.sources.own_file import Declaration, OwnFile
from vgstats.sources.own_names import check_names
from vgstats.store import declared as declarations
from vgstats.store import files
from vgstats.store.declared import Declarations
from vgstats.store.files import (
    STORED,
    Coverage,
    DataFile,
    Kind,
    Manifest,
    Origin,
    Retired,
    part,
    with_parts,
)
from vgstats.store.published import provenance
from vgstats.store.vintages import Added, checked, coverage, merge, united

__all__ = ["Added", "Store", "default_folder", "part", "united"]

VARIABLE = "VGSTATS_STORE"
_KEEP_RETIRED_SECONDS = 3600
_LOCK_WAIT_SECONDS = 60
# A region's own are in a store of the former kind.
_KINDS = {"official": "real", "demo": "synthetic (demo)"}


def default_folder() -> Path:
    """Return where the store lies: the folder named by VGSTATS_STORE, else one of the user's."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else platformdirs.user_data_path("vgstats") / "store"


@dataclass(frozen=True)
class Wanted:
    """One measure of one area, in the periods named or, with none named, in all.

    `sexes_only` leaves out the numbers by diagnosis and other groups. Of a region's own counts no more is
    then released, so that less has to be hidden.
    """

    area: str
    measure: str
    periods: tuple[str, ...] = ()
    sexes_only: bool = False


@dataclass(frozen=True)
class DataRequest:
    """What a report reads: figures, and a region's own texts on an area, none without one.

    `named` are the ids of the agreements, projects, requirements and calls that it follows up. `words` are the name of
    a Markdown file with own words, and the area whose words they are to be.
    """

    wanted: tuple[Wanted, ...]
    texts_on: str = ""
    named: tuple[str, ...] = ()
    words: tuple[str, str] = ("", "")


class Store:
    """The figures in a folder. Nothing has to be started, and several processes may read at once."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = Path(folder) if folder else default_folder()
        self._considered: Declarations | None = None
        self.open_measures()

    def __repr__(self) -> str:
        there = self.coverage()
        what = (
            "empty"
            if there.empty
            else f"{there['measure'].nunique()} measures, {there['rows'].sum()} figures"
        )
        return f"Store({str(self.folder)!r}): {what}"

    def _repr_html_(self) -> str:
        there = self.coverage().groupby(["source", "measure", "level"], sort=False)
        table = there.agg(first=("year", "min"), last=("year", "max"), figures=("rows", "sum"))
        return f"<p>{html.escape(repr(self))}</p>{table.reset_index().to_html(index=False) if len(table) else ''}"

    def declared(self) -> Declarations:
        """Return the measures and texts that a region has declared."""
        return self._considered or declarations.read(self.folder)

    def open_measures(self) -> list[Declaration]:
        """Let the catalogue have the measures, agreements and units that the store has declared, and no other store's.

        Returns:
            The measures.
        """
        found = self.declared()
        declare(one.measure for one in found.declarations)
        declare_agreements(one for one in found.now() if isinstance(one, Agreement))
        declare_calls(one for one in found.now() if isinstance(one, Call))
        declare_requirements(one for one in found.now() if isinstance(one, Requirements))
        declare_judgements(one for one in found.now() if isinstance(one, Judgement))
        declare_units(one for one in found.now() if isinstance(one, Unit))
        return found.declarations

    def declare(
        self, own_files: Sequence[OwnFile], *, again: bool = False, keep: bool = True
    ) -> None:
        """Keep the measures and texts that a region declares, all of them or none.

        Args:
            own_files: what files of the region hold (see `sources.own_file`).
            again: whether a measure that there are figures of may get another name or definition.
            keep: whether they are written down; otherwise only this object knows them.

        Raises:
            VgstatsError: a text names what there is not or has a name that is taken, a measure with figures would
                come to mean something else, or the store cannot be written.
        """
        after = self._declared_after(own_files, again)
        if not keep:
            self._considered = after
        elif after != declarations.read(self.folder):
            with self._writing():
                after = self._declared_after(own_files, again)
                files.replace(self.folder, after, declarations.NAME)
        self.open_measures()

    def _declared_after(self, own_files: Sequence[OwnFile], again: bool) -> Declarations:
        manifest, after = self.manifest(), self.declared()
        in_use = {file.measure for file in manifest.files}
        bundled = {*provenance().index, OWN_TEXTS}
        sources = {*bundled, *(source["source"] for source in manifest.sources)}
        moment = f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
        # Each file may name what another of them holds, whichever comes first.
        read = {own.address for own in own_files}
        kept = [w.entry for w in after.texts if not w.replaced and w.address not in read]
        measures = {one.measure.id for one in after.declarations}
        measures |= {one.id for own in own_files for one in own.measures}
        for own in own_files:
            others = kept + [text for one in own_files if one is not own for text in one.texts]
            check_names(own, others, sources, bundled, measures)
            after = declarations.with_file(after, own, in_use, moment, again=again)
        return after

    def manifest(self) -> Manifest:
        """Return what the store is made of now."""
        return files.read_manifest(self.folder)

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
        asked = files.grouped(wanted)
        for attempt in (1, 2, 3):
            try:
                return files.query(self.folder, asked, self.manifest().files, list(columns))
            except duckdb.IOException as error:
                if attempt == 3:
                    raise files.broken(self.folder, error) from None
            except duckdb.Error as error:
                raise files.broken(self.folder, error) from None
        raise AssertionError("unreachable")

    def connection(self) -> duckdb.DuckDBPyConnection:
        """Return a DuckDB connection with the view `observations` of the whole store.

        The view also has `origin`, the hash of the file or answer that a row came from.
        """
        connection = duckdb.connect()
        try:
            files.view(connection, self.folder, self.manifest().files)
        except duckdb.Error as error:
            connection.close()
            raise files.broken(self.folder, error) from None
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
        with self._writing():
            before = self.manifest()
            if before.files and before.kind != kind:
                raise VgstatsError(
                    f"The store {self.folder} holds {_KINDS[before.kind]} figures, and these are {_KINDS[kind]}. "
                    "They are never mixed: name another folder with --store."
                )
            self._sweep(before)
            rows, counts = with_parts(observations), np.zeros(3, dtype=int)
            written: list[tuple[DataFile, pd.DataFrame]] = []
            stale: set[str] = set()
            for key, group in rows.groupby(["source", "measure", "part"], observed=True, sort=True):
                old = [f for f in before.files if (f.source, f.measure, f.part) == key]
                merged, added = merge(files.load(self.folder, old), group[STORED])
                counts += added
                if added[:2].any():
                    written.append((files.write(self.folder, merged, *key), merged))
                    stale |= {file.name for file in old}
            kept = [file for file in before.files if file.name not in stale]
            hashes = {origin.sha256 for origin in origins}
            keys = {source["source"] for source in sources}
            retired = [r for r in before.retired if (self.folder / r.name).exists()]
            retired += [Retired(name=name, since=time.time()) for name in sorted(stale)]
            after = Manifest(
                kind=kind,
                files=sorted(
                    [*kept, *(file for file, _ in written)],
                    key=lambda file: (file.source, file.measure, file.part),
                ),
                coverage=self._coverage_after(before.coverage, kept, written, checked(rows)),
                origins=[*(o for o in before.origins if o.sha256 not in hashes), *origins],
                sources=[*(s for s in before.sources if s["source"] not in keys), *sources],
                retired=retired,
            )
            files.replace(self.folder, after)
        return Added(*map(int, counts))

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the store's lock.

        Raises:
            VgstatsError: another process is writing, or the store cannot be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with filelock.FileLock(self.folder / ".lock", timeout=_LOCK_WAIT_SECONDS):
                yield
        except filelock.Timeout:
            raise VgstatsError(
                f"Another vgstats is writing to the store {self.folder}. Wait until it is done."
            ) from None
        except OSError as error:
            raise VgstatsError(
                f"The store {self.folder} cannot be written ({error}). Nothing was changed. Name "
                f"another folder with --store or {VARIABLE}."
            ) from None

    def _coverage_after(
        self,
        before: Sequence[Coverage],
        kept: Sequence[DataFile],
        written: Sequence[tuple[DataFile, pd.DataFrame]],
        asked: dict[tuple[str, str, str, str], str],
    ) -> list[Coverage]:
        """Return the coverage with that of the changed sources and measures worked out anew.

        `asked` is when each source, measure, kind of area and year was last asked for.
        """
        touched = {(file.source, file.measure) for file, _ in written}
        entries = [c for c in before if (c.source, c.measure) not in touched]
        for pair in touched:
            untouched = [file for file in kept if (file.source, file.measure) == pair]
            changed = [rows for file, rows in written if (file.source, file.measure) == pair]
            entries += coverage(united([files.load(self.folder, untouched), *changed]))
        since = {entry.key: entry.checked for entry in before}
        found = []
        for entry in sorted(entries, key=lambda c: (c.measure, c.source, c.level, c.year)):
            last = max(entry.checked, since.get(entry.key, ""), asked.get(entry.key, ""))
            found.append(entry.model_copy(update={"checked": last}))
        return found

    def _sweep(self, manifest: Manifest) -> None:
        """Delete what no manifest names: leavings of a cut-off write, and files retired long ago."""
        old = time.time() - _KEEP_RETIRED_SECONDS
        kept = {file.name for file in manifest.files}
        kept |= {retired.name for retired in manifest.retired if retired.since > old}
        for file in (self.folder / "data").rglob("*.parquet"):
            if file.relative_to(self.folder).as_posix() not in kept:
                file.unlink(missing_ok=True)
        for file in self.folder.glob(f".{files.MANIFEST}-*"):
            file.unlink(missing_ok=True)
