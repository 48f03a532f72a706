"""Rates as they would be if every area had the same mix of ages, sexes or other strata."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgstats.facts.facts import swedish
from vgstats.facts.text import Text, join, say
from vgstats.methods.arguments import column_list, multiplier_of, numeric_columns, refuse, shown
from vgstats.methods.chance import (
    FEWEST,
    OfCounts,
    decimals_for,
    demand_many_persons,
    dobson_limits,
    levels_of,
    limit_columns,
)
from vgstats.methods.levels import rows_of_strata
from vgstats.methods.result import Interval, Labels, NotComputable

METHOD = "direkt standardisering med konfidensintervall enligt Dobson m.fl. (1991)"
METHOD_OF_PERSONS = f"{METHOD}, variansen räknad på personer med flera händelser var"


@dataclass(frozen=True, kw_only=True)
class StandardisedRate(OfCounts):
    """A directly standardised rate beside the crude one, per `multiplier`; `n` is the strata."""

    events: float
    population: float
    multiplier: float

    @property
    def crude(self) -> float:
        """The rate as it is, not standardised."""
        return self.multiplier * self.events / self.population

    def sentence(self) -> Text:
        """Return the standardised rate, its interval, and the rate as it is."""
        per = self.counted("per", self.multiplier)
        core = self.say(
            "Med samma sammansättning av befolkningen som i standardbefolkningen är {name} "
            "{rate} per {per}.",
            rate=self.fact("standardiserat tal", self.estimate),
            per=per,
        )
        crude = say(
            "Utan standardisering är det {crude} per {per} ({events} på {population}).",
            crude=self.fact("tal", self.crude),
            per=per,
            events=self.counted("fall", self.events),
            population=self.counted("befolkning", self.population),
        )
        return join([core, self.chance("ett sådant tal"), crude])


@dataclass(frozen=True)
class _Columns:
    """Which columns hold events, persons and standard population, and which tell the strata apart."""

    events: str
    population: str
    standard: str
    strata: str | Sequence[str]
    persons_by_events: Mapping[float, str] | None

    def numbers(self, frame: pd.DataFrame) -> list[str]:
        """Return the columns of numbers; events need not be there beside persons by events."""
        many = self.persons_by_events or {}
        given = [self.events] if not many or self.events in frame.columns else []
        return [*given, self.population, self.standard, *many.values()]


@dataclass(frozen=True)
class _Sum:
    """What one group's strata add up to: the rate and its variance, for one person each.

    `weighed` are the events that the rate rests on: those of strata of weight 0 are not among them.
    """

    events: float
    weighed: float
    population: float
    rate: float
    variance: float

    def interval(self, multiplier: float, level: float) -> Interval:
        """Return the interval of the rate times `multiplier`."""
        variance = multiplier**2 * self.variance
        return dobson_limits(multiplier * self.rate, variance, self.weighed, level)


def standardised_rate(
    frame: pd.DataFrame,
    *,
    events: str = "events",
    population: str = "population",
    standard: str = "standard",
    strata: str | Sequence[str] = (),
    persons_by_events: Mapping[float, str] | None = None,
    multiplier: float = 100_000,
    level: float = 0.95,
    name: str = "talet",
    source: str = "",
    about: str = "",
) -> StandardisedRate:
    """Return the directly standardised rate of one population, a row for each stratum.

    Σw·x/n with w the standard population's shares; variance Σw²·x/n²; limits by Dobson et al.
    (1991), Stat Med 10:457-462, as in PHE's technical guide.

    Columns: `events` x, `population` n and `standard` (any scale). `strata` names the columns that
    tell the rows apart, to find one that stands twice. `persons_by_events` is for events that come
    several to a person, such as days: which column says how many persons had 1, 2, ... events. The
    variance is then Σw²·Σf²·persons/n², and `events`, if the column is there, must be Σf·persons.

    Args:
        frame: a row a stratum.
        events: the column of events.
        population: the column of persons.
        standard: the column of the standard population, on any scale.
        strata: the columns that tell the rows apart.
        persons_by_events: the column of persons with so many events, by how many.
        multiplier: what shares or rates are multiplied by: 100 for per cent, 100_000 for per 100
            000.
        level: of the interval, such as 0.95.
        name: what the number is, in definite form, for the sentence.
        source: where the figures come from.
        about: what tells these numbers from others on the page.

    Raises:
        NotComputable: a number is missing or negative, a population is zero, a row stands twice, or
            there are fewer than 10 events or fewer than 10 persons with events, in strata of weight above
            0, or so few persons with most of the events that limits would be too narrow.

    >>> strata = pd.DataFrame({"events": [40, 60], "population": [1000, 2000], "standard": [3, 2]})
    >>> standardised_rate(strata, multiplier=1000).estimate
    36.0
    """
    multiplier = multiplier_of(multiplier)
    columns = _Columns(events, population, standard, strata, persons_by_events)
    total = _sums(frame, columns)
    interval = total.interval(multiplier, level)
    unit = f"per {swedish(multiplier, 0)}"
    decimals = decimals_for(interval.high - interval.low)
    return StandardisedRate(
        estimate=multiplier * total.rate,
        interval=interval,
        method=METHOD_OF_PERSONS if persons_by_events else METHOD,
        n=len(frame),
        **Labels(unit=unit, source=source, decimals=decimals, about=about),
        events=total.events,
        population=total.population,
        multiplier=multiplier,
        name=name,
    )


def standardised_rates(
    frame: pd.DataFrame,
    *,
    by: str | Sequence[str],
    events: str = "events",
    population: str = "population",
    standard: str = "standard",
    strata: str | Sequence[str] = (),
    persons_by_events: Mapping[float, str] | None = None,
    multiplier: float = 100_000,
    levels: float | Sequence[float] = (0.95, 0.998),
) -> pd.DataFrame:
    """Return `standardised_rate` for every group of `by`, in the order they first appear.

    Columns: those of `by`, events, population, crude, estimate, low95, high95, low998, high998 per
    `multiplier`, and because: why a group has no rate (the numbers are then missing), else empty. Rates
    by different standards cannot be compared: a group whose strata or standard (as shares, strata of
    weight 0 aside) are not those of most groups has none, and where no more than half agree nobody has.

    Args:
        frame: a row a stratum and group.
        by: the columns that tell the groups apart.
        events: the column of events.
        population: the column of persons.
        standard: the column of the standard population, on any scale.
        strata: the columns that tell the rows of a group apart.
        persons_by_events: the column of persons with so many events, by how many.
        multiplier: what shares or rates are multiplied by: 100 for per cent, 100_000 for per 100
            000.
        levels: one level or several, such as 0.95 and 0.998.

    Raises:
        NotComputable: a column is missing or holds dates for numbers, one of `by` is empty or has
            the name of a new column, or a level is not between 0 and 1.

    >>> strata = pd.DataFrame({"area": list("aabb"), "age": [1, 2] * 2, "events": [40, 60, 20, 90],
    ...                        "population": [1000, 2000] * 2, "standard": [3, 2] * 2})
    >>> standardised_rates(strata, by="area", strata="age", multiplier=1000)["estimate"].round(6).tolist()
    [36.0, 30.0]
    """
    keys, order, multiplier = column_list(by), levels_of(levels), multiplier_of(multiplier)
    refuse(not len(frame) or not keys, "tabellen eller grupperingen är tom")
    limits = [name for level in order for name in limit_columns(level)]
    new = ["events", "population", "crude", "estimate", *limits, "because"]
    columns = _Columns(events, population, standard, strata, persons_by_events)
    told_apart = column_list([*keys, *column_list(strata)])
    numeric_columns(frame.iloc[:0], columns.numbers(frame), key=told_apart)
    for column in keys:
        refuse(column in new, f"namnet {shown(column)} är upptaget i tabellen; döp om kolumnen")
        refuse(frame[column].isna().any(), f"kolumnen {shown(column)} har tomma värden")
    rows = []
    groups = list(frame.groupby(keys, sort=False, observed=True))
    standards = [_standard(part, standard, strata) for _, part in groups]
    for (key, part), own in zip(groups, standards, strict=True):
        row: dict[str, object] = dict(zip(keys, key, strict=True))
        try:
            total = _sums(part, columns)
            _demand_same_standard(own, standards)
        except NotComputable as reason:
            rows.append(row | {"because": reason.because})
            continue
        row |= {
            "events": total.events,
            "population": total.population,
            "crude": multiplier * total.events / total.population,
            "estimate": multiplier * total.rate,
        }
        for level in order:
            ends = total.interval(multiplier, level)
            row |= dict(zip(limit_columns(level), (ends.low, ends.high), strict=True))
        rows.append(row | {"because": ""})
    return pd.DataFrame(rows, columns=[*keys, *new])


def _standard(
    part: pd.DataFrame, standard: str, strata: str | Sequence[str]
) -> dict[tuple[str, ...], float]:
    """Return the shares of the standard by stratum, by place from the largest where none is named."""
    weights = pd.to_numeric(part[standard], errors="coerce").to_numpy(dtype=float)
    shares = np.round(weights / (weights.sum() or np.nan), 9)
    names = column_list(strata)
    if not names:
        return {(str(place),): share for place, share in enumerate(-np.sort(-shares)) if share}
    keys = part[names].astype(str).itertuples(index=False, name=None)
    return {tuple(key): share for key, share in zip(keys, shares, strict=True) if share}


def _demand_same_standard(
    own: dict[tuple[str, ...], float], all_: Sequence[dict[tuple[str, ...], float]]
) -> None:
    usual = max(all_, key=all_.count)
    if own == usual and 2 * all_.count(usual) > len(all_):
        return
    other = usual if own != usual else next(one for one in all_ if one != own)
    only = sorted(" ".join(key) for key in own.keys() ^ other.keys())
    raise NotComputable(
        f"skikten inte är desamma som i de andra grupperna (bara på ena sidan: {', '.join(only)})"
        if only
        else "standardbefolkningen inte är densamma som i de andra grupperna"
    )


def _sums(frame: pd.DataFrame, columns: _Columns) -> _Sum:
    events, population, standard = columns.events, columns.population, columns.standard
    many = dict(columns.persons_by_events or {})
    found = rows_of_strata(frame, columns.numbers(frame), columns.strata)
    refuse(found[population] == 0, f"befolkningen i kolumnen {shown(population)} är noll")
    refuse(found[standard].sum() == 0, "standardbefolkningen är noll")
    if many:
        counts = sum(each * found[column] for each, column in many.items())
        squares = sum(each**2 * found[column] for each, column in many.items())
        persons = sum(found[column] for each, column in many.items() if each > 0)
        refuse(persons > found[population], "personerna är fler än befolkningen")
        differs = ~np.isclose(found[events], counts) if events in found.columns else False
        refuse(differs, f"summan över personer skiljer sig från kolumnen {shown(events)}")
    else:
        counts = squares = persons = found[events]
    used = found[standard] > 0
    weighed = float(np.sum(counts[used]))
    refuse(weighed < FEWEST, "det är färre än {n} händelser", n=FEWEST)
    refuse(
        many and np.sum(persons[used]) < FEWEST,
        "färre än {n} personer har några händelser",
        n=FEWEST,
    )
    weight = found[standard] / found[standard].sum() / found[population]
    rate, variance = float((weight * counts).sum()), float((weight**2 * squares).sum())
    if many:
        demand_many_persons(rate, variance)
    return _Sum(
        events=float(np.sum(counts)),
        weighed=weighed,
        population=float(found[population].sum()),
        rate=rate,
        variance=variance,
    )


def expected_events(
    frame: pd.DataFrame,
    *,
    population: str = "population",
    reference_events: str = "reference_events",
    reference_population: str = "reference_population",
    strata: str | Sequence[str] = (),
) -> float:
    """Return the events an area would have had with the reference's rate in each stratum.

    Args:
        frame: a row for each stratum (age and sex).
        population: the column of the area's persons.
        reference_events: the column of the reference's events (of riket, say).
        reference_population: the column of the reference's persons.
        strata: the columns that tell the rows apart, to find one that stands twice.

    Raises:
        NotComputable: a number is missing or negative, the reference has a stratum without persons, or
            a row stands twice.

    >>> ages = pd.DataFrame({"age": ["16-29", "30-64"], "population": [200, 500],
    ...                      "reference_events": [30, 120], "reference_population": [1000, 2000]})
    >>> expected_events(ages, strata="age")
    36.0
    """
    columns = [population, reference_events, reference_population]
    found = rows_of_strata(frame, columns, strata)
    refuse(
        found[reference_population] == 0,
        f"befolkningen i kolumnen {shown(reference_population)} är noll",
    )
    rate = found[reference_events] / found[reference_population]
    return float((found[population] * rate).sum())
