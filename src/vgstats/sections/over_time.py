"""Hade det hänt ändå? Series over time: the years before in plain sight, and months."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from matplotlib.figure import Figure as MplFigure

from vgstats.blocks.blocks import Block, paragraphs, together
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.blocks.words import (
    NOT_FROM_ZERO,
    capitalised,
    period_words,
    rule_month,
    short_name,
    told,
    whom,
    year_words,
)
from vgstats.catalogue import areas
from vgstats.catalogue.agreements import Agreement
from vgstats.catalogue.law_changes import LawChange
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period, axis_position, starts_at, window_start
from vgstats.drawing import charts
from vgstats.facts.facts import count_fact, value_fact
from vgstats.facts.text import SectionLink, Text, say
from vgstats.methods.before_after import Change
from vgstats.observations import Value
from vgstats.reports.report import Report
from vgstats.sections.projects_meanwhile import marks_of, meanwhile, told_meanwhile
from vgstats.sections.riket_nearby import nearest_in_riket
from vgstats.sections.words import left_out


class _Lines:
    """The area's series and the one beside it, and what changed meanwhile.

    `joined` says that the one beside has every December that the area has; else all its months are shown as dots.
    `comparable` are the area's values after the last change of definition.
    """

    def __init__(self, report: Report, measure: str) -> None:
        self.report, self.measure = report, measure
        self.own = report.yearly(measure)
        place = report.county if report.area != report.county else areas.RIKET
        self.beside_name = "Riket" if place == areas.RIKET else areas.name(place)
        # A count grows with the population: riket's would leave a county's line flat.
        beside = [] if measure_of(measure).additive else report.series(measure, place)
        there = {value.period for value in self.own}
        same = [value for value in beside if value.period in there]
        self.joined = not beside or len(same) == len(self.own)
        self.beside = same if self.joined else beside
        self.rules = report.law_changes_during("regel", measure)
        self.breaks = report.law_changes_during("definition", measure)
        last = max((rule.date for rule in self.breaks), default=dt.date.min)
        self.projects = meanwhile(report, self.own)
        self.comparable = [value for value in self.own if _end(value) >= last]


def series(report: Report, measure: str | None = None) -> Block:
    """Return the area's series over the years, with what is compared and the agreement marked, and riket's beside.

    A kommun has its county's beside it.

    Args:
        report: the report.
        measure: the one to show; the report's main one when left out.
    """
    measure = measure or report.main
    report.demand_series(measure)
    lines = _Lines(report, measure)
    if not lines.own:
        what = f"{_whose(report, measure_of(measure).the_name)} år för år finns inte bland rapportens uppgifter."
        return together(
            left_out(report, what, report.how_to_get(measure)), nearest_in_riket(report, measure)
        )
    said = paragraphs(_rules_before(lines))
    return together(
        _figure(lines, _before_the_start(lines)),
        said if said.paragraphs else None,
        nearest_in_riket(report, measure),
    )


def line_of(report: Report, measure: str, where: str) -> Figure:
    """Return the series of an area that has one, under its first and last value in what is compared."""
    lines, change = _Lines(report, measure), report.change(measure)
    assert change is not None  # noqa: S101 - both are of the series
    form = "{What} i {where}: {before} {unit} {then} och {after} {now}"
    then, now = year_words(change.before), year_words(change.after)
    return _figure(lines, told(change, form, where=where, then=then, now=now))


def _figure(lines: _Lines, finding: Text) -> Figure:
    drawing = _drawing(lines)
    return Figure(drawing, finding, _alt(lines), _table(lines), _label(lines, drawing))


def _whose(report: Report, name: str) -> str:
    """Return `Länets ohälsotal`, or of a longer name `Försäkrade 16–64 år i länet`."""
    if name.endswith("talet"):
        return f"{report.place.capitalize()}s {name.removesuffix('et')}"
    return f"{capitalised(name)} i {report.place}"


def _end(value: Value) -> dt.date:
    return Period.parse(value.period).end


def axis_unit(measure: str) -> str:
    """Return what an axis of a measure counts."""
    unit = measure_of(measure).unit
    return "dagar per försäkrad" if unit == "dagar" else unit


def drawn_span(followed: Agreement | None) -> tuple[float, float] | None:
    """Return where on the axis of time what is followed up is drawn, None where it is not known when it ran."""
    if followed is None or followed.dates is None:
        return None
    return starts_at(followed.dates[0]), axis_position(followed.dates[1])


def _drawing(lines: _Lines) -> MplFigure:
    report = lines.report
    rows = [
        (series, axis_position(_end(v)), v.value, joined, value_fact(v).text())
        for series, values, joined in (
            (short_name(report.area), lines.own, True),
            (lines.beside_name, lines.beside, lines.joined),
        )
        for v in values
    ]
    pair = report.periods(lines.measure) or (report.parameters.before, report.parameters.after)
    before, after = (axis_position(Period.parse(period).end) for period in pair)
    followed = report.agreement
    return charts.lead(
        pd.DataFrame(rows, columns=["series", "when", "value", "joined", "label"]),
        unit=measure_of(lines.measure).unit,
        span=drawn_span(followed),
        span_label=followed.short_name if followed else "",
        before=before,
        after=after,
        breaks=tuple(starts_at(rule.date) for rule in lines.breaks),
        marks=marks_of(lines.projects),
    )


def _start_of(report: Report) -> dt.date:
    """Return when what is followed up began: the agreement, or the time after the first value."""
    day_after = Period.parse(report.parameters.before).end + dt.timedelta(days=1)
    followed = report.agreement
    return followed.start if followed and followed.start else day_after


def _before_the_start(lines: _Lines) -> Text:
    """Say where the series was heading when the comparison or the agreement began."""
    start, what = _start_of(lines.report), measure_of(lines.measure)
    earlier = [v for v in lines.comparable if _end(v) < start]
    if len(earlier) < 3:
        form = "{What} år för år; åren före {year} är för få för att visa vart det var på väg"
        return say(form, What=capitalised(what.the_name), year=str(start.year))
    turn, last = _turning_point(earlier), earlier[-1]
    return say(
        "{heading}: {then_value}{unit} {then} och {now_value} {now}",
        heading=_heading(what.the_name, start.year, turn, last),
        unit=" dagar" if what.unit == "dagar" else "",
        then_value=value_fact(turn),
        then=year_words(turn),
        now_value=value_fact(last),
        now=year_words(last),
    )


def _heading(what: str, year: int, turn: Value, last: Value) -> str:
    """Say which way the series went before a year, where it went that way for two years or more."""
    years = int(last.period[:4]) - int(turn.period[:4])
    if years < 2 or Change(turn, last).within_rounding:
        return f"{capitalised(what)} hade ingen bestämd riktning före {year}"
    if last.value < turn.value:
        return f"Före {year} hade {what} redan börjat sjunka"
    return f"Före {year} var {what} på väg upp"


def _rules_before(lines: _Lines) -> Text | None:
    """Say how many rules changed while the series went the way it did before the start, and where the later stand."""
    earlier = [v for v in lines.comparable if _end(v) < _start_of(lines.report)]
    if len(earlier) < 3 or lines.report.synthetic:
        return None
    turn = _turning_point(earlier)
    n = sum(_during(rule, turn, earlier[-1]) for rule in lines.rules)
    if not n:
        return None
    return say(
        "Mellan {then} och {now} ändrades också {n} {rules} för hela landet; de senare står under {where}.",
        then=year_words(turn),
        now=year_words(earlier[-1]),
        n=count_fact(f"regler före|{lines.measure}", n),
        rules="regel" if n == 1 else "regler",
        where=SectionLink("Regler och annat som ändrades"),
    )


def _turning_point(earlier: list[Value]) -> Value:
    """Return the value at which the direction that held at the end began."""
    falling = earlier[-1].value < earlier[-2].value
    turn = earlier[-2]
    for value in reversed(earlier[:-2]):
        if (value.value > turn.value) != falling or value.value == turn.value:
            break
        turn = value
    return turn


def _during(rule: LawChange, first: Value, last: Value) -> bool:
    """Whether a rule changed in the year that the first value covers, or later up to the last."""
    covered_from = window_start(Period.parse(first.period), rolling12=True)
    return covered_from < rule.date <= _end(last)


def _alt(lines: _Lines) -> Text:
    measure, comparable = measure_of(lines.measure), lines.comparable
    peak = max(comparable, key=lambda value: value.value)
    unit = " dagar" if measure.unit == "dagar" else ""
    first, last = (
        say("{v}{unit} i {when}", v=value_fact(value), unit=unit, when=period_words(value))
        for value in (comparable[0], comparable[-1])
    )
    return say(
        "Linjediagram. {whose} {what} var {first}, högst i {when} med {peak}{unit} och {last}.{meanwhile}",
        whose=f"{lines.report.place.capitalize()}s",
        what=f"{measure.name.lower()}{whom(peak)}",
        unit=unit,
        first=first,
        when=period_words(peak),
        peak=value_fact(peak),
        last=last,
        meanwhile=told_meanwhile(lines.projects),
    )


def _table(lines: _Lines) -> Table:
    comparable = {v.period for v in lines.comparable}
    own, beside = ({v.period: v for v in one} for one in (lines.own, lines.beside))

    # What is so of all numbers is said once.
    alike = all(value.status == "derived" for value in [*own.values(), *beside.values()])

    def cell(value: Value | None) -> Cell:
        return value_fact(value) if value and alike else _cell(value)

    def when(period: str) -> str:
        older = period in own and period not in comparable
        value = own.get(period) or beside[period]
        return year_words(value) + (" (annat beräkningssätt)" if older else "")

    columns = [
        Column("År", "text", of=when),
        Column(short_name(lines.report.area), of=lambda period: cell(own.get(period))),
        *([Column(lines.beside_name, of=lambda p: cell(beside.get(p)))] if beside else []),
    ]
    name = measure_of(lines.measure).the_name
    caption = f"{capitalised(name)} år för år{whom(lines.own[-1])}{', uträknat' if alike else ''}"
    return Table.from_frame(sorted({*own, *beside}), columns, id="serie", caption=caption)


def _cell(value: Value | None) -> Cell:
    if value is None:
        return ""
    fact = value_fact(value)
    return say("{v} (uträknat)", v=fact) if value.status == "derived" else fact


def _label(lines: _Lines, drawing: MplFigure) -> Text:
    """Return what the figure shows, of where and when, and what its lines and its axis are."""
    report, riket, what = lines.report, lines.beside, measure_of(lines.measure)
    pieces = [
        f"Linjen är bruten där beräkningssättet ändrades ({rule_month(rule)}). {rule.text}"
        for rule in lines.breaks
    ]
    if riket and not lines.joined:
        pieces.append(f"{lines.beside_name}: bara månader som finns bland uppgifterna.")
    pieces += [] if charts.begins_at_zero(drawing) else [NOT_FROM_ZERO]
    sources = [v.source for v in [*lines.own, *riket]] + [rule.source for rule in lines.breaks]
    sources += [project.source for project in lines.projects]
    return say(
        "{name}{december}{whom}, {unit}, {first}–{last}. {words}{meanwhile} {sources}",
        name=what.name,
        december=" i december" if lines.own[-1].period.endswith("-12") else "",
        whom=whom(lines.own[-1]),
        unit=axis_unit(lines.measure),
        first=lines.own[0].period[:4],
        last=lines.own[-1].period[:4],
        words=" ".join(pieces),
        meanwhile=told_meanwhile(lines.projects),
        sources=report.cite(sources),
    )
