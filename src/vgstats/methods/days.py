"""Days per insured person, with how far they may swing by chance alone: persons, not days."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from vgstats.facts.text import Text, join, say
from vgstats.methods.arguments import (
    above_zero,
    counted_on,
    level_of,
    number_of,
    numeric_columns,
    refuse,
)
from vgstats.methods.chance import (
    FEWEST,
    OfCounts,
    decimals_for,
    demand_many_persons,
    dobson_limits,
    z_of,
)
from vgstats.methods.result import Labels, Result

DAYS = (
    "dagar per person med konfidensintervall enligt Dobson m.fl. (1991), variansen räknad på "
    "personer"
)
HALF_WIDTH = "halva bredden av ett normalfördelat konfidensintervall, variansen räknad på personer"


@dataclass(frozen=True, kw_only=True)
class DaysPerPerson(OfCounts):
    """Days per insured person; `n` is the insured, `widening` how much wider than for single days.

    `persons` is how many had any days at all, `mean_square_ratio` Σd²/Σd over them.
    """

    days: float
    persons: float
    insured: float
    mean_square_ratio: float
    name: str = "antalet dagar"

    @property
    def widening(self) -> float:
        """How many times as wide the interval is as if days were independent, √(Σd²/Σd)."""
        return math.sqrt(self.mean_square_ratio)

    def sentence(self) -> Text:
        """Return the days per insured, their interval, and why it is so wide."""
        core = self.say(
            "{name} är {estimate} per försäkrad ({days} dagar på {insured} försäkrade).",
            estimate=self.fact("dagar per försäkrad", self.estimate),
            days=self.counted("dagar", self.days, "dagar"),
            insured=self.counted("försäkrade", self.insured),
        )
        why = say(
            "Intervallet räknar personer, inte dagar, och är därför {widening} gånger så brett som "
            "om varje dag hade räknats för sig.",
            widening=self.fact("vidgning", self.widening, "gånger", 1),
        )
        chance = self.chance("ett sådant tal", "dagar per försäkrad")
        return join([core.capitalised(), chance, why])


def days_per_person(
    frame: pd.DataFrame,
    insured: float,
    *,
    persons: str = "persons",
    days: str = "days",
    level: float = 0.95,
    name: str = "antalet dagar",
    source: str = "",
    about: str = "",
) -> DaysPerPerson:
    """Return days per insured, with limits for which a person, not a day, is what chance moves.

    Σd·p/N with variance Σd²·p/N², p persons with d days each, one row per number of days; the
    limits are Dobson's, as PHE has them for events that are not independent.

    Args:
        frame: a row for each number of days.
        insured: how many persons are insured, those without days too.
        persons: the column of persons with so many days.
        days: the column of days, per person.
        level: of the interval, such as 0.95.
        name: what the number is, in definite form, for the sentence.
        source: where the figures come from.
        about: what tells these numbers from others on the page.

    Raises:
        NotComputable: a number is missing or negative, a number of days has two rows, fewer than 10
            persons have days or more than are insured, or so few have most of the days that the limits
            would be too narrow (see `demand_many_persons`).

    >>> days = pd.DataFrame({"days": [20, 365], "persons": [200, 90]})
    >>> days_per_person(days, 1000).estimate
    36.85
    """
    found = numeric_columns(frame, [persons, days], key=[days])
    each, many = found[days].to_numpy(), found[persons].to_numpy()
    refuse(each < 0, "antalet dagar är negativt")
    refuse(many < 0, "antalet personer är negativt")
    with_days = float(many[each > 0].sum())
    refuse(with_days < FEWEST, "färre än {n} personer har några dagar", n=FEWEST)
    _, base = counted_on(with_days, insured, parts=False)
    refuse(many.sum() > base, "personerna är fler än de försäkrade")
    total, squares = float((each * many).sum()), float((each**2 * many).sum())
    demand_many_persons(total, squares)
    interval = dobson_limits(total / base, squares / base**2, total, level)
    return DaysPerPerson(
        estimate=total / base,
        interval=interval,
        method=DAYS,
        n=round(base),
        unit="dagar per försäkrad",
        source=source,
        decimals=decimals_for(interval.high - interval.low, 1),
        about=about,
        days=total,
        persons=with_days,
        insured=base,
        mean_square_ratio=squares / total,
        name=name,
    )


@dataclass(frozen=True, kw_only=True)
class HalfWidth(Result):
    """How far days per insured may lie from their mean by chance alone; `n` is the insured."""

    mean: float
    level: float

    def sentence(self) -> Text:
        """Return the half-width and what it means for a change."""
        half = self.fact("halva bredden", self.estimate)
        away = say("{half} dagar högre eller lägre", half=half)
        if self.estimate > self.mean:  # no number of days lies below none
            away = say("{half} dagar högre, eller ned till noll", half=half)
        return say(
            "Med {insured} försäkrade och {mean} dagar per försäkrad kan talet av ren slump ligga "
            "{away} ({level} procents nivå).",
            insured=self.count("försäkrade", self.n),
            mean=self.fact("medeltal", self.mean, "dagar", 1),
            away=away,
            level=self.level_fact(self.level),
        )


def half_width_of_days(
    mean: float,
    insured: float,
    *,
    mean_square_ratio: float,
    level: float = 0.95,
    fixed_population: bool = False,
    source: str = "",
    about: str = "",
) -> HalfWidth:
    """Return how far the days per insured of a small area may swing, from one ratio for all areas.

    z·√(mean·f/insured), f = E[d²]/E[d] over persons with days, near 340 for net days in a year (its
    root, 18,5, is how many times wider than for single days). That is the variance of
    `days_per_person`; with `fixed_population` mean² is taken from mean·f, as for a known number of
    persons, which gives a little less.

    Args:
        mean: the days per insured.
        insured: how many persons are insured.
        mean_square_ratio: E[d²]/E[d] over persons with days, near 340 for net days in a year.
        level: of the interval, such as 0.95.
        fixed_population: whether mean² is taken from the variance.
        source: where the figures come from.
        about: what tells these numbers from others on the page.

    Raises:
        NotComputable: a number is missing or not above zero, or no variance is left.

    >>> round(half_width_of_days(43, 3000, mean_square_ratio=342).estimate, 2)
    4.34
    """
    mean, insured = above_zero(mean, "medeltalet"), above_zero(insured, "antalet försäkrade")
    ratio = number_of(mean_square_ratio, "spridningen (mean_square_ratio)")
    spread = mean * ratio - (mean**2 if fixed_population else 0)
    refuse(spread <= 0, "spridningen inte är större än noll")
    level = level_of(level)
    half = z_of(level) * math.sqrt(spread / insured)
    unit = "dagar per försäkrad"
    return HalfWidth(
        estimate=half,
        method=HALF_WIDTH,
        n=round(insured),
        **Labels(unit=unit, source=source, decimals=decimals_for(2 * half, 1), about=about),
        mean=mean,
        level=level,
    )
