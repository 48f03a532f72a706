"""The published figures that come along, where all come from, and which source counts where several give a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.resources.abc import Traversable

import pandas as pd

from vgstats.catalogue.data_files import bundled, data_folder, read_csv
from vgstats.catalogue.measures import catalogue
from vgstats.errors import VgstatsError, nearest
from vgstats.observations import COLUMNS, KEY, no_rows
from vgstats.row_checks import validate

PROVENANCE = [
    "source", "short", "publisher", "title", "place", "address", "published", "kind", "protected",
    "precedence", "licence", "note",
]  # fmt: skip


@cache
def provenance() -> pd.DataFrame:
    """Return where the figures come from, indexed by source key.

    Columns: `short` (the name in a note), `publisher`, `title`, `place` (table or section),
    `address`, `published`, `kind` (`published` by an authority, `own` records, or `demo` for
    synthetic figures), `protected` (`yes` where small numbers were hidden by who gave the figures out, `no`
    where vgstats must do it), `precedence` (a text; where two sources give the same number, the one with the
    lowest counts), `licence`, `note`.
    """
    frame = read_csv(data_folder() / "sources.csv", PROVENANCE)
    return frame.set_index("source")


@cache
def published() -> pd.DataFrame:
    """Return all bundled observations as one valid tidy table (see `vgstats.observations`).

    Raises:
        VgstatsError: a bundled file is missing or broken; the message names file, row and column.
    """
    files = bundled("published")
    frames = [_rows(file) for file in files]
    with suppress(VgstatsError):
        # All at once takes a sixth of the time.
        return validate(pd.concat(frames, ignore_index=True), "")
    checked = [validate(frame, str(file)) for frame, file in zip(frames, files, strict=True)]
    return pd.concat(checked, ignore_index=True)


def _rows(file: Traversable) -> pd.DataFrame:
    """Return the rows of one bundled file as texts, their sources known."""
    frame = read_csv(file, COLUMNS)
    frame.index = frame.index + 2  # as a person sees the rows in an editor, under the header
    unknown = frame[~frame["source"].isin(provenance().index)]
    if not unknown.empty:
        source = unknown["source"].iloc[0]
        raise VgstatsError(
            f"{file}, row {unknown.index[0]}, column source: {source!r} is not in sources.csv."
            + nearest(source, provenance().index)
        )
    return frame


DIFFERENCE_COLUMNS = [*KEY, "source", "value", "other_source", "other_value"]
MIXED_COLUMNS = ["measure", "area", "source", "first", "last"]
_SERIES = ["measure", "area"]
_SAME = [*_SERIES, "when", "sex", "group"]
_LAST = 99


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
    sources = newest.groupby(_SERIES, observed=True)["source"].transform("nunique")
    alone, several = newest.loc[sources == 1, COLUMNS], newest[sources > 1]
    if several.empty:
        rows = alone if len(alone) else observations
        return Resolved(rows.sort_index(kind="stable").reset_index(drop=True))
    ranked = _ranked(several, precedence, compared or {})
    best = ranked.drop_duplicates(_SAME, keep="first")
    # One source may give both a year and its December; both stay.
    first = ranked.merge(best[[*_SAME, "source"]], on=[*_SAME, "source"])
    first.index = pd.Index(first.groupby("line").cumcount())
    rows = pd.concat([alone, first[COLUMNS]])
    return Resolved(
        rows.sort_index(kind="stable").reset_index(drop=True),
        _differences(first, ranked),
        _parts(first[first.groupby("line")["source"].transform("nunique") > 1]),
    )


def _ranked(
    several: pd.DataFrame,
    precedence: Mapping[str, int],
    compared: Mapping[tuple[str, str], Sequence[str]],
) -> pd.DataFrame:
    """Return the series of several sources one after the other, each number's first source first.

    `line` tells the series apart, in the order in which they come.
    """
    periods: dict[tuple[str, str], dict[str, list[str]]] = {}
    columns = (several[name].tolist() for name in (*_SERIES, "source", "period"))
    known = several["value"].notna().tolist()
    for measure, area, source, period, is_known in zip(*columns, known, strict=True):
        there = periods.setdefault((measure, area), {}).setdefault(source, [])
        there += [period] * is_known
    ranks = {
        (*key, source): (line, rank)
        for line, (key, by_source) in enumerate(periods.items())
        for rank, source in enumerate(_order(by_source, precedence, compared.get(key, ())))
    }
    keys = zip(*(several[name].tolist() for name in (*_SERIES, "source")), strict=True)
    places = pd.DataFrame([ranks[key] for key in keys], several.index, ["line", "rank"])
    ranked = several.join(places).assign(lacking=several["status"] == "missing")
    return ranked.sort_values(["line", *_SAME[2:], "lacking", "rank"], kind="stable")


def _when(rows: pd.DataFrame) -> pd.Series:
    """Return the period under which sources are compared: December for a year over twelve months."""
    rolling = [id_ for id_, measure in catalogue().items() if measure.rolling12]
    is_year = rows["measure"].isin(rolling) & (rows["period"].str.len() == 4)
    return rows["period"].where(~is_year, rows["period"] + "-12")


def _order(
    known: Mapping[str, Sequence[str]], precedence: Mapping[str, int], periods: Sequence[str]
) -> list[str]:
    """Return the sources of a series, given the periods that each has a value for, the first one first."""
    years = {period[:4] for period in periods}
    needed = years if len(years) > 1 else set(periods)
    width = 4 if len(years) > 1 else None

    def rank(source: str) -> tuple[bool, int, int, str]:
        has = {period[:width] for period in known[source]}
        return not needed <= has, precedence.get(source, _LAST), -len(known[source]), source

    return sorted(known, key=rank)


def _differences(first: pd.DataFrame, ranked: pd.DataFrame) -> pd.DataFrame:
    both = first.merge(ranked, on=_SAME, suffixes=("", "_other"))
    both = both[both["source"] != both["source_other"]]
    unit, other = both["resolution"], both["resolution_other"]
    # Two that are rounded alike should print alike; a coarser one may differ by half of both units.
    slack = ((unit + other) / 2 * (unit != other)).fillna(0) + 1e-9
    off = both[(both["value"] - both["value_other"]).abs() > slack]
    if off.empty:
        return no_rows(DIFFERENCE_COLUMNS)
    named = {"source_other": "other_source", "value_other": "other_value"}
    return off.rename(columns=named)[DIFFERENCE_COLUMNS].reset_index(drop=True)


def _parts(first: pd.DataFrame) -> pd.DataFrame:
    if first.empty:
        return no_rows(MIXED_COLUMNS)
    parts = first.groupby([*_SERIES, "source"], sort=False, observed=True)["period"]
    return parts.agg(first="min", last="max").reset_index()[MIXED_COLUMNS]
