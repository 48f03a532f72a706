"""From files of certificates and a mapping to the store: what is read, judged, counted, and only then kept."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from vgstats.cases.counting import counts
from vgstats.cases.joining import Connection
from vgstats.cases.listed import read_listed
from vgstats.cases.mapping import Mapping
from vgstats.cases.quality import HARMLESS, Quality, read_certificates
from vgstats.cases.workspace import first_row, sealed, workspace
from vgstats.catalogue.case_tables import choices
from vgstats.catalogue.measures import measure as measure_of
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
FAULTY_ROWS, NEED_INDEX = "intygsrader_fel", "vardbehovsindex"
_SMALL = 5
_REACH_DAYS = 31


@dataclass(frozen=True)
class Counted:
    """What certificates gave: what is wrong in them, and tidy rows of counts and of statistics with a least n."""

    mapping: Mapping
    quality: Quality
    counts: pd.DataFrame
    statistics: pd.DataFrame


@sealed
def count(files: Sequence[Path], mapping: Mapping, folder: Path, today: dt.date) -> Counted:
    """Return what is counted of certificates; nothing that stands in a row is told, kept or left on disk.

    Args:
        files: Parquet, CSV or XLSX.
        mapping: what their columns are.
        folder: where the mapping lies, beside which the table of listed persons is looked for.
        today: the day after which no certificate begins.

    Raises:
        VgstatsError: the files cannot be read or counted; the message names rows by number.
    """
    with workspace() as connection:
        quality = read_certificates(connection, files, mapping, today)
        _demand_reach(connection, mapping, today)
        if mapping.listed:
            read_listed(connection, folder, mapping.listed, mapping)
        rows = counts(
            connection,
            mapping.lan,
            [unit.area for unit in mapping.units],
            mapping.snapshots,
            gap_days=mapping.gap_days,
            unit_by=mapping.unit_by,
        )
    if mapping.listed and mapping.unit_by == "listad":
        _demand_listed(rows, mapping, mapping.listed.file)
    of_counts = np.array([measure_of(id_).counted for id_ in rows["measure"]])
    return Counted(
        mapping,
        quality,
        rows[of_counts],
        pd.concat(
            [rows[~of_counts], faulty_rows(quality, mapping), index_rows(mapping)],
            ignore_index=True,
        ),
    )


def _demand_reach(connection: Connection, mapping: Mapping, today: dt.date) -> None:
    """Refuse a snapshot that the certificates do not reach: those that begin before it are not all there.

    Raises:
        VgstatsError: it is to come, or no certificate begins in the month before it or later.
    """
    (begun,) = first_row(connection, "SELECT max(first) FROM certificates")
    last = mapping.snapshots[-1]
    if last > today or (last - begun).days > _REACH_DAYS:
        raise VgstatsError(
            f"snapshots: {last} is later than the certificates reach: it is to come, or none begins in the month "
            "before it. Those that would hold on that day are not all there. Name an earlier day, or take the file out "
            "anew."
        )


def _demand_listed(rows: pd.DataFrame, mapping: Mapping, file: str) -> None:
    """Refuse a table of the listed without units that have cases, which would make the county's too many per listed.

    Raises:
        VgstatsError: some have cases and nobody listed.
    """
    both = rows[
        rows["measure"].isin(("intygsfall", "listade")) & rows["sex"].isin(("kvinnor", "män"))
    ]
    sums = both.pivot_table(
        "value", ["period", "area"], "measure", "sum", fill_value=0, observed=True
    )
    sums = sums.reindex(columns=["intygsfall", "listade"], fill_value=0)
    told = sums["listade"].groupby("period").transform("sum") > 0
    names = {unit.area: unit.name for unit in mapping.units}
    for day, without in sums[
        told & (sums["listade"] == 0) & (sums["intygsfall"] >= _SMALL)
    ].groupby("period"):
        some = ", ".join(names[area] for _, area in without.index[:_SMALL])
        raise VgstatsError(
            f"{file}: nobody is listed in {str(day)[:4]} at {len(without)} units that have cases of listed persons: "
            f"{some}{' ...' if len(without) > _SMALL else ''}. The county would have too many per listed. Add them."
        )


def faulty_rows(quality: Quality, mapping: Mapping) -> pd.DataFrame:
    """Return the rows with each fault, and with any, as tidy rows of the county; fewer than five are hidden.

    So is how many have any, where it is more than those that are shown together and so tells of the others.
    """
    found = {"": quality.faulty, **{f"fel={fault}": n for fault, n in quality.counts.items()}}
    hidden = [0 < n < _SMALL for n in found.values()]
    shown = sum(n for of, n in quality.counts.items() if n >= _SMALL and of != HARMLESS)
    hidden[0] |= any(hidden) and quality.faulty > shown
    return pd.DataFrame(
        {
            "measure": FAULTY_ROWS,
            "area": mapping.lan,
            "period": f"{mapping.snapshots[-1]}",
            "sex": "alla",
            "group": [*found],
            "value": [
                np.nan if few else float(n) for n, few in zip(found.values(), hidden, strict=True)
            ],
            "resolution": 1.0,
            "status": [
                "suppressed" if few else "ok" if n else "nil"
                for n, few in zip(found.values(), hidden, strict=True)
            ],
        }
    )


def index_rows(mapping: Mapping) -> pd.DataFrame:
    """Return the need index of each unit that the mapping gives one, as tidy rows of each snapshot."""
    return pd.DataFrame(
        [
            (NEED_INDEX, unit.area, str(day), "alla", "", unit.cni, 0.01, "ok")
            for day in mapping.snapshots
            for unit in mapping.units
            if unit.cni is not None
        ],
        columns=[*KEY, "value", "resolution", "status"],
    )


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
