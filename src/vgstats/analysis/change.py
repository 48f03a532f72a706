"""Before and after: difference, per cent, and the band that rounding in the source leaves."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import pandas as pd

from vgstats.errors import VgstatsError
from vgstats.measures import measure as measure_of
from vgstats.observations import Value, newest, one, select


@dataclass(frozen=True)
class Band:
    """The lowest and the highest value that rounded figures leave open."""

    low: float
    high: float


@dataclass(frozen=True)
class Change:
    """The change of one measure from one published number to another.

    Both values are known to half their rounding unit; the bands say what that leaves open. They are
    no confidence intervals.
    """

    before: Value
    after: Value

    @property
    def difference(self) -> float:
        """After minus before, in the unit of the measure."""
        return self.after.value - self.before.value

    @property
    def difference_band(self) -> Band:
        """The differences that the rounding of both values allows."""
        slack = (self.before.resolution + self.after.resolution) / 2
        return Band(self.difference - slack, self.difference + slack)

    @property
    def percent(self) -> float:
        """The difference in per cent of the value before; NaN when that is zero."""
        return percent(self.before.value, self.after.value)

    @property
    def percent_band(self) -> Band:
        """The changes in per cent that the rounding of both values allows."""
        return percent_band(exact_band(self.before), exact_band(self.after))

    def to_frame(self) -> pd.DataFrame:
        """Return the change as one row: key, before, after, difference, per cent and bands."""
        return _table([self])


def exact_band(value: Value) -> Band:
    """Return the exact values that `value` may have been rounded from."""
    return Band(value.value - value.resolution / 2, value.value + value.resolution / 2)


def percent(before: float, after: float) -> float:
    """Return the change from `before` to `after` in per cent; NaN when `before` is zero."""
    return 100 * (after / before - 1) if before else float("nan")


def percent_band(before: Band, after: Band) -> Band:
    """Return the changes in per cent that two bands of positive values allow.

    NaN when the band before reaches zero: the per cent has no bound then.
    """
    if before.low <= 0:
        return Band(float("nan"), float("nan"))
    return Band(percent(before.high, after.low), percent(before.low, after.high))


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
    have = set(select(frame, measure=measure, area=area)["period"])
    firsts, lasts = other_forms(measure, before), other_forms(measure, after)
    pairs = ((first, last) for first in firsts for last in lasts if len(first) == len(last))
    return next((pair for pair in pairs if set(pair) <= have), None)


def find_change(
    frame: pd.DataFrame,
    measure: str,
    area: str,
    before: str,
    after: str,
    sex: str = "alla",
    group: str = "",
) -> Change | None:
    """Return the change of a measure, or None when one of the two values is not in the table."""
    first = one(frame, measure, area, before, sex, group)
    last = one(frame, measure, area, after, sex, group)
    return Change(first, last) if first and last else None


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

    Raises:
        VgstatsError: a value is missing; the message says which periods there are.
    """
    found = find_change(frame, measure, area, before, after, sex, group)
    if found is None:
        there = sorted(set(select(frame, measure=measure, area=area, sex=sex)["period"]))
        raise VgstatsError(
            f"No change of {measure_of(measure).id} for {area}, {sex}, {group or 'no group'}, "
            f"from {before} to {after}. Periods with figures: {', '.join(there) or 'none'}."
        )
    return found


def changes(frame: pd.DataFrame, before: str, after: str) -> pd.DataFrame:
    """Return every change from `before` to `after` that the table allows, a row each.

    Columns: as `Change.to_frame`. Rows: the keys (measure, area, sex, group) with both values.
    """
    first, last = (newest(select(frame, period=period)) for period in (before, after))
    pairs = (
        (first.get((measure, area, before, sex, group)), value)
        for (measure, area, _, sex, group), value in last.items()
    )
    return _table([Change(earlier, later) for earlier, later in pairs if earlier])


def _table(found: list[Change]) -> pd.DataFrame:
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
        }
    )


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
        value=women.value - men.value,
        resolution=women.resolution + men.resolution,
        status="derived",
    )
