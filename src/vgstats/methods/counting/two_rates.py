"""Two rates beside each other: how many times as large, and how much larger."""

from __future__ import annotations

from dataclasses import dataclass

from statsmodels.stats.rates import confint_poisson_2indep

from vgstats.facts.facts import Fact
from vgstats.facts.numbers import rounded, swedish
from vgstats.facts.text import Text, join, say
from vgstats.methods.counting.chance import begin, chance, counted
from vgstats.methods.counting.limits import counted_on, decimals_for, multiplier_of, refuse
from vgstats.methods.result import Interval, Result, level_of

MOST_DECIMALS = 9
MOVER = "två oberoende tal, intervallet hopsatt av vars och ens (MOVER; Donner och Zou 2012)"


@dataclass(frozen=True, kw_only=True)
class TwoRates(Result):
    """The ratio or the difference of two rates; `n` is the events of both, rounded.

    `first` and `second` are the rates per `multiplier`, `equal` what the estimate is when they are the
    same: 1 for a ratio, 0 for a difference.
    """

    interval: Interval
    first: float
    second: float
    multiplier: float
    equal: float
    name: str = "talet"

    def sentence(self) -> Text:
        """Return both rates, what is between them, its interval, and whether chance alone may do it.

        The rates have as many decimals as it takes for them to give the ratio on a calculator; the
        difference is that of the printed rates.
        """
        per = counted(self, "per", self.multiplier)
        what = "kvot" if self.equal else "skillnad"
        first, second = self._rates()
        between = float(first.printed() - second.printed())
        both = say(
            "{name} är {first} per {per} mot {second}, en {what} på {x}.",
            name=begin(self.name),
            first=first,
            second=second,
            per=per,
            what=what,
            x=self.fact(what, self.estimate if self.equal else between),
        )
        interval = chance(self, self.interval, f"en sådan {what}")
        low, high = (fact.printed() for fact in interval.facts()[:2])
        said = say("Talen går alltså inte att skilja från varandra.")
        return join([both, interval, *([said] if low <= self.equal <= high else [])])

    def _rates(self) -> tuple[Fact, Fact]:
        places = self.decimals
        while not self._agree(places) and places < MOST_DECIMALS:
            places += 1
        return (
            self.fact("tal 1", self.first, decimals=places),
            self.fact("tal 2", self.second, decimals=places),
        )

    def _agree(self, places: int) -> bool:
        if not self.equal:
            return True
        first, second = rounded(self.first, places), rounded(self.second, places)
        ratio = rounded(float(first / second), self.decimals) if second else None
        return ratio == rounded(self.estimate, self.decimals)


def rate_ratio(
    events: float,
    of: float,
    other_events: float,
    other_of: float,
    *,
    level: float = 0.95,
    multiplier: float = 100_000,
    name: str = "talet",
    source: str = "",
    about: str = "",
) -> TwoRates:
    """Return one rate over another, such as women's over men's, with its interval.

    Each rate's score interval put together to one of the ratio (MOVER; Donner and Zou, Stat Methods Med
    Res 21:347-359, 2012), by statsmodels. In exact sums it holds the truth in 95 to 96 cases of 100 from
    5 expected events on each side. For independent events: cases and persons, never days.

    Args:
        events: the events of the first group.
        of: what they are counted on (persons, person-years).
        other_events: the events of the second, at least one.
        other_of: what those are counted on.
        level: of the confidence interval.
        multiplier: what the two rates are printed per; the ratio has no unit.
        name: what the rates are, for the sentence.
        source: where the figures come from.
        about: what tells these numbers from others on the page.

    Raises:
        NotComputable: a number is missing or negative, an `of` is zero, the second has no events, or
            there are several numbers.

    >>> found = rate_ratio(41, 28_010, 15, 19_017)
    >>> round(found.estimate, 6), round(found.interval.low, 2), round(found.interval.high, 2)
    (1.855759, 1.03, 3.32)
    """
    refuse(
        other_events == 0, "den andra gruppen inte har något fall, så att kvoten inte har något tak"
    )
    return _two_rates(
        (events, of, other_events, other_of), "ratio", level, multiplier, name, source, about
    )


def rate_difference(
    events: float,
    of: float,
    other_events: float,
    other_of: float,
    *,
    level: float = 0.95,
    multiplier: float = 100_000,
    name: str = "talet",
    source: str = "",
    about: str = "",
) -> TwoRates:
    """Return one rate minus another, with its interval, per `multiplier`.

    As `rate_ratio`, for the difference.

    Args:
        events: the events of the first group.
        of: what they are counted on (persons, person-years).
        other_events: the events of the second.
        other_of: what those are counted on.
        level: of the confidence interval.
        multiplier: what the rates and the difference are per.
        name: what the rates are, for the sentence.
        source: where the figures come from.
        about: what tells these numbers from others on the page.

    Raises:
        NotComputable: a number is missing or negative, an `of` is zero, or there are several numbers.

    >>> found = rate_difference(41, 28_010, 15, 19_017, multiplier=1_000)
    >>> round(found.estimate, 3), round(found.interval.low, 3), round(found.interval.high, 3)
    (0.675, 0.034, 1.282)
    """
    return _two_rates(
        (events, of, other_events, other_of), "diff", level, multiplier, name, source, about
    )


def _two_rates(
    numbers: tuple[float, float, float, float],
    compare: str,
    level: float,
    multiplier: float,
    name: str,
    source: str,
    about: str,
) -> TwoRates:
    multiplier, level = multiplier_of(multiplier), level_of(level)
    count, base = counted_on(*numbers[:2], parts=False)
    other, other_base = counted_on(*numbers[2:], parts=False)
    first, second = multiplier * count / base, multiplier * other / other_base
    ends = confint_poisson_2indep(
        count, base, other, other_base, method="mover", compare=compare, alpha=1 - level
    )
    ratio = compare == "ratio"
    low, high = (float(end) * (1 if ratio else multiplier) for end in ends)
    return TwoRates(
        estimate=first / second if ratio else first - second,
        interval=Interval(low, high, level),
        method=MOVER,
        n=round(count + other),
        unit="" if ratio else f"per {swedish(multiplier, 0)}",
        source=source,
        decimals=decimals_for(high - low, 2 if ratio else 0),
        about=about,
        first=first,
        second=second,
        multiplier=multiplier,
        equal=1.0 if ratio else 0.0,
        name=name,
    )
