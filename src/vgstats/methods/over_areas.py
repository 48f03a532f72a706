"""Find changes in a table of observations."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

import pandas as pd

from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import demand_order
from vgstats.errors import VgstatsError
from vgstats.methods.bands import tidy
from vgstats.methods.before_after import Change, table_of
from vgstats.observations import Value, newest, one, select


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
        set(select(frame, measure=measure, area=area)["period"]), measure, before, after
    )


def pair_among(
    have: Collection[str], measure: str, before: str, after: str
) -> tuple[str, str] | None:
    """Return the two of the periods that there are which answer those asked for (see `period_pair`)."""
    firsts, lasts = other_forms(measure, before), other_forms(measure, after)
    pairs = ((first, last) for first in firsts for last in lasts if len(first) == len(last))
    return next((pair for pair in pairs if all(p in have for p in pair)), None)


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
    first, last = (newest(select(frame, period=period)) for period in (before, after))
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
