"""What is reckoned of cases and not counted: how long they last, net days, and what is expected of the listed persons.

Each has a least n, and what has fewer is left out. How long cases last is told of those that started in a year, or
in two for the share that is left after so many days (of one year, hardly any can be followed to 365), as far as it is
known whether they have ended: `gap_days` and a day before the snapshot. Their unit and diagnosis are those of their
first certificate, since the later ones are known only of those that last.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import pandas as pd

from vgstats.cases.groups import SEXES, condition, twelve_months
from vgstats.cases.joining import Connection, UnitBy, days, net_days, owner
from vgstats.catalogue.case_tables import case_table
from vgstats.methods import NotComputable, expected_events, still_ongoing
from vgstats.methods.survival import medians
from vgstats.observations import KEY

LEFT_AFTER = (30, 60, 90, 180, 365)  # days
FEWEST_LEFT = 1000  # cases
FEWEST_NET = 20  # cases
MANY = 40  # cases of a unit without listed persons, which would make the others' expected cases too many
NET_STEP = 10  # days
FEWEST_AT_AN_AGE = 5  # cases of a sex, under which ages have one rate together
AGES = (16, 64)  # of the listed persons that are counted

Row = tuple[str, str, str, str, str, float, float]  # the key, value and resolution
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
_NET = """
WITH told AS (
    SELECT person, number, sex, unit, {net_days} AS net
    FROM joined JOIN (SELECT row, sex, {owner} AS unit FROM certificates) AS told USING (row)
    WHERE first <= DATE '{last}' AND last >= DATE '{first}'
    GROUP BY ALL
)
SELECT coalesce(unit, '') AS area, sex, sum(net) AS net, count(*) AS cases FROM told GROUP BY ALL
"""
# How many cases there are for each listed person, by sex and group of ages. Those of no unit count too, and those of
# a unit that lists nobody where they are few: so what is expected of all units together is the county's own total,
# and tells nothing of a unit whose count is hidden.
_STRATA = """
WITH mine AS (
    SELECT unit, sex, age_from, coalesce(age_to, 200) AS age_to, persons FROM listed
    WHERE year = {year} AND unit IN ({units})
),
bands AS (SELECT sex, age_from, age_to, sum(persons) AS reference_population FROM mine GROUP BY ALL),
unlisted AS (
    SELECT unit FROM standing WHERE unit IS NOT NULL AND unit NOT IN (SELECT unit FROM mine)
    GROUP BY unit HAVING count(*) >= {many}
),
events AS (
    SELECT bands.sex, age_from, age_to, count(*) AS reference_events
    FROM standing JOIN bands ON bands.sex = standing.sex AND {year} - birth_year BETWEEN age_from AND age_to
    WHERE unit IS NULL OR unit NOT IN (SELECT unit FROM unlisted) GROUP BY ALL
)
SELECT unit AS area, sex, age_from, age_to, persons AS population, reference_population,
    coalesce(reference_events, 0) AS reference_events
FROM mine JOIN bands USING (sex, age_from, age_to) LEFT JOIN events USING (sex, age_from, age_to)
WHERE reference_population > 0
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
        *_net_days(connection, lan, units, day, began, unit_by),
        *_of_listed(connection, lan, units, day),
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


def _net_days(
    connection: Connection,
    lan: str,
    units: Sequence[str],
    day: dt.date,
    began: dt.date,
    unit_by: UnitBy,
) -> Iterator[Row]:
    """Yield the net days of twelve months, each certificate's with its own unit, in whole tens."""
    first, last = twelve_months(day)
    if began > first:
        return
    found = connection.execute(
        _NET.format(first=first, last=last, net_days=net_days(first, last), owner=owner(unit_by))
    ).df()
    found = found[found["sex"].isin(SEXES)]
    of_lan = found.assign(area=lan)
    every = pd.concat([of_lan, found[found["area"].isin(units)]])
    every = pd.concat([every, every.assign(sex="alla")])
    sums = every.groupby(["area", "sex"], as_index=False)[["net", "cases"]].sum()
    for row in sums[sums["cases"] >= FEWEST_NET].itertuples():
        value = NET_STEP * round(row.net / NET_STEP)
        yield (
            "intygsfall_nettodagar",
            row.area,
            str(last)[:7],
            row.sex,
            "",
            value,
            float(NET_STEP),
        )


def _of_listed(
    connection: Connection, lan: str, units: Sequence[str], day: dt.date
) -> Iterator[Row]:
    """Yield the listed persons and the cases expected of them, where there is a table of them for the year."""
    there = connection.execute(
        "SELECT 1 FROM information_schema.tables WHERE table_name = 'listed'"
    )
    if there.fetchone() is None or not units:
        return
    quoted_units = ", ".join(f"'{unit}'" for unit in units)
    strata = connection.execute(_STRATA.format(year=day.year, units=quoted_units, many=MANY)).df()
    strata = _pooled(strata)
    working = strata[strata["age_from"].between(*AGES)]
    period = str(day)
    cases = strata.groupby("sex")["reference_events"].max()
    few = [sex for sex in cases.index if cases[sex] < FEWEST_AT_AN_AGE]
    for measure, part in (("listade", working), ("intygsfall_forvantade", strata)):
        for sex in (*SEXES, "alla"):
            own = part if sex == "alla" else part[part["sex"] == sex]
            if measure != "listade" and few and sex in ("alla", *few):
                continue
            for area, ages in [*own.groupby("area"), (lan, own)] if len(own) else []:
                if measure == "listade":
                    yield (
                        measure,
                        str(area),
                        period,
                        sex,
                        "",
                        float(ages["population"].sum()),
                        1.0,
                    )
                else:
                    expected = expected_events(ages, strata=("area", "sex", "age_from"))
                    yield (measure, str(area), period, sex, "", round(expected, 1), 0.1)


def _pooled(strata: pd.DataFrame) -> pd.DataFrame:
    """Return the strata with rates of ages that hold few cases pooled with the next older, the last with the younger.

    The expected cases of many units, whose listed persons are known, tell the rates: so none may rest on a small count.
    The pool has the cases and persons of all its ages, and each of them its rate.
    """
    both = ["reference_events", "reference_population"]
    bands = strata[["sex", "age_from", *both]].drop_duplicates().sort_values(["sex", "age_from"])
    bands["pool"] = 0
    for _, ages in bands.groupby("sex"):
        pool, held, pools = 0, 0, []
        for events in ages["reference_events"]:
            pools.append(pool)
            held += events
            if held >= FEWEST_AT_AN_AGE:
                pool, held = pool + 1, 0
        bands.loc[ages.index, "pool"] = [min(one, max(pool - 1, 0)) for one in pools]
    bands[both] = bands.groupby(["sex", "pool"])[both].transform("sum")
    return strata.drop(columns=both).merge(bands.drop(columns="pool"), on=["sex", "age_from"])
