"""Hade det hänt ändå? Series over time: the years before in plain sight, and months."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd
from matplotlib.figure import Figure as MplFigure

from vgstats.blocks.blocks import Block, Blocks, Bullets, Paragraphs, missing
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.blocks.words import capitalised, month_words, period_words, rule_month
from vgstats.catalogue import areas
from vgstats.catalogue.law_changes import LawChange
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period, window_start
from vgstats.drawing import charts
from vgstats.facts.facts import Fact, key, value_fact
from vgstats.facts.text import Text, say, swedish_list
from vgstats.methods.before_after import Change, change_facts
from vgstats.observations import Value
from vgstats.reports.report import Report
from vgstats.sections.words import how_derived, nearest_value


@dataclass(frozen=True)
class _Lines:
    """The area's series and the one beside it, and what changed meanwhile.

    `joined` says that the one beside has every December that the area has; else all its months are shown as dots.
    """

    report: Report
    measure: str
    own: list[Value]
    beside: list[Value]
    beside_name: str
    joined: bool
    rules: list[LawChange]
    breaks: list[LawChange]

    @property
    def comparable(self) -> list[Value]:
        """The area's values after the last change of definition."""
        last = max((rule.date for rule in self.breaks), default=dt.date.min)
        return [value for value in self.own if _end(value) >= last]


def series(report: Report, measure: str | None = None) -> Block:
    """Return the area's series over the years, with the agreement and the rules marked, and riket's beside.

    A kommun has its county's beside it.

    Args:
        report: the report.
        measure: the one to show; the report's main one when left out.
    """
    measure = measure or report.main
    lines = _lines(report, measure)
    name = measure_of(measure).the_name
    if not lines.own:
        no_series = missing(
            f"{report.place.capitalize()}s {name.removesuffix('et')} år för år finns inte bland rapportens uppgifter. "
            "Därför går det inte att se om utvecklingen hade börjat redan tidigare.",
            report.where_to_get(measure),
        )
        return Blocks([no_series, Paragraphs(nearest_in_riket(report, measure))])
    caption = say(
        "{what} i {area}, {first} till {last}",
        what=capitalised(name),
        area=report.area_name,
        first=period_words(lines.own[0]),
        last=period_words(lines.own[-1]),
    )
    figure = Figure(_drawing(lines), caption, _alt(lines), _table(lines, caption), _note(lines))
    sentences = [_before_the_start(lines), *nearest_in_riket(report, measure)]
    return Blocks([Paragraphs(sentences), figure, *_marks(lines.rules)])


def _lines(report: Report, measure: str) -> _Lines:
    own = report.yearly(measure)
    place = report.county if report.area != report.county else areas.RIKET
    beside = report.series(measure, place)
    there = {value.period for value in own}
    same = [value for value in beside if value.period in there]
    joined = len(same) == len(own)
    return _Lines(
        report,
        measure,
        own,
        same if joined else beside,
        "Riket" if place == areas.RIKET else areas.name(place),
        joined,
        report.law_changes_during("regel", measure),
        report.law_changes_during("definition", measure),
    )


def _end(value: Value) -> dt.date:
    return Period.parse(value.period).end


def _axis_position(day: dt.date) -> float:
    """Place a day so that a December value stands at its year: 2005 is the end of 2005."""
    return day.year + (day.month - 12) / 12


def _rule_position(rule: LawChange) -> float:
    return _axis_position(rule.date - dt.timedelta(days=1))


def _drawing(lines: _Lines) -> MplFigure:
    report = lines.report
    rows = [(report.area_name, _axis_position(_end(v)), v.value, True) for v in lines.own]
    name = lines.beside_name if lines.joined else f"{lines.beside_name},\nenstaka månader"
    rows += [(name, _axis_position(_end(v)), v.value, lines.joined) for v in lines.beside]
    followed = report.agreement
    span = None
    if followed:
        day_before = followed.start - dt.timedelta(days=1)
        span = (_axis_position(day_before), _axis_position(followed.end))
    unit = measure_of(lines.measure).unit
    return charts.series(
        pd.DataFrame(rows, columns=["series", "when", "value", "joined"]),
        pd.DataFrame(
            [(_rule_position(rule), number) for number, rule in enumerate(lines.rules, 1)],
            columns=["when", "label"],
        ),
        unit="dagar per försäkrad" if unit == "dagar" else unit,
        span=span,
        span_label=followed.short_name if followed else "",
        breaks=tuple(_rule_position(rule) for rule in lines.breaks),
    )


def _before_the_start(lines: _Lines) -> Text:
    """Say where the series was heading when the comparison or the agreement began."""
    report, what = lines.report, measure_of(lines.measure)
    start = _start(report)
    earlier = [v for v in lines.comparable if _end(v) < start]
    if len(earlier) < 3:
        return say(
            "Åren före {year} är för få för att visa vart det var på väg.", year=str(start.year)
        )
    turn = _turning_point(earlier)
    last = earlier[-1]
    between = [r for r in lines.rules if _during(r, turn, last)]
    names = "; ".join(f"{rule.name} ({rule_month(rule)})" for rule in between)
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
    if years < 2:
        return ""
    if Change(turn, last).within_rounding:
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


def _start(report: Report) -> dt.date:
    followed = report.agreement
    before_ends = Period.parse(report.parameters.before).end + dt.timedelta(days=1)
    return followed.start if followed else before_ends


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
    said = [
        say(
            "För riket finns inget {what} för {lacking} bland uppgifterna. De närmaste månaderna är {m0} med "
            "{v0} dagar och {m1} med {v1} dagar, en ändring med {d:signed} dagar.",
            what=measure_of(measure).name.lower(),
            lacking=swedish_list([Period.parse(p).swedish() for p in lacking]),
            m0=period_words(first),
            v0=_about_value(first),
            m1=period_words(last),
            v1=_about_value(last),
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
            say(
                "I riket var ändringen alltså omkring {about:signed} dagar. I länet var den {own:signed} dagar "
                "från {then} till {now}.",
                about=_about(drops, first, last),
                own=change_facts(own).difference,
                then=period_words(own.before),
                now=period_words(own.after),
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
    first, last = comparable[0], comparable[-1]
    peak = max(comparable, key=lambda value: value.value)
    return say(
        "Linjediagram. {whose} {what} var {f}{unit} i {f_when}, högst i {p_when} med {p}{unit} och "
        "{l}{unit} i {l_when}.",
        whose=f"{lines.report.place.capitalize()}s",
        what=measure.name.lower(),
        unit=" dagar" if measure.unit == "dagar" else "",
        f=value_fact(first),
        f_when=period_words(first),
        p=value_fact(peak),
        p_when=period_words(peak),
        l=value_fact(last),
        l_when=period_words(last),
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
    intro = say("Ringarna i figuren är regler och vägledning som ändrades för hela landet:")
    return [Paragraphs([intro]), Bullets(items, ordered=True)]
