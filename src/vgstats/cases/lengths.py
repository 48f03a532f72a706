"""What is reckoned of cases and not counted: how long they last (net days and what is expected have their own modules).

Each has a least n, and what has fewer is left out. How long cases last is told of those that started in a year, or
in two for the share that is left after so many days (of one year, hardly any can be followed to 365), as far as it is
known whether they have ended: `gap_days` and a day before the snapshot. Their unit and diagnosis are those of their
first certificate, since the later ones are known only of those that last.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import pandas as pd

from vgstats.cases.expected import rows_of_listed
from vgstats.cases.groups import SEXES, condition, twelve_months
from vgstats.cases.joining import Connection, Row, UnitBy, days, owner
from vgstats.cases.net import rows_of_net_days
from vgstats.catalogue.case_tables import case_table
from vgstats.methods import NotComputable, still_ongoing
from vgstats.methods.survival import medians
from vgstats.observations import KEY

LEFT_AFTER = (30, 60, 90, 180, 365)  # days
FEWEST_LEFT = 1000  # cases

_FOLLOWED = """
CREATE OR REPLACE TABLE followed AS
WITH started AS (
    SELECT person, number, row FROM joined
    WHERE opens AND first BETWEEN DATE '{first}' AND DATE '{known}'
),
lasted AS (
    SELECT person, number, {days} AS days FROM joined SEMI JOIN started USING (person, number)
    WHERE first <= DATE '{known}' GROUP BY person, number
)
SELECT started.person, number, started.row, sex, {owner} AS unit, diagnosis, lasted.days,
    cases.last < DATE '{known}' AS ended, cases.first
FROM started JOIN lasted USING (person, number) JOIN cases USING (person, number)
JOIN certificates ON certificates.row = started.row
"""


def statistics(
    connection: Connection,
    lan: str,
    units: Sequence[str],
    day: dt.date,
    began: dt.date,
    gap_days: int,
    unit_by: UnitBy,
) -> pd.DataFrame:
    """Return what is reckoned of the cases up to a snapshot, in tidy rows with the resolution of each.

    Args:
        connection: where `joined`, `cases` and `standing` are (see `joining`), and `listed` if there is one: unit,
            year, sex, age_from, age_to (none: and older) and persons.
        lan: the county.
        units: the ids of its units.
        day: the snapshot.
        began: the day when the first certificate begins.
        gap_days: the most days without a certificate within a case.
        unit_by: whose a case is.
    """
    rows = [
        *_durations(connection, lan, units, day, began, gap_days, unit_by),
        *rows_of_net_days(connection, lan, units, day, began, unit_by),
        *rows_of_listed(connection, lan, units, day),
    ]
    return pd.DataFrame(rows, columns=[*KEY, "value", "resolution"])


def follow(
    connection: Connection, first: dt.date, known: dt.date, unit_by: UnitBy = "listad"
) -> None:
    """Make the table `followed`: the cases that started from `first` to `known`, and how long they lasted by then.

    Its columns are sex, unit and diagnosis (of the first certificate), days, and ended: whether the last day with a
    certificate was before `known`, from which on the certificates of the file must tell.
    """
    connection.execute(
        _FOLLOWED.format(first=first, known=known, days=days(last=known), owner=owner(unit_by))
    )


def _durations(
    connection: Connection,
    lan: str,
    units: Sequence[str],
    day: dt.date,
    began: dt.date,
    gap_days: int,
    unit_by: UnitBy,
) -> Iterator[Row]:
    known = day - dt.timedelta(days=gap_days + 1)
    year, _ = twelve_months(day)
    if began > year:
        return
    two_years = year.replace(year=year.year - 1)
    follow(connection, max(two_years, began), known, unit_by)
    period = str(day)
    table = case_table("intygsfall_diagnos")
    groups = {f"{table.dimension}={group}": condition(table, group, day) for group in table.groups}
    found = _histogram(connection, year, groups)
    of_units, of_groups = found[found["g0"].isna()], found[found["g0"].notna()]
    for n, group in enumerate(groups):
        of_group = of_groups[of_groups["recent"] & of_groups[f"g{n}"].astype(bool)]
        yield from _medians(of_group.assign(unit=lan, sex="alla"), period, group)
    recent = of_units[of_units["recent"]]
    of_these = recent[recent["unit"].isin(units)]
    both = pd.concat([recent.assign(unit=lan), of_these])
    yield from _medians(pd.concat([both, both.assign(sex="alla")]), period)
    whole = of_units if began <= two_years else recent
    for sex, curve in _by_sex(whole):
        if curve[["ended", "ongoing"]].to_numpy().sum() < FEWEST_LEFT:
            continue
        for after in LEFT_AFTER:
            try:
                left = still_ongoing(curve, after).estimate
            except NotComputable:
                continue
            yield ("intygsfall_kvar", lan, period, sex, f"dag={after}", round(left), 1.0)


def _histogram(connection: Connection, year: dt.date, groups: dict[str, str]) -> pd.DataFrame:
    """Return how many of the followed cases ended on, and how many lasted and went on after, each number of days.

    The rows are by unit and sex, and by sex and whether a case is in each of the groups (g0, g1, ...); recent are those
    that started since a day.
    """
    flags = ", ".join(f"({true}) AS g{n}" for n, true in enumerate(groups.values()))
    names = ", ".join(f"g{n}" for n in range(len(groups)))
    return connection.execute(
        f"SELECT unit, sex, days, recent, {names}, count(*) FILTER (ended) AS ended, "
        "count(*) FILTER (NOT ended) AS ongoing "
        f"FROM (SELECT *, first >= DATE '{year}' AS recent, {flags} FROM followed WHERE sex IN {SEXES}) "
        f"GROUP BY GROUPING SETS ((unit, sex, days, recent), (sex, days, recent, {names}))"
    ).df()


def _by_sex(histogram: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    for sex in (*SEXES, "alla"):
        own = histogram if sex == "alla" else histogram[histogram["sex"] == sex]
        yield sex, own.groupby("days", as_index=False)[["ended", "ongoing"]].sum()


def _medians(histogram: pd.DataFrame, period: str, group: str = "") -> Iterator[Row]:
    """Yield the median of each unit and sex that has cases enough and of whose cases half are known to have ended."""
    for (unit, sex), half in medians(histogram, ["unit", "sex"]).items():
        yield ("intygsfall_median_dagar", unit, period, sex, group, float(half), 1.0)
