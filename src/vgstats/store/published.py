"""The published figures that come along, where all come from, and which source counts where several give a number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.resources.abc import Traversable
from itertools import groupby, product
from math import isnan
from typing import NamedTuple

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


_SERIES = ["measure", "area"]
DIFFERENCE_COLUMNS = [*KEY, "source", "value", "other_source", "other_value"]
MIXED_COLUMNS = ["measure", "area", "source", "first", "last"]
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
    sources = newest.groupby(_SERIES, observed=True)["source"].transform("nunique")
    alone, several = newest.loc[sources == 1, COLUMNS], newest.loc[sources > 1, COLUMNS]
    chosen: list[tuple[int, int]] = []  # the place in its series and in `several`
    differences: list[tuple[object, ...]] = []
    mixed: list[tuple[str, ...]] = []
    rolling = {id_ for id_, one in catalogue().items() if one.rolling12}
    for (measure, area), rows in _by_series(several).items():
        order = _order(rows, precedence, (compared or {}).get((measure, area), ()))
        parts: dict[str, list[str]] = {}
        for of_one in _by_number(rows, order, measure in rolling):
            # One source may give both a year and its December; both stay.
            first = [row for row in of_one if row.source == of_one[0].source]
            chosen += enumerate((row.place for row in first), sum(map(len, parts.values())))
            parts.setdefault(of_one[0].source, []).extend(row.period for row in first)
            differences += [
                (*row[1:6], row.source, row.value, other.source, other.value)
                for row, other in product(first, of_one)
                if other.source != row.source and _differ(row, other)
            ]
        if len(parts) > 1:
            mixed += [(measure, area, one, min(of), max(of)) for one, of in parts.items()]
    first_of = several.iloc[[place for _, place in chosen]]
    first_of.index = pd.Index([at for at, _ in chosen], dtype=int)
    rows = pd.concat([alone, first_of]) if chosen else alone
    return Resolved(
        rows.sort_index(kind="stable").reset_index(drop=True),
        _table(differences, DIFFERENCE_COLUMNS),
        _table(mixed, MIXED_COLUMNS),
    )


def _table(rows: Sequence[tuple[object, ...]], columns: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns) if rows else no_rows(columns)


class _Row(NamedTuple):
    """A row of a series of several sources: there are few, and pandas takes longer to group and join them."""

    place: int
    measure: str
    area: str
    period: str
    sex: str
    group: str
    value: float
    resolution: float
    status: str
    source: str


def _by_series(several: pd.DataFrame) -> dict[tuple[str, str], list[_Row]]:
    columns = (several[name].tolist() for name in _Row._fields[1:])
    found: dict[tuple[str, str], list[_Row]] = {}
    for row in map(_Row, range(len(several)), *columns):
        found.setdefault((row.measure, row.area), []).append(row)
    return found


def _by_number(rows: Iterable[_Row], order: Sequence[str], rolling: bool) -> Iterator[list[_Row]]:
    """Yield the rows of a series that are the same number, its first source first.

    A year and its December are one number where the measure covers twelve months, as `rolling` says.
    """

    def number(row: _Row) -> tuple[str, str, str]:
        when = f"{row.period}-12" if rolling and len(row.period) == 4 else row.period
        return when, row.sex, row.group

    ranks = {source: rank for rank, source in enumerate(order)}
    ranked = sorted(rows, key=lambda row: (number(row), row.status == "missing", ranks[row.source]))
    for _, of_one in groupby(ranked, number):
        yield list(of_one)


def _order(
    rows: Iterable[_Row], precedence: Mapping[str, int], periods: Sequence[str]
) -> list[str]:
    """Return the sources of a series, given the periods to compare, the first one first."""
    known: dict[str, list[str]] = {}
    for row in rows:
        known.setdefault(row.source, []).extend([row.period] * (not isnan(row.value)))
    years = {period[:4] for period in periods}
    needed = years if len(years) > 1 else set(periods)
    width = 4 if len(years) > 1 else None

    def rank(source: str) -> tuple[bool, int, int, str]:
        has = {period[:width] for period in known[source]}
        return not needed <= has, precedence.get(source, _LAST), -len(known[source]), source

    return sorted(known, key=rank)


def _differ(row: _Row, other: _Row) -> bool:
    """Return whether two sources give a number otherwise than rounding explains."""
    unit, others = row.resolution, other.resolution
    # Two that are rounded alike should print alike; a coarser one may differ by half of both units.
    slack = (unit + others) / 2 if abs(unit - others) > 0 else 0.0
    return abs(row.value - other.value) > slack + 1e-9
