"""What each column of numbers holds, and that no column is missing, unknown or there twice."""

from __future__ import annotations

from dataclasses import dataclass

from vgstats.sources.intygsstatistik.headings import (
    BLOCKS,
    COUNT,
    PLAIN,
    SEXES,
    TOTAL,
    group,
    group_of_title,
    is_of_all_diagnoses,
)
from vgstats.sources.intygsstatistik.layout import Grid


@dataclass(frozen=True)
class Column:
    """What one column of numbers holds."""

    place: int
    measure: str
    resolution: float
    sex: str
    group: str


def columns_by_period(grid: Grid) -> tuple[list[Column], list[str]]:
    """Return the columns of a table with a row for each month, and notes.

    Raises:
        VgstatsError: a column is missing, unknown or there twice.
    """
    if not grid.groups:
        _check_columns(grid, grid.header, ["Period", *PLAIN])
        base = group_of_title(grid.above)
        named = [(place, PLAIN[name]) for place, name in enumerate(grid.header) if place]
        return [Column(place, *COUNT, sex, base) for place, sex in named], []
    _check_columns(grid, grid.header[:2], ["Period", TOTAL])
    found = _blocks(grid, 2)
    columns = [
        Column(place, *COUNT, sex, group(heading))
        for heading, places in found.items()
        for place, sex in places
    ]
    if is_of_all_diagnoses(grid.above, list(found)):
        return [Column(1, *COUNT, "alla", ""), *columns], []
    note = f"the column {TOTAL} is left out: it may be of one diagnosis chapter only"
    return columns, [note]


def columns_by_county(grid: Grid) -> tuple[list[Column], list[str]]:
    """Return the columns of the table with a row for each county, and notes.

    Raises:
        VgstatsError: a column is missing, unknown or there twice.
    """
    found = _blocks(grid, 1) if grid.groups else {}
    _check_columns(grid, list(found), list(BLOCKS))
    columns = [
        Column(place, *kind, sex, "")
        for heading, places in found.items()
        if (kind := BLOCKS[heading])
        for place, sex in places
    ]
    return columns, ["the columns Antal invånare are left out: the population comes from SCB"]


def _check_columns(grid: Grid, names: list[str], expected: list[str]) -> None:
    missing = [name for name in expected if name not in names]
    if missing:
        there = ", ".join(filter(None, names))
        raise grid.fault(
            f"the column {missing[0]!r} is missing; there are {there}. Export it again."
        )
    extra = [name for name in names if name not in expected or names.count(name) > 1]
    if extra:
        raise grid.fault(
            f"the column {extra[0]!r} was not expected. Remove it, or export it again."
        )


def _blocks(grid: Grid, start: int) -> dict[str, list[tuple[int, str]]]:
    """Return for each heading in the upper row its columns, and the sex of each."""
    if any(grid.groups[:start]):
        heading = next(filter(None, grid.groups))
        raise grid.fault(
            f"the heading {heading!r} stands over no group of columns. Export it again."
        )
    found: dict[str, list[tuple[int, str]]] = {}
    heading = ""
    for place in range(start, len(grid.header)):
        name = grid.header[place]
        # A merged cell has its text only in the first of its columns.
        heading = grid.groups[place] or ("" if name == "Totalt" else heading)
        if name not in SEXES or not heading:
            raise grid.fault(
                f"the column {name!r} was not expected. Remove it, or export it again."
            )
        found.setdefault(heading, []).append((place, SEXES[name]))
    for heading, places in found.items():
        if [sex for _, sex in places] != list(SEXES.values()):
            raise grid.fault(
                f"under {heading!r} the columns Totalt, Kvinnor and Män were expected, each once and in "
                "that order. Export the table again."
            )
    return found
