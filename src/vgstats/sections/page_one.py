"""Page one: what a committee should know that reads nothing else. It stands alone, on one sheet of paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from vgstats.blocks.blocks import Block, Bullets, Heading, paragraphs, together
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.blocks.words import WOMEN_AND_MEN, capitalised, period_words
from vgstats.catalogue import areas
from vgstats.catalogue.measures import ONGOING, ONGOING_RATE, PSYCHIATRIC_SHARE
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period
from vgstats.catalogue.words import sexes
from vgstats.drawing import charts
from vgstats.facts.facts import count_fact, scale_of, value_fact
from vgstats.facts.text import Text, join, say
from vgstats.methods.before_after import change_facts, year_words
from vgstats.methods.indicator import Indicator
from vgstats.observations import Value
from vgstats.reports.report import Report
from vgstats.sections.words import chosen_measures


def verdict_sentence(report): return None
def goals_sentence(report): return None
def money_sentence(report): return None
def cannot_say(report): return []

ROWS = (
    "sjukpenningtal", "ohalsotal", ONGOING, ONGOING_RATE, "sjukfall_60_dagar", PSYCHIATRIC_SHARE, "sa_mottagare",
    "kostnad_sjukpenning",
)  # fmt: skip


def part(heading: str, *blocks: Block | Iterable[Block] | None) -> Block:
    """Return a part of page one under its heading; nothing where it has nothing to say."""
    found = together(*blocks)
    return together(Heading(heading, level=2, front=True), found) if found.html() else found


def indicators_of(report: Report, measures: Sequence[str]) -> list[Indicator]:
    """Return a result for each measure that changed, both sexes together, else one for each sex."""
    found = []
    for measure in measures:
        whole = report.indicator(measure)
        by_sex = [report.indicator(measure, sex) for sex in WOMEN_AND_MEN]
        found += [one for one in ([whole] if whole else by_sex) if one]
    return found


def findings(report: Report, measures: Sequence[str] | None = None, most: int = 4) -> Block:
    """Return *Det viktigaste*: what the first measures did, as sentences, and where the county stands out.

    Args:
        report: the report.
        measures: those told of, in order; those of the table of indicators when left out.
        most: how many findings at most.
    """
    found = indicators_of(report, chosen_measures(measures, ROWS))[:most]
    return part("Det viktigaste", Bullets([one.sentence(report.area_name) for one in found]))


@dataclass(frozen=True)
class _Row:
    """A row of the table of indicators; the first of a measure has its name, the sexes stand beneath."""

    found: Indicator
    beneath: bool

    @property
    def label(self) -> Cell:
        own = self.found.own.after
        if self.beneath:
            return f"– {sexes()[own.sex].text}"
        measure = measure_of(own.measure)
        unit = "" if measure.unit in measure.name else f" ({scale_of(own).unit})"
        sex = "" if own.sex == "alla" else f", {sexes()[own.sex].text}"
        years = "" if self.usual else f", {year_words(self.found.own.before)} och {year_words(own)}"
        return f"{measure.name}{sex}{unit}{years}"

    usual: bool = True

    @property
    def change(self) -> Cell:
        return _moved(self.found.own)

    @property
    def riket(self) -> Cell:
        return _moved(self.found.riket) if self.found.riket else ""

    @property
    def gap(self) -> Cell:
        if self.found.gaps is None:
            return ""
        before, after = self.found.gaps
        return say("{a:signed} → {b:signed}", a=before, b=after)

    @property
    def latest(self) -> Cell:
        return _moved(self.found.latest) if self.found.latest else ""

    @property
    def mark(self) -> Cell:
        return self.found.mark()


def _moved(change) -> Text:
    """Return a change in per cent, that of a share in percentage points; a level from nothing in its unit."""
    facts = change_facts(change)
    if facts.after.unit == "procent":
        return say("{d:signed} procentenheter", d=facts.difference)
    if not change.before.value:
        return say("{d:signed}", d=facts.difference)
    return say("{p:signed} %", p=facts.percent_beside)


def indicators(report: Report, measures: Sequence[str] | None = None) -> Block:
    """Return *Så har det gått*: a row for each measure with figures, women and men beneath where they are known.

    Args:
        report: the report.
        measures: the rows, in order.
    """
    rows = []
    for one in indicators_of(report, chosen_measures(measures, ROWS)):
        rows.append(_Row(one, False, _usual(report, one)))
        if one.own.after.sex == "alla":
            beneath = (report.indicator(one.own.after.measure, sex) for sex in WOMEN_AND_MEN)
            rows += [_Row(found, True) for found in beneath if found]
    if not rows:
        return together()
    first = rows[0].found.own
    columns = [
        Column("Mått", "text", of="label"),
        Column(first.before.period[:4], of=lambda row: value_fact(row.found.own.before)),
        Column(first.after.period[:4], of=lambda row: value_fact(row.found.own.after)),
        Column("Ändring", of="change"),
        Column("I riket", of="riket"),
        Column("Mot riket, före → efter", of="gap"),
        Column("Senaste året", of="latest"),
        Column("Bland länen", "text", of="mark"),
    ]
    table = Table.from_frame(
        rows,
        columns,
        id="indikatorer",
        caption=_caption(report, rows),
        note=report.cite(row.found.own.after.source for row in rows),
    )
    return part("Så har det gått", table)


def _usual(report: Report, one: Indicator) -> bool:
    """Return whether a measure is compared in the years of the report, so that they need not be said again."""
    pair = (one.own.before.period[:4], one.own.after.period[:4])
    return pair == (report.parameters.before[:4], report.parameters.after[:4])


def _caption(report: Report, rows: Sequence[_Row]) -> Text:
    """Return how many measures rose and fell."""
    ways = [row.found.direction for row in rows if not row.beneath]
    parts = [
        say(form, n=count_fact(f"mått som {form[4:]}", ways.count(way)))
        for way, form in ((1, "{n} ökade"), (-1, "{n} minskade"), (0, "{n} ändrades inte mer än avrundningen"))
        if way in ways
    ]
    return say(
        "Av {n} mått: {parts}",
        n=count_fact("mått på sidan", len(ways)),
        parts=join(parts, ", "),
    )


def lead_figure(report: Report, measure: str | None = None) -> Block:
    """Return one figure with its finding as title: the first measure that has a series, the area and riket.

    Args:
        report: the report.
        measure: the one to draw; the first of the indicators with a series when left out.
    """
    wished = chosen_measures([measure] if measure else None, ROWS)
    for found in indicators_of(report, wished):
        own = report.line(found.own.after)
        if len(own) >= _FEWEST:
            return _figure(report, found, own)
    return together()


_FEWEST = 4  # values that make a line


def _figure(report: Report, found: Indicator, own: list[Value]) -> Figure:
    name, followed = found.own.after.measure, report.agreement
    riket = report.line(found.riket.after) if found.riket else []
    riket = [v for v in riket if own[0].period <= v.period <= own[-1].period]
    lines = ((report.area_name, own), ("Riket", riket if len(riket) >= len(own) - 1 else []))
    rows = [(line, _when(value), value.value, True) for line, values in lines for value in values]
    drawing = charts.lead(
        pd.DataFrame(rows, columns=["series", "when", "value", "joined"]),
        unit=_axis(name),
        span=(_when_day(followed.start), _when_day(followed.end)) if followed else None,
        span_label=followed.short_name if followed else "",
        before=_when(found.own.before),
        after=_when(found.own.after),
    )
    columns = [
        Column("År", "text", of=lambda row: year_words(row[0])),
        Column(report.area_name, of=lambda row: value_fact(row[0])),
        Column("Riket", of=lambda row: value_fact(row[1]) if row[1] else None),
    ]
    by_period = {value.period: value for value in riket}
    title = found.title(report.area_name)
    table = Table.from_frame(
        [(value, by_period.get(value.period)) for value in own],
        columns[: 3 if riket else 2],
        id="huvudfigur",
        caption=title,
    )
    label = say(
        "{what} per år, {first}–{last}, {unit}. Den lodräta axeln börjar inte vid noll. {sources}",
        what=measure_of(name).name,
        first=year_words(own[0]),
        last=year_words(own[-1]),
        unit=_axis(name),
        sources=report.cite(value.source for value in (*own, *riket)),
    )
    return Figure(drawing, title, found.sentence(report.area_name), table, label)


def _axis(measure: str) -> str:
    unit = measure_of(measure).unit
    return "dagar per försäkrad" if unit == "dagar" else unit


def _when(value: Value) -> float:
    return _when_day(Period.parse(value.period).end)


def _when_day(day: dt.date) -> float:
    """Place a day so that a December value, and a whole year, stands at its year."""
    return day.year + (day.month - 12) / 12


def would_it(report: Report) -> Block:
    """Return *Hade det hänt ändå?* in one sentence."""
    return part("Hade det hänt ändå?", _said(verdict_sentence(report)))


def goals_and_money(report: Report) -> Block:
    """Return *Mål och pengar*: whether the goals were reached, and what the agreement or the benefits cost."""
    return part("Mål och pengar", _said(goals_sentence(report), money_sentence(report)))


def not_known(report: Report) -> Block:
    """Return *Det här går inte att säga*: what the figures leave open."""
    found = cannot_say(report)
    return part("Det här går inte att säga", Bullets(found) if found else None)


def _said(*sentences: Text | None) -> Block | None:
    found = [one for one in sentences if one]
    return paragraphs(join(found)) if found else None
