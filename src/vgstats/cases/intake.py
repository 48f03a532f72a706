"""From files of certificates and a mapping to rows: what is read, judged and counted, and refused where it misleads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
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
from vgstats.catalogue.measures import measure as measure_of
from vgstats.errors import VgstatsError
from vgstats.observations import KEY

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
