"""Cases to tidy rows, of a county and its units, in the tables that `catalogue.case_tables` declares and no others.

Every area has every sex and group, with 0 where there is no case, so that a count that is not there was not made.
A case of no unit, or of one that is not asked for, is counted in the county alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

import pandas as pd

from vgstats.cases.groups import LENGTH, SEXES, UNKNOWN, at_least, condition, twelve_months
from vgstats.cases.joining import Connection, UnitBy, demand_one_row, join, owner, stand
from vgstats.cases.lengths import statistics
from vgstats.catalogue.case_tables import CaseTable, case_table, case_tables
from vgstats.errors import VgstatsError
from vgstats.observations import KEY

Cell = tuple[str, str]  # measure and group


def counts(
    connection: Connection,
    lan: str,
    units: Sequence[str],
    snapshots: Sequence[dt.date],
    *,
    gap_days: int = 5,
    unit_by: UnitBy = "listad",
    tables: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Return what is counted of the certificates, and what is reckoned of the counts (`lengths`), in tidy rows.

    Left out is what a file cannot tell: a table whose column nobody has filled, the cases of n days or more and what
    rests on them where the first certificate began less than n days before, and what started and ended in twelve
    months that began before it.

    Args:
        connection: where the relation `certificates` is (see `joining`), and `listed` if there is one.
        lan: the county, as lan:14.
        units: the ids of its units, as enhet:14-alby.
        snapshots: the days of which ongoing cases are counted; what started and ended is counted in the twelve whole
            months before each.
        gap_days: the most days without a certificate within a case.
        unit_by: whose a case is, `listad` or `senaste_intyg`.
        tables: the measures of the tables to make, all that are declared where left out.

    Returns:
        measure, area, period, sex (kvinnor, män; statistics also alla), group, value, resolution and status (`ok`, or
        `nil` for 0).

    Raises:
        VgstatsError: a table is not declared, there are no certificates or no snapshots, or on one none holds.
    """
    declared = [case_table(name) for name in (case_tables() if tables is None else tables)]
    if not snapshots:
        raise VgstatsError(
            "There is no snapshot. Name the days whose cases are counted, as 2025-10-01."
        )
    began = first_day(connection)
    wanted = [one for one in declared if _filled(connection, one.column)]
    words = {one.dimension: _own_words(connection, one.column) for one in wanted if not one.groups}
    areas: dict[str | None, str] = {None: lan, **{unit: unit for unit in units}}
    join(connection, gap_days)
    rows: list[pd.DataFrame] = []
    for day in snapshots:
        stand(connection, day, unit_by)
        cells = dict(_cells(wanted, words, day, (day - began).days + 1))
        found = _by_area(connection, "standing", cells, areas)
        if not found.loc[lan].to_numpy().any():
            raise VgstatsError(
                f"No certificate holds on {day}. Choose a snapshot within the certificates."
            )
        of_lan = {one.measure for one in wanted if "enhet" not in one.where}
        for cell in cells:
            values = found[cell].loc[[lan]] if cell[0] in of_lan else found[cell]
            rows.append(_tidy(values, *cell, str(day)))
        rows += _flows(connection, day, began, unit_by, areas)
        rows.append(statistics(connection, lan, units, day, began, gap_days, unit_by))
    frame = pd.concat(rows, ignore_index=True)
    return frame.assign(
        resolution=frame["resolution"].fillna(1.0),
        status=frame["value"].map(lambda value: "ok" if value else "nil"),
    )


def first_day(connection: Connection) -> dt.date:
    """Return the day when the first certificate begins.

    Raises:
        VgstatsError: there is none.
    """
    found = connection.execute("SELECT min(first) FROM certificates").fetchone()
    if found is None or found[0] is None:
        raise VgstatsError("There are no certificates. Give a file that has some.")
    first: dt.date = found[0]
    return first


def _cells(
    tables: Sequence[CaseTable], words: dict[str, list[str]], day: dt.date, seen: int
) -> Iterator[tuple[Cell, str]]:
    """Yield each number, and what is true of its cases; `seen` days can be looked back."""
    yield ("intygsfall", ""), "true"
    for table in tables:
        base = _base(table, tables, day, seen)
        if base is None:
            continue
        yield (table.measure, ""), base
        for group in table.groups or words[table.dimension]:
            if table.dimension != LENGTH or at_least(group) <= seen:
                cell = (table.measure, f"{table.dimension}={group}")
                yield cell, f"{base} AND {condition(table, group, day)}"


def _base(table: CaseTable, tables: Sequence[CaseTable], day: dt.date, seen: int) -> str | None:
    """Return what is true of all cases of a table, None where the number that its total is was not made."""
    if not table.of or table.of.startswith(f"{LENGTH}="):
        return f"days >= {at_least(table.of)}" if at_least(table.of) <= seen else None
    dimension, _, group = table.of.partition("=")
    divided = next((one for one in tables if one.dimension == dimension), None)
    return condition(divided, group, day) if divided else None


def _by_area(
    connection: Connection, table: str, cells: dict[Cell, str], areas: dict[str | None, str]
) -> pd.DataFrame:
    """Return how many cases each area and sex has in each cell: areas and sexes as rows, cells as columns."""
    filtered = ", ".join(
        f"count(*) FILTER ({true}) AS c{n}" for n, true in enumerate(cells.values())
    )
    found = connection.execute(
        f"SELECT unit, sex, {filtered} FROM {table} WHERE sex IN {SEXES} "
        "GROUP BY GROUPING SETS ((sex), (unit, sex)) HAVING unit IS NOT NULL OR grouping(unit) = 1"
    ).df()
    found["unit"] = [areas.get(None if pd.isna(unit) else unit) for unit in found["unit"]]
    every = pd.MultiIndex.from_product([areas.values(), SEXES], names=["area", "sex"])
    whole = found.dropna(subset="unit").set_index(["unit", "sex"]).reindex(every, fill_value=0)
    whole.columns = pd.Index(list(cells), tupleize_cols=False)
    return whole


def _tidy(values: pd.Series, measure: str, group: str, period: str) -> pd.DataFrame:
    frame = values.rename("value").reset_index()
    frame = frame.assign(measure=measure, group=group, period=period)
    return frame[[*KEY, "value"]].astype({"value": float})


def _flows(
    connection: Connection,
    day: dt.date,
    began: dt.date,
    unit_by: UnitBy,
    areas: dict[str | None, str],
) -> Iterator[pd.DataFrame]:
    """Yield the cases that started and that ended in the twelve months before a day, where the file has all of them.

    How many ended is told of the county alone: beside those that started it is how the ongoing have changed in a year.
    """
    first, last = twelve_months(day)
    if began > first:
        return
    within = f"BETWEEN DATE '{first}' AND DATE '{last}'"
    picked = {
        "startade": f"SELECT person, number, row FROM joined WHERE opens AND first {within}",
        "avslutade": "SELECT person, number, max(struct_pack(first := joined.first, row := row)).row AS row "
        "FROM joined JOIN cases USING (person, number) "
        f"WHERE joined.last = cases.last AND cases.last {within} GROUP BY person, number",
    }
    for name, rows in picked.items():
        connection.execute(
            f"CREATE OR REPLACE TABLE flow AS SELECT picked.person, number, sex, {owner(unit_by)} AS unit "
            f"FROM ({rows}) AS picked JOIN certificates USING (row)"
        )
        demand_one_row(connection, "flow")
        cell = (f"intygsfall_{name}", "")
        of: dict[str | None, str] = areas if name == "startade" else {None: areas[None]}
        yield _tidy(_by_area(connection, "flow", {cell: "true"}, of)[cell], *cell, str(last)[:7])


def _filled(connection: Connection, column: str) -> bool:
    found = connection.execute(
        f"SELECT 1 FROM certificates WHERE {column} IS NOT NULL LIMIT 1"
    ).fetchone()
    return found is not None


def _own_words(connection: Connection, column: str) -> list[str]:
    """Return the region's own words in a column, in order."""
    found = connection.execute(
        f"SELECT DISTINCT coalesce({column}, '{UNKNOWN}') FROM certificates"
    ).fetchall()
    return sorted(word for (word,) in found)
