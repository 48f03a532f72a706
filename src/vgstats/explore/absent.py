"""What to say of figures that there are none of: silence is never an answer."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence

import pandas as pd

from vgstats.catalogue import areas
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period
from vgstats.errors import VgstatsError, nearest
from vgstats.explore.names import Asked
from vgstats.methods.observed import worked_out_from
from vgstats.observations import SEXES
from vgstats.sources.datasets import datasets
from vgstats.store.published import published

_MOST = 8  # of what there is, in a message


class HiddenError(VgstatsError):
    """The figures that are asked for are there, and all of them are hidden."""


class NotDividedError(VgstatsError):
    """A count is not divided so in both periods that are asked for."""


def warn_of_gaps(found: pd.DataFrame, asked: Asked) -> None:
    """Say which of several names have no figures beside the others."""
    ends = {Period.parse(text).end for text in found["period"].unique()}
    periods = () if isinstance(asked.periods, slice) else asked.periods
    there = {column: set(found[column]) for column in ("measure", "area", "sex", "group")}
    lacking = [
        *(measure for measure in asked.measures if measure not in there["measure"]),
        *(areas.name(area) for area in asked.named if area not in there["area"]),
        *(when for when in periods if Period.parse(when).end not in ends),
        *(sex for sex in asked.sexes if sex not in there["sex"]),
        *(group or "all (group='')" for group in asked.groups if group not in there["group"]),
    ]
    warn_of(lacking, stacklevel=4)


def warn_of(lacking: Sequence[str], stacklevel: int) -> None:
    """Say what has no figures, beside what has."""
    if lacking:
        warnings.warn(f"There are no such figures for {listed(lacking)}.", stacklevel=stacklevel)


def nothing(rows: pd.DataFrame, asked: Asked) -> str:
    """Return why there is nothing, and what there is instead.

    Args:
        rows: all figures of the measures and areas that were asked for.
        asked: what was asked for.
    """
    of = f"{', '.join(asked.measures) or 'any measure'} for {listed(map(areas.name, asked.places)) or 'any area'}"
    if rows.empty:
        return f"There are no figures of {of}.{_where_there_are(asked)}"
    grouped = rows[rows["group"].isin(asked.groups)] if asked.groups else rows
    if grouped.empty:
        there = sorted(set(rows["group"]))
        wanted = " or ".join(f"group={group!r}" for group in asked.groups)
        return (
            f"There are no figures of {of} with {wanted}.{nearest(asked.groups[0], there)} "
            f"There are: {listed(map(repr, there))}."
        )
    of_sex = grouped[grouped["sex"].isin(asked.sexes)] if asked.sexes else grouped
    if of_sex.empty:
        sexes = [sex for sex in SEXES if sex in set(grouped["sex"])]
        how = "per kön (by sex)" if sexes == ["kvinnor", "män"] else f"för {', '.join(sexes)}"
        return f"The figures of {of} finns bara {how}. Write sex={sexes}."
    when = ""
    if not isinstance(asked.periods, slice):
        when = f" with period={list(asked.periods)}" if asked.periods else ""
    elif asked.periods != slice(None):
        when = f" from {asked.periods.start or 'the first'} to {asked.periods.stop or 'the last'}"
    return f"There are no figures of {of}{when}. There are: {_stretch(set(of_sex['period']))}."


def _where_there_are(asked: Asked) -> str:
    """Return which other areas have figures of the measures, and the command that fetches more."""
    rows = published()
    others = [
        a
        for a in areas.all_areas().index
        if a in set(rows.loc[rows["measure"].isin(asked.measures), "area"])
    ]
    levels = {area.partition(":")[0] for area in asked.places}
    others.sort(key=lambda area: area.partition(":")[0] not in levels)
    fetched = fetched_for(asked.measures)
    lan = dict.fromkeys(
        areas.all_areas().loc[a, "lan"].partition(":")[2] or a.partition(":")[2]
        for a in asked.places
    )
    where = " ".join(f"--lan {code}" for code in lan if code) if len(lan) == 1 else "--lan alla"
    own = [m for m in asked.measures if measure_of(m).own and not others and not fetched]
    elsewhere = (
        ()
        if others or fetched
        else dict.fromkeys(measure_of(m).available for m in asked.measures if m not in own)
    )
    return "".join(
        [
            f" There are for: {listed(map(areas.name, others))}." if others else "",
            f" More are fetched with: vgstats fetch {' '.join(fetched)} {where}" if fetched else "",
            *(f" Official figures: {words}." for words in elsewhere if words),
            " Such figures are a region's own: they are imported (vgstats cases, vgstats import), and are here when a "
            "report has been made of them."
            if own
            else "",
        ]
    )


def fetched_for(measures: Iterable[str]) -> list[str]:
    """Return those that can be fetched of some measures, and of what they are worked out from."""
    known = {measure for dataset in datasets().fk.datasets for measure in dataset.measures}
    known |= {kpi.measure for kpi in datasets().kolada.kpis}
    known |= {table.measure for table in datasets().scb.tables}
    return [m for one in measures for m in worked_out_from(one) if m in known]


def _stretch(periods: Iterable[str]) -> str:
    there = sorted(periods)
    return (
        ", ".join(there)
        if len(there) <= _MOST
        else f"{there[0]} to {there[-1]}, {len(there)} in all"
    )


def listed(names: Iterable[str]) -> str:
    """Return names with commas between, the first of them and how many more where they are many."""
    found = list(names)
    more = f" and {len(found) - _MOST} more" if len(found) > _MOST + 1 else ""
    return ", ".join(found[: _MOST if more else None]) + more
