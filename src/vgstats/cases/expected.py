"""How many cases are expected of the persons listed at each unit, by their age and sex: indirectly standardised."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import pandas as pd

from vgstats.cases.groups import SEXES, quoted
from vgstats.cases.joining import Connection, Row
from vgstats.methods import expected_events

MANY = 40  # cases of a unit without listed persons, which would make the others' expected cases too many
FEWEST_AT_AN_AGE = 5  # cases of a sex, under which ages have one rate together
AGES = (16, 64)  # of the listed persons that are counted

# How many cases there are for each listed person, by sex and group of ages. Those of no unit count too, and those of
# a unit that lists nobody where they are few. `cases` are all of the sex, also those of an age that is not known or
# that nobody is listed at: the rates are raised to them, since a unit's own cases count whatever their age. So what is
# expected of all units together is the county's own total, and tells nothing of a unit or an age that is hidden.
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
counted AS (
    SELECT sex, birth_year FROM standing WHERE unit IS NULL OR unit NOT IN (SELECT unit FROM unlisted)
),
of_sex AS (SELECT sex, count(*) AS cases FROM counted GROUP BY sex),
events AS (
    SELECT bands.sex, age_from, age_to, count(*) AS reference_events
    FROM counted JOIN bands ON bands.sex = counted.sex AND {year} - birth_year BETWEEN age_from AND age_to
    GROUP BY ALL
)
SELECT unit AS area, sex, age_from, age_to, persons AS population, reference_population,
    coalesce(reference_events, 0) AS reference_events, coalesce(cases, 0) AS cases
FROM mine JOIN bands USING (sex, age_from, age_to) LEFT JOIN events USING (sex, age_from, age_to)
LEFT JOIN of_sex USING (sex)
WHERE reference_population > 0
"""


def rows_of_listed(
    connection: Connection, lan: str, units: Sequence[str], day: dt.date
) -> Iterator[Row]:
    """Yield the listed persons and the cases expected of them, where there is a table of them for the year."""
    there = connection.execute(
        "SELECT 1 FROM information_schema.tables WHERE table_name = 'listed'"
    )
    if there.fetchone() is None or not units:
        return
    of_units = ", ".join(map(quoted, units))
    strata = connection.execute(_STRATA.format(year=day.year, units=of_units, many=MANY)).df()
    if strata.empty:
        return
    period = str(day)
    working = strata[strata["age_from"].between(*AGES)]
    for sex in (*SEXES, "alla"):
        own = working if sex == "alla" else working[working["sex"] == sex]
        persons = own.groupby("area")["population"].sum()
        for area, of in [*persons.items(), (lan, persons.sum())] if len(persons) else []:
            yield ("listade", str(area), period, sex, "", float(of), 1.0)
    found = connection.execute(f"SELECT DISTINCT sex FROM standing WHERE sex IN {SEXES}").fetchall()
    if not {sex for (sex,) in found} <= set(strata["sex"]):
        return  # cases of a sex that nobody is listed of
    strata = _pooled(strata)
    if (strata.groupby("sex")["reference_events"].max() < FEWEST_AT_AN_AGE).any():
        return
    strata["reference_events"] *= strata["raised"]
    for area, ages in [*strata.groupby("area"), (lan, strata)]:
        expected = expected_events(ages, strata=("area", "sex", "age_from"))
        yield ("intygsfall_forvantade", str(area), period, "alla", "", round(expected, 1), 0.1)


def _pooled(strata: pd.DataFrame) -> pd.DataFrame:
    """Return the strata with rates of ages that hold few cases pooled with the next older, the last with the younger.

    The expected cases of many units, whose listed persons are known, tell the rates: so none may rest on a small count.
    The pool has the cases and persons of all its ages, and each of them its rate. `raised` is what the rates of a sex
    are to be raised by.
    """
    both = ["reference_events", "reference_population"]
    bands = strata[["sex", "age_from", "cases", *both]].drop_duplicates()
    bands = bands.sort_values(["sex", "age_from"])
    bands["raised"] = bands["cases"] / bands.groupby("sex")["reference_events"].transform("sum")
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
    bands = bands.drop(columns=["pool", "cases"])
    return strata.drop(columns=[*both, "cases"]).merge(bands, on=["sex", "age_from"])
