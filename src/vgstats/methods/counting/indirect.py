"""Indirect standardisation: what a small area had beside what the reference's rates would have given it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from vgstats.facts.text import Text, join, say
from vgstats.methods.counting.chance import chance, counted
from vgstats.methods.counting.limits import (
    count_limits,
    counted_on,
    decimals_for,
    multiplier_of,
    refuse,
    refuse_negative,
)
from vgstats.methods.levels import demand_no_total, demand_one_level
from vgstats.methods.result import Interval, Result, column_list, level_of, numeric_columns, shown

INDIRECT = "indirekt standardisering med konfidensintervall enligt Byar (Breslow och Day 1987; exakt under 10 fall)"


@dataclass(frozen=True, kw_only=True)
class IndirectRatio(Result):
    """Observed over expected events times `reference`; `n` is the observed events, rounded."""

    interval: Interval
    events: float
    expected: float
    reference: float
    name: str = "antalet fall"

    def sentence(self) -> Text:
        """Return what was observed and expected, the ratio and its interval."""
        core = say(
            "Med samma tal i varje grupp som i jämförelsebefolkningen hade {name} väntats bli {expected}; "
            "det blev {events}. Det ger {ratio}, där {reference} är lika med jämförelsebefolkningen.",
            name=self.name,
            expected=self.fact("väntat antal", self.expected, "antal", 1),
            events=counted(self, "fall", self.events),
            ratio=self.fact("indirekt standardiserat", self.estimate),
            reference=counted(self, "jämförelse", self.reference, self.unit),
        )
        return join([core, chance(self, self.interval, "ett sådant tal")])


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
    found = numeric_columns(frame, columns, key=strata)
    for column in column_list(strata):
        demand_one_level(found[column], column)
        demand_no_total(found[column], column)
    refuse(not len(found), "tabellen är tom")
    refuse_negative(found, columns)
    refuse(
        found[reference_population] == 0,
        f"befolkningen i kolumnen {shown(reference_population)} är noll",
    )
    rate = found[reference_events] / found[reference_population]
    return float((found[population] * rate).sum())


def indirectly_standardised_ratio(
    events: float,
    expected: float,
    *,
    reference: float = 100,
    level: float = 0.95,
    name: str = "antalet fall",
    source: str = "",
    about: str = "",
) -> IndirectRatio:
    """Return observed over expected events, for areas too small for a direct standardisation.

    reference·events/expected with Byar's limits of the events, exact ones below 10; Breslow and Day
    (1987), and PHE's technical guide. The expected number is taken as exact. Two such ratios rest on two
    mixes of people: each is compared with the reference, not with the other.

    Args:
        events: the area's own events.
        expected: see `expected_events`.
        reference: what the ratio is when nothing differs: 100, or the reference's own rate, which makes
            the ratio an indirectly standardised rate.
        level: of the confidence interval.
        name: what the events are, in definite form.
        source: where the figures come from.
        about: what tells these numbers from others on the page.

    Raises:
        NotComputable: a number is missing or negative, or nothing was expected.

    >>> found = indirectly_standardised_ratio(65, 50)
    >>> found.estimate, round(found.interval.low, 2), round(found.interval.high, 2)
    (130.0, 100.33, 165.7)
    """
    reference, level = multiplier_of(reference), level_of(level)
    count, base = counted_on(events, expected, parts=False)
    low, high = (reference * float(end) / base for end in count_limits(count, level))
    return IndirectRatio(
        estimate=reference * count / base,
        interval=Interval(low, high, level),
        method=INDIRECT,
        n=round(count),
        source=source,
        decimals=decimals_for(high - low),
        about=about,
        events=count,
        expected=base,
        reference=reference,
        name=name,
    )
