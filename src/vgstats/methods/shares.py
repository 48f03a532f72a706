"""Shares beside counts: a falling share says little when the whole has changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pandas as pd

from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.words import parse_group
from vgstats.errors import VgstatsError
from vgstats.facts.facts import Fact, band_facts, key, value_fact
from vgstats.facts.text import Text, say
from vgstats.methods.before_after import Change, ChangeFacts, change_facts, exact_band
from vgstats.methods.observed import other_forms
from vgstats.methods.result import Band, Shown, percent, percent_band, tidy
from vgstats.observations import Value, one, rows_of

SHARE = "_andel"  # how the ids of measures of shares end


def share_of(part: Value, whole: Value) -> Fact:
    """Return a part's share of a whole count, in per cent.

    >>> cases = Value("pagaende_sjukfall", "lan:05", "2019", "alla", "", 200.0, 1.0, "ok", "fk")
    >>> share_of(Value(**{**vars(cases), "group": "diagnos=F00-F99", "value": 90.0}), cases).text()
    '45,0'
    """
    inputs = (value_fact(part), value_fact(whole))
    return Fact(f"andel|{key(part)}", 100 * part.value / whole.value, "procent", 1, "share", inputs)


@dataclass(frozen=True)
class ShareCount:
    """The count that a rounded share of a rounded total stands for.

    `value` is the product of the printed figures; `band` is what their rounding leaves open.
    """

    share: Value
    total: Value

    @property
    def value(self) -> float:
        """Total times share, in the unit of the total."""
        return tidy(self.total.value * self.share.value / 100, self.total.value)

    @property
    def band(self) -> Band:
        """The counts that the rounding of share and total allows."""
        share, total = exact_band(self.share), exact_band(self.total)
        ends = ((total.low, share.low), (total.high, share.high))
        low, high = (tidy(whole * part / 100, whole) for whole, part in ends)
        return Band(low, high)


@dataclass(frozen=True)
class ShareChange(Shown):
    """How a share changed, and how the count behind it changed.

    `share` is of a measure of shares (`sjukfall_60_dagar_andel`), `total` of the counts that it is a
    share of (`sjukfall_60_dagar`). A share of one sex and no group is a share of both sexes' count.

    Raises:
        VgstatsError: the counts are of another measure, area, period, sex or group.
    """

    share: Change
    total: Change
    method: ClassVar = "andel och antal bredvid varandra; spannen är källans avrundning"
    n: ClassVar = 1
    unit: ClassVar = "procentenheter"

    def __post_init__(self) -> None:
        for share, total in (
            (self.share.before, self.total.before),
            (self.share.after, self.total.after),
        ):
            _demand_counts_of(share, total)

    @property
    def estimate(self) -> float:
        """The change of the share, in percentage points."""
        return self.share.difference

    @property
    def interval(self) -> Band:
        """The changes of the share that its rounding allows."""
        return self.share.difference_band

    @property
    def source(self) -> str:
        """The source of the later share."""
        return self.share.source

    def sentence(self) -> Text:
        """Return the share and the count behind it, before and after, and the count's band."""
        facts = share_facts(self)
        return say(
            "Andelen gick från {s0} till {s1} procent. Antalet gick från omkring {n0} till omkring "
            "{n1}; avrundningen lämnar en ändring mellan {low:signed} och {high:signed} procent.",
            s0=facts.share.before,
            s1=facts.share.after,
            n0=facts.count_before,
            n1=facts.count_after,
            low=facts.percent_low,
            high=facts.percent_high,
        )

    @property
    def before(self) -> ShareCount:
        """The count before."""
        return ShareCount(self.share.before, self.total.before)

    @property
    def after(self) -> ShareCount:
        """The count after."""
        return ShareCount(self.share.after, self.total.after)

    def to_frame(self) -> pd.DataFrame:
        """Return share and count before and after, and the band of the count's change, as one row."""
        row = {
            "group": self.share.after.group or self.share.after.sex,
            "share_before": self.share.before.value,
            "share_after": self.share.after.value,
            "count_before": self.before.value,
            "count_after": self.after.value,
            "percent_low": self.percent_band.low,
            "percent_high": self.percent_band.high,
        }
        return pd.DataFrame([row])

    @property
    def percent(self) -> float:
        """The change of the count in per cent, from the products of the printed figures."""
        return percent(self.before.value, self.after.value)

    @property
    def percent_band(self) -> Band:
        """The changes of the count in per cent that all four roundings allow."""
        return percent_band(self.before.band, self.after.band)


def _demand_counts_of(share: Value, total: Value) -> None:
    """Refuse a share beside counts that it is no share of."""
    sex = share.sex if share.group else "alla"
    wanted = {"measure": share.measure.removesuffix(SHARE), "area": share.area, "sex": sex}
    for name, value in wanted.items():
        found = getattr(total, name)
        if found != value or not share.measure.endswith(SHARE):
            raise VgstatsError(
                f"{key(share)} is no share of {key(total)}: its {name} is {found!r}. Take counts with "
                f"the {name} {value!r}, and a measure of shares, whose id ends with {SHARE!r}."
            )
    if share.period not in other_forms(
        total.measure, total.period
    ) and total.period not in other_forms(share.measure, share.period):
        raise VgstatsError(
            f"{key(share)} is no share of {key(total)}: the periods differ. Take both of "
            f"{share.period!r}."
        )
    inside, whole = parse_group(share.group).items(), parse_group(total.group).items()
    if not whole <= inside or (whole and whole == inside):
        raise VgstatsError(
            f"{key(share)} is no share of {key(total)}: the group {total.group!r} does not hold "
            f"{share.group!r}. Take the counts of all groups."
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
    low, high = band_facts(
        f"procent|antal|{name}", change.percent_band.low, change.percent_band.high, "procent", 0
    )
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


@dataclass(frozen=True)
class PartsAndTotal:
    """The total that a source states and the sum of the parts that it lists.

    `total` is None where the source states none (shares: 100 is understood).
    """

    total: Value | None
    parts: list[Value]

    @property
    def sum_of_parts(self) -> float:
        """The parts added up, in the unit of the measure."""
        values = [part.value for part in self.parts]
        return tidy(sum(values), *values)


def parts_and_total(
    frame: pd.DataFrame, measure: str, area: str, period: str, dimensions: list[str]
) -> PartsAndTotal | None:
    """Return a total and the parts with exactly these dimensions, or None when there are none."""
    rows = rows_of(frame, measure=measure, area=area, period=period, sex="alla")
    groups = [g for g in rows["group"] if sorted(parse_group(g)) == sorted(dimensions)]
    parts = [one(frame, measure, area, period, "alla", group) for group in groups]
    if not parts:
        return None
    return PartsAndTotal(one(frame, measure, area, period), [part for part in parts if part])
