"""Hade det hänt ändå? Series over time: the years before in plain sight, and months."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from matplotlib.figure import Figure as MplFigure

from vgstats.blocks.blocks import Block, Bullets, missing, paragraphs, together
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.blocks.words import (
    capitalised,
    month_words,
    named_rules,
    period_words,
    rule_month,
    told,
)
from vgstats.catalogue import areas
from vgstats.catalogue.law_changes import LawChange
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period, window_start
from vgstats.drawing import charts
from vgstats.facts.facts import Fact, key, value_fact
from vgstats.facts.text import Text, join, say, swedish_list
from vgstats.methods.before_after import Change
from vgstats.observations import Value
from vgstats.reports.report import Report
from vgstats.sections.words import how_derived, nearest_value


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
        beside, there = report.series(measure, place), {value.period for value in self.own}
        same = [value for value in beside if value.period in there]
        self.joined = len(same) == len(self.own)
        self.beside = same if self.joined else beside
        self.rules = report.law_changes_during("regel", measure)
        self.breaks = report.law_changes_during("definition", measure)
        last = max((rule.date for rule in self.breaks), default=dt.date.min)
        self.comparable = [value for value in self.own if _end(value) >= last]


def series(report: Report, measure: str | None = None) -> Block:
    """Return the area's series over the years, with the agreement and the rules marked, and riket's beside.

    A kommun has its county's beside it.

    Args:
        report: the report.
        measure: the one to show; the report's main one when left out.
    """
    measure = measure or report.main
    report.demand_series(measure)
    lines = _Lines(report, measure)
    name = measure_of(measure).the_name
    if not lines.own:
        no_series = missing(
            f"{_whose(report, name)} år för år finns inte bland rapportens uppgifter. "
            "Därför går det inte att se om utvecklingen hade börjat redan tidigare.",
            report.where_to_get(measure),
        )
        return together(no_series, paragraphs(nearest_in_riket(report, measure)))
    caption = say(
        "{what} i {area}, {first} till {last}",
        what=capitalised(name),
        area=report.area_name,
        first=period_words(lines.own[0]),
        last=period_words(lines.own[-1]),
    )
    figure = Figure(_drawing(lines), caption, _alt(lines), _table(lines, caption), _note(lines))
    said = paragraphs(_before_the_start(lines), nearest_in_riket(report, measure))
    return together(said, figure, _marks(lines.rules))


def _whose(report: Report, name: str) -> str:
    """Return `Länets ohälsotal`, or of a longer name `Försäkrade 16–64 år i länet`."""
    if name.endswith("talet"):
        return f"{report.place.capitalize()}s {name.removesuffix('et')}"
    return f"{capitalised(name)} i {report.place}"


def _end(value: Value) -> dt.date:
    return Period.parse(value.period).end


def _axis_position(day: dt.date) -> float:
    """Place a day so that a December value stands at its year: 2005 is the end of 2005."""
    return day.year + (day.month - 12) / 12


def _starts_at(day: dt.date) -> float:
    return _axis_position(day - dt.timedelta(days=1))


def _drawing(lines: _Lines) -> MplFigure:
    report = lines.report
    rows = [(report.area_name, _axis_position(_end(v)), v.value, True) for v in lines.own]
    name = lines.beside_name if lines.joined else f"{lines.beside_name},\nenstaka månader"
    rows += [(name, _axis_position(_end(v)), v.value, lines.joined) for v in lines.beside]
    followed, unit = report.agreement, measure_of(lines.measure).unit
    marks = [(_starts_at(rule.date), number) for number, rule in enumerate(lines.rules, 1)]
    return charts.series(
        pd.DataFrame(rows, columns=["series", "when", "value", "joined"]),
        pd.DataFrame(marks, columns=["when", "label"]),
        unit="dagar per försäkrad" if unit == "dagar" else unit,
        span=(_starts_at(followed.start), _axis_position(followed.end)) if followed else None,
        span_label=followed.short_name if followed else "",
        breaks=tuple(_starts_at(rule.date) for rule in lines.breaks),
    )


def _before_the_start(lines: _Lines) -> Text:
    """Say where the series was heading when the comparison or the agreement began."""
    report, what = lines.report, measure_of(lines.measure)
    day_after = Period.parse(report.parameters.before).end + dt.timedelta(days=1)
    start = report.agreement.start if report.agreement else day_after
    earlier = [v for v in lines.comparable if _end(v) < start]
    if len(earlier) < 3:
        return say(
            "Åren före {year} är för få för att visa vart det var på väg.", year=str(start.year)
        )
    turn = _turning_point(earlier)
    last = earlier[-1]
    names = named_rules(rule for rule in lines.rules if _during(rule, turn, last))
    return say(
        "{heading}I {when} var {what} {turn}{unit} och i {then} {value}{unit}.{rules}",
        heading=_heading(what.the_name, start.year, turn, last),
        what=what.the_name,
        unit=" dagar" if what.unit == "dagar" else "",
        turn=value_fact(turn),
        when=period_words(turn),
        then=period_words(last),
        value=value_fact(last),
        rules=f" Under åren som talen täcker ändrades också regler: {names}."
        if names and not report.synthetic
        else "",
    )


def _heading(what: str, year: int, turn: Value, last: Value) -> str:
    """Say which way the series went before a year, where it went that way for two years or more."""
    years = int(last.period[:4]) - int(turn.period[:4])
    if years < 2 or Change(turn, last).within_rounding:
        return ""
    if last.value < turn.value:
        return f"Före {year} hade {what} redan börjat sjunka. "
    return f"Före {year} var {what} på väg upp. "


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


def nearest_in_riket(report: Report, measure: str) -> list[Text]:
    """Say which of riket's values lie nearest where none stands for the report's own months."""
    if report.area != report.county or report.change(measure, area=areas.RIKET):
        return []
    asked = report.parameters.before, report.parameters.after
    first, last = (nearest_value(report, measure, areas.RIKET, period) for period in asked)
    if first is None or last is None or first is last:
        return []
    lacking = [p for p, v in zip(asked, (first, last), strict=True) if v.period != p]
    earlier = _also_near(report, measure, first)
    drops = [_difference(value, last) for value in (first, *earlier)]
    near = (
        say("{when} med {v} dagar", when=period_words(value), v=_about_value(value))
        for value in (first, last)
    )
    said = [
        say(
            "För riket finns inget {what} för {lacking} bland uppgifterna. De närmaste månaderna är {near}, "
            "en ändring med {d:signed} dagar.",
            what=measure_of(measure).name.lower(),
            lacking=swedish_list([month_words(period) for period in lacking]),
            near=join(near, " och "),
            d=drops[0],
        )
    ]
    said += [
        say(
            "Räknat från {m}, med {v} dagar, är den {d:signed} dagar.",
            m=period_words(value),
            v=_about_value(value),
            d=drop,
        )
        for value, drop in zip(earlier, drops[1:], strict=True)
    ]
    if own := report.change(measure):
        said.append(
            told(
                own,
                "I riket var ändringen alltså omkring {about:signed} dagar. I länet var den {difference:signed} "
                "dagar från {then} till {now}.",
                about=_about(drops, first, last),
            )
        )
    return [*said, how_derived(report, [first, *earlier, last])]


def _also_near(report: Report, measure: str, first: Value) -> list[Value]:
    """Return riket's last value before the first, where it is near too and neither is read as it stands."""
    if first.status != "derived":
        return []
    before = [v for v in report.series(measure, areas.RIKET) if v.period < first.period][-1:]
    return [v for v in before if (_end(first) - _end(v)).days <= 100]


def _about_value(value: Value) -> Text:
    """Return a number, with `omkring` where it is worked out from rounded ones."""
    return say("omkring {v}" if value.status == "derived" else "{v}", v=value_fact(value))


def _difference(first: Value, last: Value) -> Fact:
    ends = (value_fact(first), value_fact(last))
    difference = float(ends[1].printed() - ends[0].printed())
    name = f"skillnad|{key(last)}|från {first.period}"
    return Fact(name, difference, ends[1].unit, ends[1].decimals, "difference", ends)


def _about(drops: list[Fact], first: Value, last: Value) -> Fact:
    middle = sum(drop.value for drop in drops) / len(drops)
    name = f"ungefärlig skillnad|{key(last)}|från {first.period}"
    return Fact(name, middle, drops[0].unit, 0, "model", tuple(drops))


def _alt(lines: _Lines) -> Text:
    measure, comparable = measure_of(lines.measure), lines.comparable
    peak = max(comparable, key=lambda value: value.value)
    unit = " dagar" if measure.unit == "dagar" else ""
    first, last = (
        say("{v}{unit} i {when}", v=value_fact(value), unit=unit, when=period_words(value))
        for value in (comparable[0], comparable[-1])
    )
    return say(
        "Linjediagram. {whose} {what} var {first}, högst i {when} med {peak}{unit} och {last}.",
        whose=f"{lines.report.place.capitalize()}s",
        what=measure.name.lower(),
        unit=unit,
        first=first,
        when=period_words(peak),
        peak=value_fact(peak),
        last=last,
    )


def _table(lines: _Lines, caption: Text) -> Table:
    comparable = {v.period for v in lines.comparable}
    own, beside = ({v.period: v for v in one} for one in (lines.own, lines.beside))

    def month(period: str) -> str:
        older = period in own and period not in comparable
        return month_words(period) + (" (annat beräkningssätt)" if older else "")

    columns = [
        Column("Månad", "text", of=month),
        Column(lines.report.area_name, of=lambda period: _cell(own.get(period))),
        Column(lines.beside_name, of=lambda period: _cell(beside.get(period))),
    ]
    return Table.from_frame(sorted({*own, *beside}), columns, id="serie", caption=caption)


def _cell(value: Value | None) -> Cell:
    if value is None:
        return None
    fact = value_fact(value)
    return say("{v} (uträknat)", v=fact) if value.status == "derived" else fact


def _note(lines: _Lines) -> Text:
    report, riket = lines.report, lines.beside
    pieces = [
        f"Linjen är bruten där beräkningssättet ändrades ({rule_month(rule)}). {rule.text}"
        for rule in lines.breaks
    ]
    if riket and not lines.joined:
        pieces.append("För riket visas bara de månader som finns bland uppgifterna.")
    sources = [v.source for v in [*lines.own, *riket]] + [rule.source for rule in lines.breaks]
    return say(
        "{words} {derived} {sources}",
        words=" ".join(pieces),
        derived=how_derived(report, riket),
        sources=report.cite(sources),
    )


def _marks(rules: list[LawChange]) -> list[Block]:
    if not rules:
        return []
    items = [say("{name} ({when}).", name=rule.name, when=rule_month(rule)) for rule in rules]
    intro = "Ringarna i figuren är regler och vägledning som ändrades för hela landet:"
    return [paragraphs(intro), Bullets(items, ordered=True)]
