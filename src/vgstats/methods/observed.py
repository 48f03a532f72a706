"""Changes found in a table of observations, and numbers made of those that stand there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

import pandas as pd

from vgstats.catalogue import areas
from vgstats.catalogue.measures import (
    CERTIFIED,
    CERTIFIED_RATE,
    INSURED,
    LISTED,
    ONGOING,
    ONGOING_RATE,
    POPULATION,
    PSYCHIATRIC,
    PSYCHIATRIC_SHARE,
)
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period, demand_order
from vgstats.errors import VgstatsError
from vgstats.methods.before_after import Change, table_of
from vgstats.methods.result import NotComputable, tidy
from vgstats.observations import (
    COLUMNS,
    KEY,
    SEXES,
    Key,
    Value,
    demand_columns,
    newest,
    one,
    rows_of,
)

_PER_INHABITANT = {"scb", "folkhalsodata", "sweco"}

PER = 1000
_UNROUNDED = 1e-9


def other_forms(measure: str, period: str) -> list[str]:
    """Return the texts under which a source may give a value for a period, the most exact first.

    December may stand as no more than its year. A year may stand as its December for rolling
    measures, whose December value is that of the calendar year. Nothing else is answered by another
    period.
    """
    if re.fullmatch(r"\d{4}-12", period):
        return [period, period[:4]]
    if re.fullmatch(r"\d{4}", period) and measure_of(measure).rolling12:
        return [period, f"{period}-12"]
    return [period]


def period_pair(
    frame: pd.DataFrame, measure: str, area: str, before: str, after: str
) -> tuple[str, str] | None:
    """Return the two periods under which an area's figures stand, or None when there are none.

    The periods asked for come first, then their other forms (see `other_forms`); both periods of a
    pair always have the same form.
    """
    return pair_among(
        set(rows_of(frame, measure=measure, area=area)["period"]), measure, before, after
    )


def pair_among(
    have: Collection[str], measure: str, before: str, after: str
) -> tuple[str, str] | None:
    """Return the two of the periods that there are which answer those asked for (see `period_pair`)."""
    firsts, lasts = other_forms(measure, before), other_forms(measure, after)
    pairs = ((first, last) for first in firsts for last in lasts if len(first) == len(last))
    return next((pair for pair in pairs if all(p in have for p in pair)), None)


def change(
    frame: pd.DataFrame,
    measure: str,
    area: str,
    before: str,
    after: str,
    sex: str = "alla",
    group: str = "",
) -> Change:
    """Return the change of a measure in an area from one period to another.

    Args:
        frame: observations, in the columns of the tidy table (measure, area, period, sex, group,
            value, resolution, status, source, retrieved).
        measure: the id of a measure in the catalogue.
        area: the id of an area, such as lan:14.
        before: the earlier period.
        after: the later period.
        sex: alla, kvinnor or män.
        group: the group, such as diagnos=F00-F99; empty for the total.

    Raises:
        VgstatsError: a value is missing (the message says which periods there are), or `before` does
            not lie before `after`.

    >>> from vgstats import published
    >>> change(published(), "ohalsotal", "lan:14", "2005-12", "2008-12").difference
    -6.1
    """
    demand_order(before, after)
    first, last = (one(frame, measure, area, when, sex, group) for when in (before, after))
    if first is None or last is None:
        there = sorted(set(rows_of(frame, measure=measure, area=area, sex=sex)["period"]))
        raise VgstatsError(
            f"No change of {measure_of(measure).id} for {area}, {sex}, {group or 'no group'}, "
            f"from {before} to {after}. Periods with figures: {', '.join(there) or 'none'}."
        )
    return Change(first, last)


def changes(frame: pd.DataFrame, before: str, after: str) -> pd.DataFrame:
    """Return every change from `before` to `after` that the table allows, a row each.

    Columns: as `Change.to_frame`. Rows: the keys (measure, area, sex, group) with both values.

    Args:
        frame: observations, in the columns of the tidy table (measure, area, period, sex, group,
            value, resolution, status, source, retrieved).
        before: the earlier period.
        after: the later period.

    Raises:
        VgstatsError: `before` does not lie before `after`.

    >>> from vgstats import published
    >>> found = changes(published(), "2005-12", "2008-12")
    >>> found.loc[found["measure"] == "ohalsotal", "difference"].min() < -6
    np.True_
    """
    demand_order(before, after)
    first, last = (newest(rows_of(frame, period=period)) for period in (before, after))
    pairs = (
        (first.get((measure, area, before, sex, group)), value)
        for (measure, area, _, sex, group), value in last.items()
    )
    return table_of([Change(earlier, later) for earlier, later in pairs if earlier])


def sex_gap(frame: pd.DataFrame, measure: str, area: str, period: str) -> Value | None:
    """Return kvinnor minus män for a measure, or None when one of them is missing.

    The rounding units of the two values add up.
    """
    women = one(frame, measure, area, period, "kvinnor")
    men = one(frame, measure, area, period, "män")
    if women is None or men is None:
        return None
    return replace(
        women,
        sex="kvinnor-män",
        value=tidy(women.value - men.value, women.value, men.value),
        resolution=tidy(women.resolution + men.resolution),
        status="derived",
    )


def populations(sources: Iterable[str]) -> int:
    """Return how many kinds of population rates from these sources are counted per.

    SCB counts per registered inhabitant, everybody else as Försäkringskassan per insured person.
    """
    return len({source.split("-")[0] in _PER_INHABITANT for source in sources})


def demand_same_population(sources: Iterable[str]) -> None:
    """Refuse to compare rates that are counted per different populations.

    Raises:
        NotComputable: some are per SCB's inhabitants and some per Försäkringskassan's insured.
    """
    if populations(sources) > 1:
        raise NotComputable(
            "talen räknas per olika befolkningar: SCB:s invånare och Försäkringskassans försäkrade"
        )


def rest_of_country(
    frame: pd.DataFrame, measure: str, area: str, period: str, sex: str = "alla", group: str = ""
) -> Value | None:
    """Return the country without one county, or None when a number for that is missing.

    A count is riket minus the county; not the sum of the other counties, since persons without a
    county count in riket only. A rate is (riket - w·county)/(1 - w), where w is the county's share of
    Försäkringskassan's own number of insured persons (`forsakrade`) in the same period.

    Args:
        frame: observations, in the columns of the tidy table (measure, area, period, sex, group,
            value, resolution, status, source, retrieved).
        measure: the id of a measure in the catalogue.
        area: the id of the part to leave out, such as lan:14.
        period: a year (2008), quarter (2008-Q4), month (2008-12) or day.
        sex: alla, kvinnor or män.
        group: the group, such as diagnos=F00-F99; empty for the total.

    Raises:
        VgstatsError: there is no such measure, area, sex or form of period, or the area is riket itself.

    >>> from vgstats import published
    >>> rest_of_country(published(), "pagaende_sjukfall", "lan:14", "2005").area
    'riket utom lan:14'
    """
    measure_of(measure)
    Period.parse(period)
    if areas.check_area(area) == areas.RIKET:
        raise VgstatsError(
            "There is no rest of the country beside riket. Give a part of it: 'lan:14'."
        )
    if sex not in SEXES:
        raise VgstatsError(f"Unknown sex {sex!r}. Write one of: {', '.join(SEXES)}.")
    values = newest(rows_of(frame, measure=(measure, INSURED), period=period))
    return rest_among(values, (measure, area, period, sex, group))


def rest_among(values: Mapping[Key, Value], key: Key) -> Value | None:
    """Return the country without a county from the numbers by their keys (see `rest_of_country`)."""
    measure, area, period, sex, group = key
    riket = values.get((measure, areas.RIKET, period, sex, group))
    county = values.get(key)
    if riket is None or county is None:
        return None
    share = 1.0
    if not measure_of(measure).additive:
        whole = values.get((INSURED, areas.RIKET, period, sex, ""))
        part = values.get((INSURED, area, period, sex, ""))
        if whole is None or part is None or not 0 < part.value < whole.value:
            return None
        if populations(v.source for v in (riket, county, whole, part)) > 1:
            return None
        share = part.value / whole.value
    left = 1 - share if share < 1 else 1.0
    return replace(
        riket,
        area=f"riket utom {area}",
        value=tidy(riket.value - share * county.value, riket.value) / left,
        resolution=(riket.resolution + share * county.resolution) / left,
        status="derived",
    )


def share_of_whole(frame: pd.DataFrame, measure: str, group: str, name: str) -> pd.DataFrame:
    """Return one group's share of a count, in per cent, wherever the group and the whole are known.

    Columns as in the tidy table; the measure is called `name`, without a group, and the status is `derived`.

    Args:
        frame: observations, in the columns of the tidy table.
        measure: the count, such as `pagaende_sjukfall`.
        group: the group, such as `diagnos=F00-F99`.
        name: the share's id in the catalogue.

    Raises:
        VgstatsError: there is no such measure or share, or the table lacks a column.

    >>> from vgstats import published
    >>> found = share_of_whole(
    ...     published(), "pagaende_sjukfall", "diagnos=F00-F99", "pagaende_sjukfall_psykiatriska_andel"
    ... )
    >>> round(float(found.loc[(found["area"] == "lan:05") & (found["period"] == "2019"), "value"].iloc[0]), 1)
    43.2
    """
    for id_ in (measure, name):
        measure_of(id_)
    demand_columns(frame, COLUMNS)
    parts, wholes = (rows_of(frame, measure=measure, group=of) for of in (group, ""))
    whole = ["area", "period", "sex"]
    # Of several vintages the newest counts.
    wholes = wholes.sort_values("retrieved", kind="stable").drop_duplicates(whole, keep="last")
    both = parts[parts["value"].notna()].merge(
        wholes.loc[wholes["value"] > 0, [*whole, "value"]], on=whole, suffixes=("", "_whole")
    )
    return both.assign(
        measure=name,
        group="",
        value=100 * both["value"] / both["value_whole"],
        resolution=100 * both["resolution"] / both["value_whole"],
        status="derived",
    )[list(frame.columns)]


def worked_out_from(measure: str) -> tuple[str, ...]:
    """Return the measures that one is worked out from (see `with_worked_out`); itself where it is published."""
    return {
        ONGOING_RATE: (ONGOING, POPULATION),
        PSYCHIATRIC_SHARE: (ONGOING,),
        CERTIFIED_RATE: (CERTIFIED, LISTED),
    }.get(measure, (measure,))


def with_worked_out(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table with ongoing cases per 1 000 inhabitants, and the share of psychiatric diagnoses among them.

    Cases built of certificates are there per 1 000 listed. Columns as in the tidy table; rows are added where the
    counts stand.

    Args:
        frame: observations, in the columns of the tidy table.

    >>> from vgstats import published
    >>> PSYCHIATRIC_SHARE in set(with_worked_out(published())["measure"])
    True
    """
    rates = per_inhabitants(frame, ONGOING, ONGOING_RATE)
    shares = share_of_whole(frame, ONGOING, PSYCHIATRIC, PSYCHIATRIC_SHARE)
    of_listed = [_per_listed(frame)] if LISTED in set(frame["measure"]) else []
    return pd.concat([frame, rates, shares, *of_listed], ignore_index=True)


def _per_listed(frame: pd.DataFrame) -> pd.DataFrame:
    """Return cases built of certificates per 1 000 listed, on the same day, else in its month or year."""
    counts, people = (rows_of(frame, measure=of, group="") for of in (CERTIFIED, LISTED))
    forms = [len("2025"), len("2025-10"), len("2025-10-01")]
    found = [
        _per_people(
            counts,
            people[people["period"].str.len() == n],
            counts["period"].str[:n],
            CERTIFIED_RATE,
        )
        for n in forms
    ]
    rates = pd.concat(found).drop_duplicates(KEY, keep="last")
    # Both numbers are whole, so that nothing is rounded.
    return rates.assign(resolution=_UNROUNDED)[list(frame.columns)]


def _per_people(
    counts: pd.DataFrame, people: pd.DataFrame, when: pd.Series, name: str
) -> pd.DataFrame:
    """Return counts per 1 000 of the people that stand under the periods `when`, as the measure `name`."""
    people = people[people["value"] > 0]
    # Of several vintages the newest counts.
    people = people.sort_values("retrieved", kind="stable").drop_duplicates(
        ["area", "period", "sex"], keep="last"
    )
    people = people.rename(columns={"period": "_when"})
    keys = ["area", "sex", "_when"]
    both = counts.assign(_when=when)[counts["value"].notna()]
    both = both.astype(dict.fromkeys([*KEY, "status", "_when"], object)).merge(
        people[[*keys, "value", "status"]].astype(dict.fromkeys([*keys, "status"], object)),
        on=keys,
        suffixes=("", "_people"),
    )
    return both.assign(
        measure=name,
        value=PER * both["value"] / both["value_people"],
        resolution=PER * both["resolution"] / both["value_people"],
        status=both["status_people"].where(both["status_people"] == "noisy", "derived"),
    )


def per_inhabitants(frame: pd.DataFrame, measure: str, name: str) -> pd.DataFrame:
    """Return a measure's yearly totals per 1 000 inhabitants on 31 December the year before.

    Columns as in the tidy table; the measure is called `name`, the status `derived`, or `noisy` where the
    population is, and the source is that of the count. All ages, as SCB publishes. A count whose place and
    year have no population is left out.

    Args:
        frame: observations with the measure and `befolkning`, both by year.
        measure: the count, such as `pagaende_sjukfall`.
        name: the rate's id in the catalogue.

    Raises:
        VgstatsError: there is no such measure or rate, or the table lacks a column.

    >>> from vgstats import published
    >>> per_inhabitants(published(), "pagaende_sjukfall", "pagaende_sjukfall_per_1000")["measure"].unique().tolist()
    ['pagaende_sjukfall_per_1000']
    """
    for id_ in (measure, name):
        measure_of(id_)
    demand_columns(frame, COLUMNS)
    counts = rows_of(frame, measure=measure, group="")
    counts = counts[counts["period"].str.fullmatch(r"\d{4}")]
    people = rows_of(frame, measure=POPULATION, group="")
    # A month's population is not that of the year's end.
    people = people[people["period"].str.fullmatch(r"\d{4}")]
    before = (counts["period"].astype(int) - 1).astype(str)
    return _per_people(counts, people, before, name)[list(frame.columns)]
