"""Hade det hänt ändå? The year that changes are counted from: whether the county moved beside riket before it."""

from __future__ import annotations

import datetime as dt

from vgstats.catalogue import areas
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period
from vgstats.facts.text import Text, say
from vgstats.methods.indicator import far, gap_to
from vgstats.reports.report import Report


def base_year_words(report: Report, measure: str) -> Text | None:
    """Say so where the county's distance to riket had moved in the two years before the years compared.

    A start that is picked after such a move gives another change than the year before it would have. None where the
    values are missing, counted in another way, or moved by less than half a day or than rounding leaves open.
    """
    pair = report.periods(measure)
    if pair is None or report.area != report.county or measure_of(measure).unit != "dagar":
        return None
    base = Period.parse(pair[0]).end
    earlier = f"{base.year - _YEARS_TESTED}{pair[0][4:]}"
    found = [
        [report.value(measure, period, area=area) for area in (report.area, areas.RIKET)]
        for period in (earlier, pair[0])
    ]
    gaps = [gap_to(own, riket) for own, riket in found if own and riket]
    if len(gaps) < len(found) or _redefined(report, measure, earlier, base):
        return None
    moved = abs(gaps[1].value - gaps[0].value)
    open_ = sum(value.resolution for ends in found for value in ends if value) / 2
    if moved < _WORTH_SAYING - 1e-9 or moved <= open_ + 1e-9:
        return None
    return say(
        "Redan före {base} hade länets avstånd till riket ändrats: {then_year} låg {what} {then}, och {base} "
        "låg det {now}.",
        base=str(base.year),
        then_year=str(base.year - _YEARS_TESTED),
        what=measure_of(measure).the_name,
        then=far(gaps[0], "riket"),
        now=far(gaps[1], "riket", again=True),
    )


_YEARS_TESTED = 2
_WORTH_SAYING = 0.5  # days


def _redefined(report: Report, measure: str, earlier: str, base: dt.date) -> bool:
    """Whether a measure's definition changed between two periods."""
    first = Period.parse(earlier).start
    return any(
        rule.kind == "definition" and measure in rule.measures and first < rule.date <= base
        for rule in report.texts.law_changes
    )
