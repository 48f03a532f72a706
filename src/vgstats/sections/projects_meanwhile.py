"""Projects of the area whose time is known, for the figures of series: what else went on meanwhile."""

from __future__ import annotations

from collections.abc import Iterable

from vgstats.blocks.words import as_written, ran_words
from vgstats.catalogue import areas
from vgstats.catalogue.agreements import Agreement
from vgstats.catalogue.periods import Period, axis_position, starts_at
from vgstats.facts.text import Text, join, say
from vgstats.observations import Value
from vgstats.reports.report import Report


def meanwhile(report: Report, values: Iterable[Value]) -> list[Agreement]:
    """Return the projects of the report's area that ran while a series did, the first to begin first.

    Of a county's report they are those of the county and of its kommuner, of a kommun's its own and its county's. What
    the report follows up is drawn as itself, and is none of them.
    """
    ends = [Period.parse(value.period).end for value in values]
    found = [
        one
        for one in report.texts.agreements
        if one.project and one != report.agreement and ends and one.ran(min(ends), max(ends))
        if areas.county_of(one.area) == report.county
        if report.area == report.county or one.area in (report.area, report.county)
    ]
    return sorted(found, key=lambda one: (one.dates or (), one.short_name))


def told_meanwhile(projects: Iterable[Agreement]) -> Text | str:
    """Return what the bars at a figure's foot are, with a space before it, and an empty text where there are none."""
    said = [
        say(
            "{name} i {where} ({own}{when})",
            name=as_written(one.short_name, one),
            where=areas.name(one.area),
            own="regionens egen uppgift, " if one.own else "",
            when=ran_words(one),
        )
        for one in projects
    ]
    if not said:
        return ""
    return say(
        " {bars} längst ner visar när {projects} pågick.",
        bars="Strecket" if len(said) == 1 else "Strecken",
        projects=join(said, ", "),
    )


def marks_of(projects: Iterable[Agreement]) -> list[tuple[str, float, float]]:
    """Return each project's name, and from when and until when it is drawn on the axis of time."""
    return [
        (one.short_name, starts_at(one.dates[0]), axis_position(one.dates[1]))
        for one in projects
        if one.dates
    ]
