"""Page one: what a committee should know that reads nothing else. It stands alone, on one sheet of paper."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter

import pandas as pd

from vgstats.blocks.blocks import Block, Bullets, paragraphs, together
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import Column, Table
from vgstats.blocks.words import NOT_FROM_ZERO, capitalised, named_rules
from vgstats.catalogue import areas
from vgstats.catalogue.measures import ONGOING, ONGOING_RATE, PSYCHIATRIC_SHARE
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period, axis_position
from vgstats.drawing import charts
from vgstats.drawing.lead import lead
from vgstats.facts.facts import Fact, count_fact, key, value_fact
from vgstats.facts.text import SectionLink, Text, join, say
from vgstats.methods.before_after import change_facts, year_words
from vgstats.methods.indicator import Indicator
from vgstats.observations import Value
from vgstats.reports.report import Report
from vgstats.sections.base_year import base_year_words
from vgstats.sections.doubts import cannot_say
from vgstats.sections.grants import money_sentence
from vgstats.sections.indicator_table import indicators_of, rows_of
from vgstats.sections.over_time import axis_unit, drawn_span
from vgstats.sections.plan import goals_sentence
from vgstats.sections.projects_meanwhile import marks_of, meanwhile, told_meanwhile
from vgstats.sections.revisions import revised_sentence
from vgstats.sections.verdict import verdict_sentence
from vgstats.sections.words import border_words, front_part

_TOLD = (
    "sjukpenningtal", "ohalsotal", ONGOING_RATE, ONGOING, "sjukfall_60_dagar", PSYCHIATRIC_SHARE, "sa_mottagare",
)  # fmt: skip


def findings(report: Report, measures: Sequence[str] | None = None, most: int = 4) -> Block:
    """Return *Det viktigaste*: what the first measures did, beside riket, and whether earlier numbers were revised.

    Ongoing cases are told per inhabitant where that is known, else in plain counts.

    Args:
        report: the report.
        measures: those told of, in order.
        most: how many at most.
    """
    chosen = rows_of(report, measures, _TOLD)
    rated = report.rate in chosen and report.has(report.rate)
    found = indicators_of(report, [m for m in chosen if m != (ONGOING if rated else report.rate)])
    moved = base_year_words(report, found[0].own.after.measure) if found else None
    said = [one.sentence() for one in found[: most - bool(moved)]]
    said[1:1] = [moved] if moved else []
    said += [] if report.area == report.county or not found else _among_kommuner(report, found[0])
    said += [one] if (one := revised_sentence(report)) else []
    return front_part("Det viktigaste", Bullets(said) if said else None)


def _among_kommuner(report: Report, found: Indicator) -> list[Text]:
    """Say in how many kommuner of the county it went further than in this one, and in how many less far."""
    known = report.changes(found.own.after.measure, report.kommuner)
    if report.area not in known or len(known) < _FEWEST:
        return []
    # As printed: what differs by nothing but how a computer subtracts would be ranked otherwise.
    bands = {area: change_facts(change) for area, change in known.items()}
    own = bands.pop(report.area)
    lower = sum(f.difference_high.printed() < own.difference_low.printed() for f in bands.values())
    higher = sum(f.difference_low.printed() > own.difference_high.printed() for f in bands.values())
    name = f"{found.own.after.measure}|{report.area}"
    counts = {
        "k": count_fact(f"andra kommuner med värden|{name}", len(bands)),
        "lower": count_fact(f"kommuner med mer nedåt|{name}", lower),
        "higher": count_fact(f"kommuner med mer uppåt|{name}", higher),
    }
    alike = len(bands) - lower - higher
    tied = say(
        "; {n} går inte att skilja från kommunen",
        n=count_fact(f"kommuner inom avrundningen|{name}", alike),
    )
    return [
        say(
            "Av {k} andra kommuner i länet med uppgift gick det mer nedåt i {lower} och mer uppåt i {higher}{tied}.",
            **counts,
            tied=tied if alike else "",
        )
    ]


def lead_figure(report: Report, measure: str | None = None) -> Block:
    """Return one figure with its finding as title: the first measure with a series, of the area and what lies beside.

    Args:
        report: the report.
        measure: the one to draw; the first of the indicators with a series when left out.
    """
    wished = rows_of(report, [measure] if measure else None)
    for found in indicators_of(report, wished):
        own = report.line(found.own.after)
        if len(own) >= _FEWEST:
            return _figure(report, found, own)
    return together()


_FEWEST = 4  # values that make a line


def _figure(report: Report, found: Indicator, own: list[Value]) -> Figure:
    """Draw levels as they are, counts as an index: a country's would dwarf a county's."""
    name, followed = found.own.after.measure, report.agreement
    projects = meanwhile(report, own)
    there = {value.period for value in own}
    beside = found.beside
    other = [v for v in report.line(beside.after) if v.period in there] if beside else []
    if len(other) != len(own):
        beside, other = None, []
    index = measure_of(name).additive and beside is not None
    lines = [(report.area_name, own, found.own.before)]
    if beside:
        lines.append((capitalised(areas.name(beside.after.area)), other, beside.before))
    shown = {
        line: [_index(v, base) if index else value_fact(v) for v in values]
        for line, values, base in lines
    }
    drawing = lead(
        pd.DataFrame(
            [
                (line, _when(value), fact.value, True, fact.text())
                for line, values, _ in lines
                for value, fact in zip(values, shown[line], strict=True)
            ],
            columns=["series", "when", "value", "joined", "label"],
        ),
        unit=f"index, {found.own.before.period[:4]} = 100" if index else axis_unit(name),
        span=drawn_span(followed),
        span_label=followed.short_name if followed else "",
        before=_when(found.own.before),
        after=_when(found.own.after),
        marks=marks_of(projects),
    )
    frame = pd.DataFrame({"när": [year_words(v) for v in own], **shown}, dtype=object)
    columns = [Column("År", "text", of=itemgetter(1))]
    columns += [Column(line, of=itemgetter(at)) for at, line in enumerate(shown, 2)]
    title = found.title(report.area_name)
    label = say(
        "{what} per år, {first}–{last}, {unit}.{zero}{meanwhile} {sources}",
        what=measure_of(name).name,
        first=year_words(own[0]),
        last=year_words(own[-1]),
        unit=f"som index där {found.own.before.period[:4]} är hundra" if index else axis_unit(name),
        zero="" if charts.begins_at_zero(drawing) else f" {NOT_FROM_ZERO}",
        meanwhile=told_meanwhile(projects),
        sources=report.cite([*(v.source for v in (*own, *other)), *(p.source for p in projects)]),
    )
    alt = say("{t}{meanwhile}", t=found.sentence(), meanwhile=told_meanwhile(projects))
    table = Table.from_frame(frame, columns, id="huvudfigur", caption="Talen i figuren")
    return Figure(drawing, title, alt if projects else found.sentence(), table, label)


def _index(value: Value, base: Value) -> Fact:
    """Return a count in per cent of the one that is compared."""
    inputs = (value_fact(value), value_fact(base))
    return Fact(
        f"index|{key(value)}|från {base.period}",
        100 * value.value / base.value,
        "index",
        0,
        "index",
        inputs,
    )


def _when(value: Value) -> float:
    return axis_position(Period.parse(value.period).end)


def would_it(report: Report) -> Block:
    """Return *Hade det hänt ändå?* in one sentence."""
    return front_part("Hade det hänt ändå?", _said(verdict_sentence(report)))


def goals_and_money(report: Report) -> Block:
    """Return *Mål och pengar*: whether the goals were reached, and what the agreement or the benefits cost."""
    return front_part("Mål och pengar", _said(goals_sentence(report), money_sentence(report)))


def not_known(report: Report) -> Block:
    """Return *Det här går inte att säga*: what the figures leave open."""
    found = [*border_words(report), *_rules(report), *cannot_say(report)]
    return front_part("Det här går inte att säga", Bullets(found) if found else None)


def _rules(report: Report) -> list[Text]:
    """Say that rules changed meanwhile, and name those that are named first, or the few there are."""
    changed = [rule for rule, _ in report.law_changes_touching()]
    if not changed:
        return []
    named = changed if len(changed) <= _FEW else [rule for rule in changed if rule.named_first]
    return [
        say(
            "Vad {n} för hela landet under tiden har betytt{names}. Se {where}.",
            n=say("{n} ändringar", n=count_fact("ändrade regler och händelser", len(changed)))
            if len(changed) > 1
            else "en ändring",
            names=f"{'' if named == changed else ', bland dem'}: {named_rules(named)}"
            if named
            else "",
            where=SectionLink("Regler och annat som ändrades"),
        )
    ]


_FEW = 2  # rules that page one has room to name


def _said(*sentences: Text | None) -> Block | None:
    found = [one for one in sentences if one]
    return paragraphs(join(found)) if found else None
