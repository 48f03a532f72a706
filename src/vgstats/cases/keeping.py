"""What was counted of certificates, into the store: where it comes from, and what of earlier rounds it replaces."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from vgstats.cases.intake import Counted
from vgstats.cases.mapping import Mapping
from vgstats.catalogue.case_tables import choices
from vgstats.catalogue.periods import MONTHS
from vgstats.catalogue.texts import OwnText
from vgstats.catalogue.units import Unit
from vgstats.errors import VgstatsError
from vgstats.ingest import Outcome, take_in
from vgstats.observations import DEMO_CASES, KEY, OF_CERTIFICATES
from vgstats.sources.own_assembly import Place
from vgstats.sources.own_file import OwnFile
from vgstats.sources.reading import ROW_COLUMNS, Reading, constant
from vgstats.sources.recognise import Piece
from vgstats.store.files import Kind
from vgstats.store.store import Store

COUNTS, STATISTICS = "egna-intyg", "egna-intyg-matt"


def told(mapping: Mapping, before: Iterable[dt.date] = ()) -> str:
    """Return what counts are called where they come from: cases of which register, and of which days, `before` too."""
    every = sorted({*mapping.snapshots, *before})
    days = [f"{day.day} {MONTHS[day.month - 1]} {day.year}" for day in every]
    some = " och den ".join([", den ".join(days[:-1]), days[-1]] if days[1:] else days)
    return f"Sjukfall ur läkarintyg i {mapping.register_}, den {some}"


def keep(
    counted: Counted, files: Sequence[Path], mapping_file: Path, store: Store
) -> list[Outcome]:
    """Add what was counted to the store, with its units and where it comes from.

    Returns:
        What became of the counts and of the statistics.

    Raises:
        VgstatsError: the store cannot be written, has these figures from another source, or has cases of other days
            that were counted otherwise.
    """
    mapping = counted.mapping
    digest = hashlib.sha256(mapping_file.read_bytes()).hexdigest()
    places = [Place.of(f"{mapping_file}, units, {unit.id}") for unit in mapping.units]
    units = OwnFile(mapping_file, digest, [], [unit.entry() for unit in mapping.units], places)
    names = DEMO_CASES if mapping.synthetic else (COUNTS, STATISTICS)
    before = _days_before(store, mapping, names[0])
    listed = [mapping_file.parent / mapping.listed.file] if mapping.listed else []
    whole = _digest([*files, mapping_file, *listed])
    retrieved = _moment(store, whole, [*files, *listed])
    store.declare([units, *_mappings_before(store, mapping, mapping_file)])
    outcomes = []
    statistics = _with_withdrawn(counted, names[1], store)
    for rows, source, protected in zip(
        (counted.counts, statistics), names, ("no", "yes"), strict=True
    ):
        about = {
            "short": mapping.register_,
            "publisher": mapping.register_,
            "title": told(mapping, before),
            "kind": "demo" if mapping.synthetic else "own",
            "protected": protected,
            "precedence": "8",
            "note": choices(mapping.gap_days, mapping.unit_by),
        }
        piece = Piece(
            _reading(rows, source),
            ", ".join(file.name for file in (*files, mapping_file)),
            retrieved,
            whole,
        )
        kind: Kind = "demo" if mapping.synthetic else "official"
        outcomes.append(take_in([piece], store, own_source=about, kind=kind))
        if outcomes[-1].added is None:
            break  # nothing of what rests on counts that were refused
    return outcomes


def _mappings_before(store: Store, mapping: Mapping, file: Path) -> list[OwnFile]:
    """Return the mappings of earlier rounds as files without units: those that count now are in this round's.

    A region may have a mapping of another name each year. One of another county keeps its units.
    """
    origins = (one for one in store.manifest().origins if one.recognised == OF_CERTIFICATES)
    named = {name for one in origins for name in one.address.split(", ")} - {file.name}
    there = {
        (one.address, one.sha256)
        for one in store.declared().texts
        if one.address in named and not one.replaced and _is_in(one.entry, mapping.lan)
    }
    return [OwnFile(Path(name), digest, [], [], []) for name, digest in sorted(there)]


def _is_in(entry: OwnText, lan: str) -> bool:
    return isinstance(entry, Unit) and entry.lan == lan


def _days_before(store: Store, mapping: Mapping, source: str) -> set[dt.date]:
    """Return the days whose cases the store has from earlier rounds.

    Raises:
        VgstatsError: those of some that are not counted now were counted by other choices, so that days would not
            compare.
    """
    rows = store.read([(mapping.lan, "intygsfall", ())], columns=["period", "source"])
    days = {dt.date.fromisoformat(day) for day in rows.loc[rows["source"] == source, "period"]}
    about = store.provenance()
    others = sorted(days.difference(mapping.snapshots))
    if others and about.loc[source, "note"] != choices(mapping.gap_days, mapping.unit_by):
        raise VgstatsError(
            f"The store {store.folder} has cases of {', '.join(map(str, others))} that were counted by another "
            "gap_days or unit_by than the mapping says, and would not compare. Nothing was kept. Name these days under "
            "snapshots too, so that all are counted anew, or name another folder with --store."
        )
    return days


def _moment(store: Store, digest: str, files: Sequence[Path]) -> str:
    """Return when files were retrieved: when they were last changed, or now where the store has later ones.

    So what is counted last counts. The same once more is of the same moment.
    """
    there = {
        one.retrieved: one.sha256
        for one in store.manifest().origins
        if one.recognised == OF_CERTIFICATES
    }
    last = max(there, default="")
    if there.get(last) == digest:
        return last
    changed, now = (
        f"{dt.datetime.fromtimestamp(moment, dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
        for moment in (max(file.stat().st_mtime for file in files), time.time())
    )
    if changed > last:
        return changed
    return max(
        now, f"{dt.datetime.fromisoformat(last) + dt.timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}"
    )


def _with_withdrawn(counted: Counted, source: str, store: Store) -> pd.DataFrame:
    """Return the statistics, and as missing what was told of the same days before and is not any more.

    A corrected file may leave a unit with too few cases: its old median would else stand beside the new counts.
    """
    mapping, new = counted.mapping, counted.statistics
    days = mapping.snapshots
    periods = {str(day) for day in days} | {str(day - dt.timedelta(days=1))[:7] for day in days}
    measures = {file.measure for file in store.manifest().files if file.source == source}
    places = [mapping.lan, *(unit.area for unit in mapping.units)]
    old = store.read((area, one, ()) for one in sorted(measures) for area in places)
    old = old[(old["source"] == source) & old["period"].isin(periods) & old["value"].notna()]
    told = set(new[KEY].itertuples(index=False, name=None))
    gone = [key not in told for key in old[KEY].astype(str).itertuples(index=False, name=None)]
    withdrawn = old.loc[gone, [*KEY, "resolution"]].astype(dict.fromkeys(KEY, str))
    withdrawn = withdrawn.drop_duplicates(KEY).assign(value=np.nan, status="missing")
    return pd.concat([new, withdrawn], ignore_index=True) if len(withdrawn) else new


def _reading(rows: pd.DataFrame, source: str) -> Reading:
    rows = rows.reset_index(drop=True)
    rows = rows.assign(sheet=constant("", rows.index), row=np.arange(1, 1 + len(rows)))
    kinds = dict.fromkeys((*KEY, "status"), "category") | {"value": float, "resolution": float}
    return Reading(OF_CERTIFICATES, source, rows.astype(kinds)[ROW_COLUMNS])


def _digest(files: Sequence[Path]) -> str:
    whole = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            whole.update(hashlib.file_digest(stream, "sha256").digest())
    return whole.hexdigest()
