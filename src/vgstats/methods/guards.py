"""What must not be compared: other definitions, other groups, values that share months."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import pandas as pd

from vgstats.catalogue.interventions import Rule, rules_between
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period, demand_order
from vgstats.methods.arguments import numeric_columns
from vgstats.methods.result import NotComputable
from vgstats.methods.series import MONTHS_OF_A_YEAR, month_number


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


def _rules(measure: str, before: str, after: str) -> list[Rule]:
    demand_order(before, after)
    return rules_between(measure_of(measure), Period.parse(before), Period.parse(after))


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
