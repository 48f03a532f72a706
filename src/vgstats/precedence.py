"""Several sources for the same number: which one counts, and where they differ.

The order of precedence stands in `data/sources.csv`: an authority's own statistics before what others
pass on, and both before bundled tables. A series (one measure in one area) is taken from one source as
far as it goes. What fills its gaps comes from the next, and is listed as mixed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from vgstats.measures import catalogue
from vgstats.observations import COLUMNS, KEY

DIFFERENCE_COLUMNS = [*KEY, "source", "value", "other_source", "other_value"]
MIXED_COLUMNS = ["measure", "area", "source", "first", "last"]
_SAME = ["measure", "area", "when", "sex", "group"]
_LAST = 99


def no_rows(columns: Sequence[str]) -> pd.DataFrame:
    """Return an empty table of texts and, where the name says value, floats."""
    kinds = {name: float if name.endswith("value") else str for name in columns}
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})


@dataclass(frozen=True)
class Resolved:
    """Figures with one source for each number.

    `observations` has the newest vintage of each. `differences` (`DIFFERENCE_COLUMNS`) are numbers that
    another source gives otherwise than rounding explains. `mixed` (`MIXED_COLUMNS`) are the series that
    no single source has in full, a row for each source and the periods it stands for.
    """

    observations: pd.DataFrame
    differences: pd.DataFrame = field(default_factory=lambda: no_rows(DIFFERENCE_COLUMNS))
    mixed: pd.DataFrame = field(default_factory=lambda: no_rows(MIXED_COLUMNS))


def resolve(
    observations: pd.DataFrame,
    precedence: Mapping[str, int],
    compared: Mapping[tuple[str, str], Sequence[str]] | None = None,
) -> Resolved:
    """Choose a source for every number.

    The first source of a series is the one that has both periods to compare, then the one with
    precedence, then the one with most numbers. A number that it suppresses stays suppressed; one that it
    lacks is taken from the next. A year and its December are the same number where the measure covers
    twelve months.

    Args:
        observations: the tidy table, several sources and vintages.
        precedence: the rank of each source, the lowest first.
        compared: the periods to compare for a measure and area; without, precedence alone decides.
    """
    newest = observations.sort_values("retrieved", kind="stable")
    newest = newest.drop_duplicates([*KEY, "source"], keep="last")
    newest = newest.assign(when=_when(newest))
    sources = newest.groupby(["measure", "area"], observed=True)["source"].transform("nunique")
    chosen, differences, mixed = [newest.loc[sources == 1, COLUMNS]], [], []
    several = newest[sources > 1].groupby(["measure", "area"], sort=False, observed=True)
    for (measure, area), series in several:
        order = _order(series, precedence, (compared or {}).get((measure, area), ()))
        ranked = series.assign(rank=series["source"].map({s: i for i, s in enumerate(order)}))
        ranked["lacking"] = ranked["status"] == "missing"
        ranked = ranked.sort_values([*_SAME, "lacking", "rank"], kind="stable")
        best = ranked.drop_duplicates(_SAME, keep="first")
        # One source may give both a year and its December; both stay.
        first = ranked.merge(best[[*_SAME, "source"]], on=[*_SAME, "source"])
        chosen.append(first[COLUMNS])
        differences.append(_differences(first, ranked))
        if first["source"].nunique() > 1:
            mixed.append(_parts(first))
    rows = pd.concat(chosen) if len(newest) else observations
    return Resolved(
        rows.sort_index(kind="stable").reset_index(drop=True),
        _joined(differences, DIFFERENCE_COLUMNS),
        _joined(mixed, MIXED_COLUMNS),
    )


def _when(rows: pd.DataFrame) -> pd.Series:
    """Return the period under which sources are compared: December for a year over twelve months."""
    rolling = [id_ for id_, measure in catalogue().items() if measure.rolling12]
    is_year = rows["measure"].isin(rolling) & (rows["period"].str.len() == 4)
    return rows["period"].where(~is_year, rows["period"] + "-12")


def _joined(tables: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    found = [table for table in tables if len(table)]
    return pd.concat(found, ignore_index=True) if found else no_rows(columns)


def _order(
    series: pd.DataFrame, precedence: Mapping[str, int], periods: Sequence[str]
) -> list[str]:
    years = {period[:4] for period in periods}
    needed = years if len(years) > 1 else set(periods)
    width = 4 if len(years) > 1 else None

    def rank(source: str) -> tuple[bool, int, int, str]:
        rows = series[(series["source"] == source) & series["value"].notna()]
        has = {period[:width] for period in rows["period"]}
        return not needed <= has, precedence.get(source, _LAST), -len(rows), source

    return sorted(series["source"].unique(), key=rank)


def _differences(first: pd.DataFrame, ranked: pd.DataFrame) -> pd.DataFrame:
    both = first.merge(ranked, on=_SAME, suffixes=("", "_other"))
    both = both[both["source"] != both["source_other"]]
    units = both[["resolution", "resolution_other"]]
    # Two that are rounded alike should print alike; a coarser one may differ by half of both units.
    slack = units.sum(axis=1) / 2 * (units.nunique(axis=1) > 1) + 1e-9
    off = both[(both["value"] - both["value_other"]).abs() > slack]
    named = {"source_other": "other_source", "value_other": "other_value"}
    return off.rename(columns=named)[DIFFERENCE_COLUMNS]


def _parts(first: pd.DataFrame) -> pd.DataFrame:
    parts = first.groupby(["measure", "area", "source"], sort=False, observed=True)["period"]
    return parts.agg(first="min", last="max").reset_index()[MIXED_COLUMNS]
