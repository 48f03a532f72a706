"""A fact is a number that a report prints, and knows what it was made from.

Tables, sentences and alternative texts print facts only, and one formatter writes them, so the same
number reads the same everywhere and can be found again in the finished page.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from decimal import Decimal

from vgstats.analysis.change import Band, Change, percent
from vgstats.analysis.shares import ShareChange, ShareCount
from vgstats.measures import measure as measure_of
from vgstats.observations import DEMO, Value
from vgstats.presentation.numbers import rounded, swedish


@dataclass(frozen=True)
class Fact:
    """A number to print: where it belongs, its value, and how many decimals it carries.

    `operation` and `inputs` say how it came from other facts; both are empty for published numbers.
    `made_up` marks a synthetic number (source `demo`); what is worked out of one is made up too.
    """

    id: str
    value: float
    unit: str
    decimals: int
    operation: str = ""
    inputs: tuple[Fact, ...] = ()
    made_up: bool = False

    @property
    def synthetic(self) -> bool:
        """Whether the number is made up, or worked out of one that is."""
        return self.made_up or any(fact.synthetic for fact in self.inputs)

    def printed(self) -> Decimal:
        """Return the number as it is printed."""
        return rounded(self.value, self.decimals)

    def text(self, spec: str = "") -> str:
        """Return the printed number; `abs` leaves out the sign, `signed` always shows it."""
        if spec not in ("", "abs", "signed"):
            raise ValueError(f"unknown format {spec!r} for fact {self.id}")
        value = abs(self.value) if spec == "abs" else self.value
        return swedish(value, self.decimals, signed=spec == "signed")

    def html(self, spec: str = "") -> str:
        """Return the printed number as an HTML data element with its id and machine value.

        The machine value is what is printed, no more exact.
        """
        return (
            f'<data value="{self.printed():f}"'
            f' data-fact="{html.escape(self.id, quote=True)}">{self.text(spec)}</data>'
        )


def key(value: Value) -> str:
    """Return the id of a published number: measure, area, period, and sex and group if any."""
    parts = [value.measure, value.area, value.period]
    parts += [value.sex] if value.sex != "alla" else []
    parts += [value.group] if value.group else []
    return "|".join(parts)


@dataclass(frozen=True)
class Scale:
    """How a measure is printed: a factor, the unit and the decimals."""

    factor: float
    unit: str
    decimals: int


def scale_of(value: Value) -> Scale:
    """Return how a number is printed.

    Money that the source gives to a hundred million or coarser is printed in billions with one
    decimal, as the source has it; everything else in the unit of its measure.
    """
    measure = measure_of(value.measure)
    if measure.unit == "miljoner kronor" and value.resolution >= 100:
        return Scale(1 / 1000, "miljarder kronor", 1)
    return Scale(1, measure.unit, measure.decimals)


def value_fact(value: Value) -> Fact:
    """Return a published number as a fact, in the unit and with the decimals it is printed in."""
    scale = scale_of(value)
    return Fact(
        key(value),
        value.value * scale.factor,
        scale.unit,
        scale.decimals,
        made_up=value.source == DEMO,
    )


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


def count_fact(name: str, value: float) -> Fact:
    """Return one plain count of things in the report as a fact."""
    return Fact(name, value, "antal", 0, "count")


def band_facts(name: str, band: Band, unit: str, decimals: int) -> tuple[Fact, Fact]:
    """Return the two ends of a band as facts."""
    return (
        Fact(f"lägst|{name}", band.low, unit, decimals, "band"),
        Fact(f"högst|{name}", band.high, unit, decimals, "band"),
    )


@dataclass(frozen=True)
class ShareFacts:
    """The facts of a share: its two values, and the count behind it with the band of its change.

    The counts are rounded to hundreds, since neither total nor share is known more exactly.
    """

    share: ChangeFacts
    count_before: Fact
    count_after: Fact
    percent_low: Fact
    percent_high: Fact


def share_facts(change: ShareChange) -> ShareFacts:
    """Return the facts of a share's change and of the count behind it."""
    name = f"{key(change.share.after)}|från {change.share.before.period}"
    low, high = band_facts(f"procent|antal|{name}", change.percent_band, "procent", 0)
    return ShareFacts(
        change_facts(change.share),
        _approximate_count(change.before),
        _approximate_count(change.after),
        low,
        high,
    )


def _approximate_count(count: ShareCount) -> Fact:
    return Fact(
        f"antal|{key(count.share)}",
        count.value,
        measure_of(count.total.measure).unit,
        -2,
        "share of total",
        (value_fact(count.share), value_fact(count.total)),
    )
