"""Before and after: difference, per cent, and the band that rounding in the source leaves."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import pandas as pd

from vgstats.catalogue import areas
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period, demand_order, shared_months
from vgstats.catalogue.words import group_name, sexes
from vgstats.errors import VgstatsError
from vgstats.facts.facts import Fact, count_fact, key, rounded, scale_of, value_fact
from vgstats.facts.text import Text, direction, join, say
from vgstats.methods.result import (
    Band,
    Shown,
    difference_of,
    percent,
    percent_band,
    rounded_from,
    tidy,
)
from vgstats.observations import SEXES, Value


@dataclass(frozen=True)
class Change(Shown):
    """The change of one measure from one published number to another.

    Both values are known to half their rounding unit; the bands say what that leaves open. They are
    no confidence intervals. `n` is one area.

    Raises:
        VgstatsError: the two are not of the same measure, area, sex and group, or the first is the later.
    """

    before: Value
    after: Value
    method: ClassVar = "skillnad mellan två publicerade tal; spannet är källans avrundning"
    n: ClassVar = 1

    def __post_init__(self) -> None:
        for name in ("measure", "area", "sex", "group"):
            first, last = getattr(self.before, name), getattr(self.after, name)
            if first != last:
                raise VgstatsError(
                    f"There is no change from {name} {first!r} to {name} {last!r}. Take two values of "
                    "the same measure, area, sex and group."
                )
        if self.before.period != self.after.period:
            demand_order(self.before.period, self.after.period)

    @property
    def difference(self) -> float:
        """After minus before, in the unit of the measure."""
        before, after = float(self.before.value), float(self.after.value)
        return tidy(after - before, after, before)

    @property
    def difference_band(self) -> Band:
        """The differences that the rounding of both values allows."""
        return difference_of(*(exact_band(v, _rounding(v)) for v in (self.before, self.after)))

    @property
    def within_rounding(self) -> bool:
        """Whether the rounding of both values leaves open that nothing changed."""
        return self.difference_band.holds(0)

    @property
    def direction(self) -> int:
        """-1 for a fall and 1 for a rise beyond what rounding leaves open, else 0."""
        return 0 if self.within_rounding else -1 if self.difference < 0 else 1

    @property
    def percent(self) -> float:
        """The difference in per cent of the value before; NaN when that is zero."""
        return percent(float(self.before.value), float(self.after.value))

    @property
    def percent_band(self) -> Band:
        """The changes in per cent that the rounding of both values allows."""
        return percent_band(exact_band(self.before), exact_band(self.after))

    @property
    def shared_months(self) -> int:
        """How many months both values cover, where they are of the twelve months that end with a period."""
        if not measure_of(self.after.measure).rolling12:
            return 0
        return shared_months(self.before.period, self.after.period)

    @property
    def estimate(self) -> float:
        """The difference."""
        return self.difference

    @property
    def interval(self) -> Band:
        """The band of the difference."""
        return self.difference_band

    @property
    def unit(self) -> str:
        """The unit that the change is printed in."""
        return scale_of(self.after).unit

    @property
    def source(self) -> str:
        """The source of the later value."""
        return self.after.source

    def sentence(self) -> Text:
        """Return the change in plain Swedish, of what, whom and where, with the rounding band where it can be seen.

        Values of twelve months that share some are told of: they hardly differ by those.
        """
        return join([self._moved(), *overlap_words(self)])

    def _moved(self) -> Text:
        facts, name = change_facts(self), f"{whose(self.after)} i {place_of(self.after)}"
        low, high = sorted(
            (facts.difference_low, facts.difference_high), key=lambda fact: abs(fact.value)
        )
        moved = facts.moved(fell="sjönk", rose="steg", same="")
        by = "procentenheter" if facts.after.unit == "procent" else facts.after.unit
        ends = say(
            "från {before} till {after} {unit}",
            before=facts.before,
            after=facts.after,
            unit=facts.after.unit,
        )
        if math.isnan(self.percent) or not moved:
            unchanged = "" if moved else f", {facts.unchanged}"
            core = say("{name} gick {ends}{unchanged}.", name=name, ends=ends, unchanged=unchanged)
        else:
            core = say(
                "{name} {moved} {ends}, det vill säga med {d:abs} {by} eller {p:abs} procent.",
                name=name,
                moved=moved,
                ends=ends,
                by=by,
                d=facts.difference,
                p=facts.percent_beside,
            )
        if high.text() == low.text() or low.value * high.value <= 0:
            return core
        return say(
            "{core} Eftersom talen är avrundade ligger ändringen mellan {low:abs} och {high:abs} "
            "{by}.",
            core=core,
            low=low,
            high=high,
            by=by,
        )

    def to_frame(self) -> pd.DataFrame:
        """Return the change as one row: key, before, after, difference, per cent, bands, source and
        the number of months that both values cover.
        """
        return table_of([self])


DIRECTIONS = {-1: "minskade", 0: "oförändrat", 1: "ökade"}


def whose(value: Value) -> str:
    """Return what a number is of, to begin a sentence: `Ohälsotalet för kvinnor (psykiatriska diagnoser, F00–F99)`."""
    name = measure_of(value.measure).the_name + for_whom(value)
    return name[:1].upper() + name[1:]


def for_whom(value: Value) -> str:
    """Return ` för kvinnor`, and the group in brackets, of whom a number tells, nothing for all."""
    sex = "" if value.sex == "alla" else f" för {sexes()[value.sex].text}"
    if not value.group:
        return sex
    group = group_name(value.group).replace(" (", ", ").replace(")", "")
    return f"{sex} ({group[:1].lower()}{group[1:]})"


def place_of(value: Value) -> str:
    """Return what the area of a number is called after `i`."""
    return "riket" if value.area == areas.RIKET else areas.name(value.area)


def year_words(value: Value) -> str:
    """Return when a number was true, a December value of twelve months by its year: `2019`, else `mars 2019`."""
    period = value.period
    if measure_of(value.measure).rolling12 and period.endswith("-12"):
        return period[:4]
    return Period.parse(period).swedish()


def overlap_words(change: Change) -> list[Text]:
    """Return a sentence on the months that both values count, none where they share none."""
    months = change.shared_months
    if not months or change.before.period == change.after.period:
        return []
    name = f"gemensamma månader|{key(change.after)}|från {change.before.period}"
    return [
        say(
            "Talen är tolvmånadersvärden och räknar delvis samma månader, {months} av {all}, så "
            "skillnaden gäller bara de andra.",
            months=count_fact(name, months),
            all=count_fact(f"alla månader|{name}", 12),
        )
    ]


def _rounding(value: Value) -> float:
    """Return the unit that a number is rounded to; a count given to the whole one is not rounded."""
    counted = measure_of(value.measure).additive and value.resolution <= 1
    return 0.0 if counted else value.resolution


def exact_band(value: Value, unit: float | None = None) -> Band:
    """Return the exact values that `value` may have been rounded from, none beyond what is possible.

    Rounded to its resolution unless another `unit` is said. A difference between the sexes has no
    lowest value.
    """
    measure, is_level = measure_of(value.measure), value.sex in SEXES
    lowest = measure.minimum if is_level and measure.minimum is not None else -math.inf
    highest = measure.maximum if is_level and measure.maximum is not None else math.inf
    return rounded_from(value.value, value.resolution if unit is None else unit, lowest, highest)


@dataclass(frozen=True)
class ChangeFacts:
    """The facts of a change: both values, the difference and its band, and per cent.

    `percent` stands by itself; `percent_beside` agrees with a calculator on the printed values.
    """

    before: Fact
    after: Fact
    difference: Fact
    difference_low: Fact
    difference_high: Fact
    percent: Fact
    percent_beside: Fact
    within_rounding: bool

    def moved(self, *, fell: str, rose: str, same: str) -> str:
        """Return the word for the way it went; `same` where it may be rounding and nothing else."""
        return (
            same
            if self.within_rounding
            else direction(self.difference, fell=fell, rose=rose, same=same)
        )

    @property
    def unchanged(self) -> str:
        """What there is to say of a change that may be none."""
        alike = self.before.text() == self.after.text()
        rounded_off = self.difference_low.printed() < self.difference_high.printed()
        return "oförändrat" if alike and not rounded_off else "oförändrat inom avrundningen"


def change_facts(change: Change) -> ChangeFacts:
    """Return the facts of a change.

    The difference is that of the two printed values, so that it agrees with a calculator.
    """
    scale = scale_of(change.after)
    ends = (value_fact(change.before), value_fact(change.after))
    name = f"{key(change.after)}|från {change.before.period}"
    band = change.difference_band

    def made(what: str, value: float, operation: str) -> Fact:
        return Fact(f"{what}|{name}", value, scale.unit, scale.decimals, operation, ends)

    return ChangeFacts(
        *ends,
        made("skillnad", float(ends[1].printed() - ends[0].printed()), "difference"),
        made("skillnad lägst", band.low * scale.factor, "band"),
        made("skillnad högst", band.high * scale.factor, "band"),
        percent_fact(change),
        percent_fact(change, beside_values=True),
        change.within_rounding,
    )


def percent_fact(change: Change, *, beside_values: bool = False) -> Fact:
    """Return a change in per cent, with one decimal where rounding in the source leaves it.

    `beside_values` asks for a number that stands in one sentence with the two printed values: the
    decimal is then kept only when a calculator gives the same one from those.
    """
    ends = (value_fact(change.before), value_fact(change.after))
    band = change.percent_band
    decimals = 1 if band.high - band.low < 0.1 else 0
    if beside_values and decimals:
        from_printed = percent(float(ends[0].printed()), float(ends[1].printed()))
        decimals = 1 if rounded(from_printed, 1) == rounded(change.percent, 1) else 0
    name = f"procent|{key(change.after)}|från {change.before.period}"
    return Fact(name, change.percent, "procent", decimals, "percent", ends)


def table_of(found: list[Change]) -> pd.DataFrame:
    """Return changes as a frame, a row each; columns as `Change.to_frame`."""
    return pd.DataFrame(
        {
            "measure": [c.after.measure for c in found],
            "area": [c.after.area for c in found],
            "sex": [c.after.sex for c in found],
            "group": [c.after.group for c in found],
            "before_period": [c.before.period for c in found],
            "after_period": [c.after.period for c in found],
            "before": [c.before.value for c in found],
            "after": [c.after.value for c in found],
            "difference": [c.difference for c in found],
            "difference_low": [c.difference_band.low for c in found],
            "difference_high": [c.difference_band.high for c in found],
            "percent": [c.percent for c in found],
            "percent_low": [c.percent_band.low for c in found],
            "percent_high": [c.percent_band.high for c in found],
            "source": [c.after.source for c in found],
            "shared_months": [c.shared_months for c in found],
        }
    )
