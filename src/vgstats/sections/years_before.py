"""Hade det hänt ändå? The county's series, with the years before in plain sight."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from matplotlib.figure import Figure as MplFigure

from vgstats.blocks.blocks import Block, Blocks, Bullets, Paragraphs, missing
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.catalogue import areas
from vgstats.catalogue.law_changes import LawChange
from vgstats.catalogue.periods import Period, window_start
from vgstats.drawing import charts
from vgstats.facts.facts import Fact, key, value_fact
from vgstats.facts.text import Text, say, swedish_list
from vgstats.methods.before_after import Change, change_facts
from vgstats.observations import Value
from vgstats.reports.followup import Followup
from vgstats.reports.uppfoljning import SERIES
from vgstats.sections.words import (
    how_derived,
    nearest_value,
    period_words,
    rule_month,
    source_list,
    where_to_get,
)


def years_before(report: Followup) -> Block:
    """Return the county's series over the years, with the agreement and the rules marked."""
    values = report.yearly()
    riket, joined = _riket_beside(report, values)
    if not values:
        no_series = missing(
            "Länets ohälsotal år för år finns inte bland rapportens uppgifter. Därför går det inte "
            "att se om utvecklingen hade börjat redan tidigare.",
            where_to_get(report, SERIES),
        )
        return Blocks([no_series, Paragraphs(nearest_in_riket(report))])
    caption = say(
        "Ohälsotalet i {area}, {first} till {last}",
        area=report.area_name,
        first=period_words(values[0]),
        last=period_words(values[-1]),
    )
    rules, breaks = report.series_rules("regel"), report.series_rules("definition")
    figure = Figure(
        _drawing(report, values, riket, joined, rules, breaks),
        caption,
        _alt(values, breaks),
        _table(report, values, riket, caption, breaks),
        _note(report, values, riket, joined, breaks),
    )
    sentences = [_before_the_start(report, values, breaks), *nearest_in_riket(report)]
    return Blocks([Paragraphs(sentences), figure, *_marks(rules)])


def _riket_beside(report: Followup, values: list[Value]) -> tuple[list[Value], bool]:
    """Return riket's values to show, and whether they are as whole a series as the county's.

    Where riket has every December that the county has, those are shown; else all there are.
    """
    riket = report.series(SERIES, areas.RIKET)
    months = {value.period for value in values}
    same = [value for value in riket if value.period in months]
    return (same, True) if len(same) == len(values) else (riket, False)


def _end(value: Value) -> dt.date:
    return Period.parse(value.period).end


def _axis_position(day: dt.date) -> float:
    """Place a day so that a December value stands at its year: 2005 is the end of 2005."""
    return day.year + (day.month - 12) / 12


def _rule_position(rule: LawChange) -> float:
    return _axis_position(rule.date - dt.timedelta(days=1))


def _comparable(values: list[Value], breaks: list[LawChange]) -> list[Value]:
    """Return the values after the last change of definition."""
    last = max((rule.date for rule in breaks), default=dt.date.min)
    return [value for value in values if _end(value) >= last]


def _peak(values: list[Value]) -> Value:
    return max(values, key=lambda value: value.value)


def _drawing(
    report: Followup,
    values: list[Value],
    riket: list[Value],
    riket_joined: bool,
    rules: list[LawChange],
    breaks: list[LawChange],
) -> MplFigure:
    rows = [(report.area_name, _axis_position(_end(v)), v.value, True) for v in values]
    name = "Riket" if riket_joined else "Riket,\nenstaka månader"
    rows += [(name, _axis_position(_end(v)), v.value, riket_joined) for v in riket]
    followed = report.intervention
    span = None
    if followed:
        day_before = followed.start - dt.timedelta(days=1)
        span = (_axis_position(day_before), _axis_position(followed.end))
    return charts.series(
        pd.DataFrame(rows, columns=["series", "when", "value", "joined"]),
        pd.DataFrame(
            [(_rule_position(rule), number) for number, rule in enumerate(rules, 1)],
            columns=["when", "label"],
        ),
        unit="dagar per försäkrad",
        span=span,
        span_label=followed.short_name if followed else "",
        breaks=tuple(_rule_position(rule) for rule in breaks),
    )


def _before_the_start(report: Followup, values: list[Value], breaks: list[LawChange]) -> Text:
    """Say where the series was heading when the comparison or the agreement began."""
    start = _start(report)
    earlier = [v for v in _comparable(values, breaks) if _end(v) < start]
    if len(earlier) < 3:
        return say(
            "Åren före {year} är för få för att visa vart det var på väg.", year=str(start.year)
        )
    turn = _turning_point(earlier)
    last = earlier[-1]
    between = [r for r in report.series_rules("regel") if _during(r, turn, last)]
    names = "; ".join(f"{rule.name} ({rule_month(rule)})" for rule in between)
    return say(
        "{heading}I {when} var ohälsotalet {turn} dagar och i {then} {value} dagar.{rules}",
        heading=_heading(start.year, turn, last),
        turn=value_fact(turn),
        when=period_words(turn),
        then=period_words(last),
        value=value_fact(last),
        rules=f" Under åren som talen täcker ändrades också regler: {names}."
        if names and not report.synthetic
        else "",
    )


def _heading(year: int, turn: Value, last: Value) -> str:
    """Say which way the series went before a year, where it went that way for two years or more."""
    years = int(last.period[:4]) - int(turn.period[:4])
    if years < 2:
        return ""
    if Change(turn, last).within_rounding:
        return ""
    if last.value < turn.value:
        return f"Före {year} hade ohälsotalet redan börjat sjunka. "
    return f"Före {year} var ohälsotalet på väg upp. "


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


def _start(report: Followup) -> dt.date:
    followed = report.intervention
    before_ends = Period.parse(report.parameters.before).end + dt.timedelta(days=1)
    return followed.start if followed else before_ends


def nearest_in_riket(report: Followup) -> list[Text]:
    """Say which of riket's values lie nearest where none stands for the report's own months."""
    if report.change(SERIES, area=areas.RIKET):
        return []
    asked = report.parameters.before, report.parameters.after
    first, last = (nearest_value(report, SERIES, areas.RIKET, period) for period in asked)
    if first is None or last is None or first is last:
        return []
    lacking = [p for p, v in zip(asked, (first, last), strict=True) if v.period != p]
    earlier = _also_near(report, first)
    drops = [_difference(value, last) for value in (first, *earlier)]
    said = [
        say(
            "För riket finns inget ohälsotal för {lacking} bland uppgifterna. De närmaste månaderna är {m0} med "
            "{v0} dagar och {m1} med {v1} dagar, en ändring med {d:signed} dagar.",
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
    if own := report.change(SERIES):
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


def _also_near(report: Followup, first: Value) -> list[Value]:
    """Return riket's last value before the first, where it is near too and neither is read as it stands."""
    if first.status != "derived":
        return []
    before = [v for v in report.series(SERIES, areas.RIKET) if v.period < first.period][-1:]
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


def _alt(values: list[Value], breaks: list[LawChange]) -> Text:
    comparable = _comparable(values, breaks)
    first, peak, last = comparable[0], _peak(comparable), comparable[-1]
    return say(
        "Linjediagram. Länets ohälsotal var {f} dagar i {f_when}, högst i {p_when} med {p} dagar och "
        "{l} dagar i {l_when}.",
        f=value_fact(first),
        f_when=period_words(first),
        p=value_fact(peak),
        p_when=period_words(peak),
        l=value_fact(last),
        l_when=period_words(last),
    )


def _table(
    report: Followup,
    values: list[Value],
    riket: list[Value],
    caption: Text,
    breaks: list[LawChange],
) -> Table:
    comparable = {v.period for v in _comparable(values, breaks)}
    of_county, of_riket = ({v.period: _cell(v) for v in series} for series in (values, riket))
    rows: list[list[Cell]] = []
    for period in sorted({*of_county, *of_riket}):
        older = period in of_county and period not in comparable
        when = Period.parse(period).swedish() + (" (annat beräkningssätt)" if older else "")
        rows.append([when, of_county.get(period), of_riket.get(period)])
    columns = [Column("Månad", "text"), Column(report.area_name), Column("Riket")]
    return Table("serie", caption, columns, rows)


def _cell(value: Value) -> Cell:
    fact = value_fact(value)
    return say("{v} (uträknat)", v=fact) if value.status == "derived" else fact


def _note(
    report: Followup,
    values: list[Value],
    riket: list[Value],
    riket_joined: bool,
    breaks: list[LawChange],
) -> Text:
    pieces = [
        f"Linjen är bruten där beräkningssättet ändrades ({rule_month(rule)}). {rule.text}"
        for rule in breaks
    ]
    if riket and not riket_joined:
        pieces.append("För riket visas bara de månader som finns bland uppgifterna.")
    sources = [v.source for v in [*values, *riket]] + [rule.source for rule in breaks]
    return say(
        "{words} {derived} {sources}",
        words=" ".join(pieces),
        derived=how_derived(report, riket),
        sources=source_list(report, sources),
    )


def _marks(rules: list[LawChange]) -> list[Block]:
    if not rules:
        return []
    items = [say("{name} ({when}).", name=rule.name, when=rule_month(rule)) for rule in rules]
    intro = say("Ringarna i figuren är regler och vägledning som ändrades för hela landet:")
    return [Paragraphs([intro]), Bullets(items, ordered=True)]
