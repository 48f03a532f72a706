"""Fler sätt att jämföra: year by year, a weighted comparison, a broken trend."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from vgstats.blocks.blocks import Block, Folded, paragraphs, together
from vgstats.catalogue.measures import measure as measure_of
from vgstats.facts.text import Text, join, say, swedish_list
from vgstats.methods.result import NotComputable, Result
from vgstats.methods.synthetic import LARGEST_MISFIT, USUAL, synthetic_control
from vgstats.reports.report import Report
from vgstats.sections.over_years import (
    broken_trend,
    decembers,
    demand_trusted,
    event_figure,
    labels_of,
    span_of,
    year_by_year,
)
from vgstats.sections.words import SO_COUNTED, left_out, not_computable

_YEARS_BEFORE = 8  # what a broken trend needs before it


def more_ways(report: Report, *, drawn: bool = False) -> Block:
    """Return what other ways to compare say, in a sentence, with the comparisons that the figures allow folded.

    Args:
        report: the report.
        drawn: whether to draw the distance to the other counties year by year too.
    """
    if report.area != report.county:
        return left_out(report, "Jämförelser över flera år finns bara i rapporter om ett län.")
    blocks: list[Block] = []
    lacking: list[Block] = []
    found: dict[_Way, Result] = {}
    for way in _WAYS:
        try:
            result, shown = way.compute(report)
            blocks += shown
            blocks += [way.draw(report, result)] if drawn and way.draw else []
            found[way] = result
        except NotComputable as reason:
            lacking.append(_not_computed(report, way, reason))
    if not found:
        return together(lacking)
    said = paragraphs(_together_they_say(report, found), _disagreement(found))
    return together(said, Folded(blocks, SO_COUNTED), lacking)


def _together_they_say(report: Report, found: dict[_Way, Result]) -> Text | None:
    """Say in which of the ways the county stands out, and in which it does not; those that cannot tell are not told."""
    what = measure_of(report.main).the_name
    judged = {way.told: way.stands_out(result) for way, result in found.items() if way.stands_out}
    out, inside = (
        [name for name, is_out in judged.items() if is_out is this] for this in (True, False)
    )
    if not out and not inside:
        return None
    if not out:
        inside_too = all(one.others and one.others.where == "innanför" for one in report.compared)
        form = "Räknat {ways} avviker länet inte{too} mer än vanligt från de andra i {what}."
        too = " heller" if inside_too else ""
        return say(form, ways=swedish_list(inside), too=too, what=what)
    more = f"; räknat {swedish_list(inside)} gör det inte det" if inside else ""
    form = "Räknat {ways} avviker länet från de andra mer än vanligt i {what}{more}."
    return say(form, ways=swedish_list(out), what=what, more=more)


def _disagreement(found: dict[_Way, Result]) -> Text | None:
    """Say so where the ways point different ways, or are farther apart than a distance changes in a year."""
    estimates = {w.told: r.fact("skillnad", r.estimate) for w, r in found.items() if w.in_days}
    days = [float(fact.printed()) for fact in estimates.values()]
    if len(days) < 2 or (min(days) * max(days) >= 0 and max(days) - min(days) <= _FAR_APART):
        return None
    each = (say("{name} {d:signed} dagar", name=n, d=fact) for n, fact in estimates.items())
    return say(
        "Sätten ger olika svar, {each}: så osäkert är det hur länet skiljer sig från de andra.",
        each=join(each, " och "),
    )


def _weighted(report: Report) -> tuple[Result, list[Block]]:
    _, start, _ = span_of(report)
    demand_trusted(report)
    found = synthetic_control(
        decembers(report),
        treated=report.area_name,
        start=start,
        period="year",
        resolution=0.1,
        kind="län",
        largest_misfit=LARGEST_MISFIT,
        **labels_of(report, "sammanvägt"),
    )
    return found, [paragraphs(found.short())]


def _same_age(report: Report) -> tuple[Result, list[Block]]:
    raise NotComputable("ohälsotal och antal försäkrade per ålder och kön saknas")


_FAR_APART = (
    0.5  # days: a county's distance to the others changed by 0.44 in a usual year 2011-2025
)


@dataclass(frozen=True)
class _Way:
    """A way to compare: what it is called after `räknat`, what lacks without it, and what its result says.

    `in_days` says that it estimates the county minus the others in days; `stands_out` reads off a result whether
    that is more than usual, None where it cannot be told. `draw` makes a figure of it.
    """

    told: str
    compute: Callable[[Report], tuple[Result, list[Block]]]
    shows: str
    in_days: bool = False
    stands_out: Callable[[Any], bool | None] | None = None
    draw: Callable[[Report, Any], Block] | None = None


_WAYS = (
    _Way(
        "år för år",
        year_by_year,
        "Avståndet till de andra länen år för år",
        in_days=True,
        stands_out=lambda found: found.stands_out,
        draw=event_figure,
    ),
    _Way(
        "mot en blandning av andra län",
        _weighted,
        "En jämförelse med en blandning av andra län",
        in_days=True,
        stands_out=lambda found: found.rank_p <= USUAL,
    ),
    _Way("med räta linjer", broken_trend, "Ett brott i länets linje"),
    _Way("per ålder och kön", _same_age, "Vad en äldre eller yngre befolkning betyder"),
)


def _has_series(report: Report) -> bool:
    try:
        return not decembers(report).empty
    except NotComputable:
        return False


def _years_worth_fetching(report: Report) -> int:
    """Return how many years before the comparison are of use: none from before a new definition."""
    before, _, _ = span_of(report)
    definitions = [
        rule.date.year
        for rule in report.texts.law_changes
        if rule.kind == "definition" and report.main in rule.measures and rule.date.year <= before
    ]
    return min(_YEARS_BEFORE, before - max(definitions, default=0))


def _not_computed(report: Report, way: _Way, reason: NotComputable) -> Block:
    """Leave a way out of the page, with what gets the counties' years where they lack."""
    command = report.how_to_get(
        report.main, all_counties=True, years_before=_years_worth_fetching(report)
    )
    return left_out(
        report,
        not_computable(way.shows, reason.reason),
        "" if _has_series(report) else command,
    )
