"""What must hold before figures are compared: one definition, the same groups, an unbroken series.

A series that is fit for analysis has its periods in order and without gaps, counts no month twice, and has
enough periods and enough areas."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from vgstats.catalogue.law_changes import LawChange, law_changes_between
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period, demand_order
from vgstats.errors import VgstatsError
from vgstats.methods.arguments import demand_one_spelling, numeric_columns, shown
from vgstats.methods.levels import demand_one_level
from vgstats.methods.result import NotComputable

MONTHS_OF_A_YEAR = 12


def breaks(measure: str, before: str, after: str) -> pd.DataFrame:
    """Return the changes of rules and definitions between two periods that touch a measure.

    Columns: date, kind (regel, definition or handelse), name, text, source; oldest first. A rolling
    measure's earlier value covers twelve months, so a change in those counts too.

    Args:
        measure: the id of a measure in the catalogue.
        before: the earlier period.
        after: the later period.

    Raises:
        VgstatsError: there is no such measure, or `before` does not lie before `after`.

    >>> breaks("ohalsotal", "2005-12", "2008-12")["name"].is_unique
    True
    """
    columns = ["date", "kind", "name", "text", "source"]
    rows = [[getattr(rule, name) for name in columns] for rule in _rules(measure, before, after)]
    return pd.DataFrame(rows, columns=columns)


def _rules(measure: str, before: str, after: str) -> list[LawChange]:
    demand_order(before, after)
    return law_changes_between(measure_of(measure), Period.parse(before), Period.parse(after))


def demand_same_definition(measure: str, before: str, after: str) -> None:
    """Refuse a test when the measure's definition changed between the two periods.

    Args:
        measure: the id of a measure in the catalogue.
        before: the earlier period.
        after: the later period.

    Raises:
        NotComputable: it did; the reason names the change.
        VgstatsError: as `breaks`.

    >>> demand_same_definition("pagaende_sjukfall", "2011", "2012")
    """
    broken = [rule for rule in _rules(measure, before, after) if rule.kind == "definition"]
    if broken:
        raise NotComputable(
            f"måttet inte är detsamma före och efter: {broken[0].name[0].lower()}"
            f"{broken[0].name[1:]} ({broken[0].date.year})"
        )


def demand_same_coding(before: Iterable[str], after: Iterable[str]) -> None:
    """Refuse to compare shares when the groups they are shares of are not the same.

    Args:
        before: the groups at the earlier time.
        after: the groups at the later time.

    Raises:
        NotComputable: a group stands on one side only; the reason names such groups.

    >>> demand_same_coding(["F00-F99", "övriga"], ["övriga", "F00-F99"])
    """
    first, last = ({str(group) for group in groups} for groups in (before, after))
    if first != last:
        only = sorted(first ^ last)
        raise NotComputable(
            f"grupperna inte är desamma före och efter (bara på ena sidan: {', '.join(only)})"
        )


def demand_independent(periods: Iterable[object], *, rolling12: bool) -> None:
    """Refuse rolling twelve-month values that share months with each other.

    Two values k < 12 months apart share 12 - k months, and correlate by 1 - k/12 when the months
    themselves do not correlate at all (Britten-Jones, Neuberger & Nolte 2011, Journal of Business
    Finance & Accounting 38:657-683). A regression on such monthly values says p < 0.05 in 58-59
    per cent of series without any change, and still in 21-24 per cent with Newey-West errors.

    Args:
        periods: years, quarters or months, as text or as whole years; in any order, each once.
        rolling12: whether a value covers the twelve months that end with its period.

    Raises:
        NotComputable: the values overlap, or a period cannot be read. Never when not `rolling12`.

    >>> demand_independent(["2007-12", "2008-12"], rolling12=True)
    """
    if not rolling12:
        return
    ends = sorted((month_number(period), str(period)) for period in periods)
    for (earlier, first), (later, second) in pairwise(ends):
        if later - earlier < MONTHS_OF_A_YEAR:
            raise NotComputable(
                "värdena är rullande tolvmånadersvärden och {first} och {second} ligger bara {apart} "
                "månader isär, så att de delvis räknar samma månader. Även när "
                "ingenting har ändrats ger en regression på sådana värden p < 0,05 i omkring sex "
                "fall av tio. Använd decembervärden, ett per år",
                first=first,
                second=second,
                apart=later - earlier,
            )


def december(frame: pd.DataFrame, period: str = "period") -> pd.DataFrame:
    """Return the rows whose period ends with December, in their order, numbered from 0.

    December of rolling twelve-month values is the calendar year; a value dated by its year counts
    as its December.

    Args:
        frame: any columns, a row for each value.
        period: the column with years, quarters or months, as text or as whole years.

    Raises:
        NotComputable: the column is missing, a period cannot be read, or none ends with December.

    >>> december(pd.DataFrame({"period": ["2007-06", "2007-12"], "value": [41.0, 40.0]}))["period"].tolist()
    ['2007-12']
    """
    numeric_columns(frame.head(0), [], key=[period])
    last_month = [month_number(text) % MONTHS_OF_A_YEAR == 0 for text in frame[period]]
    kept = frame.loc[last_month].reset_index(drop=True)
    if kept.empty:
        raise NotComputable(f"inget värde i kolumnen {period!r} är daterat december")
    return kept


def month_number(period: object) -> int:
    """Return the month that a year, quarter or month ends with, counted from year 0.

    Raises:
        NotComputable: it is none of those. A day is not taken for its month.
    """
    try:
        found = Period.parse(str(period))
    except VgstatsError:
        found = None
    if found is None or len(found.text) == len("2008-10-01"):
        raise NotComputable(
            f"perioden {str(period)!r} inte går att läsa som år (2008), kvartal (2008-Q4) eller "
            "månad (2008-12)"
        )
    return MONTHS_OF_A_YEAR * found.end.year + found.end.month


def demand_unbroken(periods: Sequence[object], *, annual: bool = False) -> None:
    """Refuse a series with a gap in it.

    Args:
        periods: in order of time. Texts are years, quarters or months; whole numbers are years or
            running numbers.
        annual: also refuse anything but one value a year; whole numbers are years then.

    Raises:
        NotComputable: two neighbours stand at another distance than the first two, or a period
            cannot be read.
    """
    numbered = all(isinstance(period, int) for period in periods) and not annual
    places = [int(str(period)) if numbered else month_number(period) for period in periods]
    steps = [later - earlier for earlier, later in pairwise(places)]
    for step, (earlier, later) in zip(steps, pairwise(periods), strict=True):
        if step != steps[0]:
            raise NotComputable(
                f"serien inte är obruten: avståndet mellan {earlier} och {later} är ett annat än "
                "mellan de två första värdena"
            )
        if annual and step != MONTHS_OF_A_YEAR:
            raise NotComputable(
                "det ska finnas ett värde per år, men {earlier} och {later} ligger {step} månader isär",
                earlier=str(earlier),
                later=str(later),
                step=step,
            )


def in_order(periods: Iterable[object]) -> list[Any]:
    """Return the different periods in order of time, whole numbers as Python's own.

    Raises:
        NotComputable: whole numbers and texts stand side by side, or a text cannot be read.
    """
    found = pd.unique(pd.Series(list(periods), dtype=object)).tolist()
    if all(pd.api.types.is_integer(period) for period in found):
        return sorted(int(period) for period in found)
    return sorted(found, key=month_number)


def plain(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the frame with whole numbers in a column as Python's own, which print as 2008."""
    if column not in frame.columns:
        return frame
    return frame.assign(**{column: frame[column].astype(object)})


def names_of(frame: pd.DataFrame, column: str) -> pd.Series[str]:
    """Return what stands in a column of areas or groups as text, so that 0 and "0" are one name.

    Raises:
        NotComputable: the column or a name is missing, or a name stands both as number and text.
    """
    numeric_columns(frame.head(0), [], key=[column])
    values = frame[column].astype(object)
    texts = values.astype(str)
    if values.isna().any() or texts.str.strip().eq("").any():
        raise NotComputable(f"ett namn saknas i kolumnen {shown(column)}")
    demand_one_spelling(values, column)
    return texts


def _without(frame: pd.DataFrame, area: str, leave_out: str | Collection[object]) -> pd.DataFrame:
    """Return the rows of the areas that are not left out, the areas as text."""
    names = names_of(frame, area)
    found = [leave_out] if isinstance(leave_out, str) else [str(name) for name in leave_out]
    unknown = [name for name in found if name not in set(names)]
    if unknown:
        raise NotComputable(f"{unknown[0]}, som ska lämnas utanför, inte finns bland områdena")
    return frame.assign(**{area: names.to_numpy()}).loc[~names.isin(found).to_numpy()]


def count_before(
    periods: Sequence[object], start: object, fewest_before: int, fewest_after: int
) -> int:
    """Return how many periods come before `start`.

    Args:
        periods: in order of time.
        start: the first period after the break, as it stands among the periods.
        fewest_before: how many there must be before it.
        fewest_after: how many there must be from it on.

    Raises:
        NotComputable: `start` is none of the periods, or there are too few on one side of it.
    """
    texts = [str(period) for period in periods]
    if str(start) not in texts:
        span = f" ({texts[0]}–{texts[-1]})" if texts else ""
        raise NotComputable(f"brytpunkten {start} inte ligger i serien{span}")
    before = texts.index(str(start))
    sides = (
        ("före", before, fewest_before),
        ("från och med", len(texts) - before, fewest_after),
    )
    for side, there, needed in sides:
        if there < needed:
            because = f"det finns {{there}} värden {side} {{start}}; det behövs {{needed}}"
            raise NotComputable(because, there=there, start=str(start), needed=needed)
    return before


def panel(
    frame: pd.DataFrame,
    treated: object,
    area: str,
    period: str,
    value: str,
    leave_out: str | Collection[object],
    fewest_others: int,
) -> pd.DataFrame:
    """Return the values with a row a year, in order, and a column an area, sorted by name.

    Args:
        frame: a row for each area and year.
        treated: an area that must be there; 0 and "0" are the same area.
        area: the column of areas, as texts or codes; the columns returned are texts.
        period: the column of years, as whole numbers or as texts a year apart.
        value: the column of values.
        leave_out: areas that are not to be used; a text is one area.
        fewest_others: areas needed beside `treated`.

    Raises:
        NotComputable: a column, area, year or value is missing, two rows have the same area and
            year, an area stands both as number and text, an area to leave out is not there, riket
            or another level is among the areas, areas are too few, or years are not a year apart.
    """
    rows = numeric_columns(
        plain(_without(frame, area, leave_out), period), [value], key=[area, period]
    )
    names = rows[area]
    if str(treated) not in set(names):
        raise NotComputable(f"det inte finns några värden för {treated}")
    demand_one_level(names, area)
    periods = in_order(rows[period])
    wide = rows.pivot(index=period, columns=area, values=value)
    wide = wide.loc[periods].astype(float)
    if wide.shape[1] - 1 < fewest_others:
        raise NotComputable(
            "det finns {there} andra områden än {treated}; det behövs {needed}",
            there=wide.shape[1] - 1,
            treated=str(treated),
            needed=fewest_others,
        )
    missing = wide.isna().to_numpy()
    if missing.any():
        row, column = np.argwhere(missing)[0]
        raise NotComputable(f"värdet för {wide.columns[column]} {wide.index[row]} saknas")
    demand_unbroken(periods, annual=True)
    return wide
