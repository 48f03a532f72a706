"""Fler sätt att jämföra: year by year, a weighted comparison, a broken trend; or why not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vgstats.blocks.blocks import Block, Heading, paragraphs, together
from vgstats.blocks.tables import Cell, Table, text_columns
from vgstats.facts.text import Code, Text, join, say
from vgstats.methods.result import NotComputable, Result
from vgstats.methods.synthetic import LARGEST_MISFIT, synthetic_control
from vgstats.reports.report import Report
from vgstats.sections.over_years import (
    broken_trend,
    decembers,
    demand_trusted,
    labels_of,
    span_of,
    year_by_year,
)
from vgstats.sections.words import for_counties_only

_YEARS_BEFORE = 8  # what a broken trend needs before it


def more_ways(report: Report) -> Block:
    """Return the comparisons over many years that the figures allow, and why the others are not."""
    if report.area != report.county:
        return for_counties_only("Jämförelser över flera år")
    blocks: list[Block] = []
    lacking: list[list[Cell]] = []
    found: dict[str, Result] = {}
    for way in _WAYS:
        try:
            result, shown = way.compute(report)
            blocks += [Heading(way.name), *shown]
            found |= {way.in_days: result} if way.in_days else {}
        except NotComputable as reason:
            lacking.append([way.name, way.shows, say("{why}.", why=reason.reason.capitalised())])
    return together(
        _disagreement(found), blocks, _not_computed(report, lacking) if lacking else None
    )


def _disagreement(found: dict[str, Result]) -> Block | None:
    """Say so where the ways point different ways, or are farther apart than a distance changes in a year."""
    estimates = {name: one.fact("skillnad", one.estimate) for name, one in found.items()}
    days = [float(fact.printed()) for fact in estimates.values()]
    if len(days) < 2 or (min(days) * max(days) >= 0 and max(days) - min(days) <= _FAR_APART):
        return None
    each = (say("{name} ger {d:signed} dagar", name=n, d=fact) for n, fact in estimates.items())
    return paragraphs(
        say(
            "Sätten att jämföra ger olika svar: {each}. Så osäkert är det alltså hur länet skiljer sig från de andra.",
            each=join(each, " och "),
        )
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
    return found, [paragraphs(found.sentence())]


def _same_age(report: Report) -> tuple[Result, list[Block]]:
    raise NotComputable("ohälsotal och antal försäkrade per ålder och kön saknas bland uppgifterna")


_FAR_APART = (
    0.5  # days: a county's distance to the others changed by 0.44 in a usual year 2011-2025
)


@dataclass(frozen=True)
class _Way:
    """A way to compare; `in_days` names what it estimates, where that is days: the county minus the others."""

    name: str
    compute: Callable[[Report], tuple[Result, list[Block]]]
    shows: str
    in_days: str = ""


_WAYS = (
    _Way(
        "År för år",
        year_by_year,
        "Hur länets avstånd till de andra länen ändrades, med åren före synliga",
        "avståndet år för år",
    ),
    _Way(
        "Sammanvägt jämförelselän",
        _weighted,
        "Länet bredvid den blandning av andra län som följde det bäst före",
        "det sammanvägda jämförelselänet",
    ),
    _Way("Brott i trenden", broken_trend, "Om linjen bryts vid starten mer än i de andra länen"),
    _Way(
        "Samma ålder och kön",
        _same_age,
        "Hur mycket som är en äldre eller yngre befolkning (direkt standardisering)",
    ),
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


def _not_computed(report: Report, lacking: list[list[Cell]]) -> Table:
    command = report.how_to_get(
        report.main, all_counties=True, years_before=_years_worth_fetching(report)
    )
    how: Text | None = None
    if command and not _has_series(report):
        form = "Ohälsotalet för alla län år för år hämtas med: {command}"
        how = say(form, command=Code(command))
    return Table(
        "inte-beraknat",
        "Jämförelser som inte gick att göra",
        text_columns("Sätt", "Vad det visar", "Går inte att beräkna eftersom"),
        lacking,
        how,
    )
