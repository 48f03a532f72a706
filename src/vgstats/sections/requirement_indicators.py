"""Vad bör följas? The indicators that a list of requirements names, with the newest values that there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from vgstats.blocks.blocks import Block, Bullets, paragraphs, together
from vgstats.blocks.tables import Column, Table
from vgstats.blocks.words import as_written, period_words
from vgstats.catalogue import areas
from vgstats.catalogue.measures import POPULATION, catalogue
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period
from vgstats.catalogue.requirements import Requirements, Wished
from vgstats.facts.facts import Fact, count_fact, value_fact
from vgstats.facts.text import say
from vgstats.methods.observed import worked_out_from
from vgstats.observations import Value
from vgstats.reports.report import Report
from vgstats.sections.requirements import about_requirements, followed
from vgstats.sections.words import left_out


@dataclass(frozen=True)
class _Found:
    wished: Wished
    value: Value


@about_requirements
def wished_indicators(report: Report, of: Requirements | None = None) -> Block:
    """Return the newest value of each indicator up to the end of the period, beside riket, and those without one.

    Args:
        report: the report.
        of: the list that names the indicators; the one that the report follows up when left out.
    """
    of = of or followed(report)
    if not of.indicators:
        return left_out(report, "Kraven nämner inga indikatorer.")
    found = [_Found(one, value) for one in of.indicators if (value := _newest(report, one.measure))]
    known = [one.wished for one in found]
    lacking = [one for one in of.indicators if one not in known]
    return together(
        _table(report, of, found) if found else None,
        paragraphs("Det här har inga siffror i rapporten:") if lacking else None,
        Bullets([say("{what}", what=as_written(one.words, of)) for one in lacking])
        if lacking
        else None,
    )


def _newest(report: Report, measure: str) -> Value | None:
    if measure not in catalogue():
        return None
    end = Period.parse(report.parameters.after).end
    values = [v for v in report.series(measure) if Period.parse(v.period).end <= end]
    return max(values, key=lambda value: Period.parse(value.period).end, default=None)


def _fact(report: Report, one: _Found, area: str, sex: str) -> Fact | None:
    value = report.value(one.value.measure, one.value.period, area=area, sex=sex)
    return value_fact(value) if value else None


def _sources(report: Report, value: Value) -> Iterator[str]:
    """Yield the source of a value, and that of the inhabitants it was divided by."""
    yield value.source
    if POPULATION in worked_out_from(value.measure):
        year = str(int(value.period[:4]) - 1)
        if people := report.value(POPULATION, year):
            yield people.source


def _table(report: Report, of: Requirements, found: list[_Found]) -> Table:
    cell = partial(_fact, report)
    columns = [
        Column("Indikator", "text", of=lambda one: as_written(one.wished.words, of)),
        Column(
            "Mått som finns", "text", of=lambda one: measure_of(one.value.measure).name_and_unit
        ),
        Column("När", "text", of=lambda one: period_words(one.value)),
        Column(report.area_name, of=lambda one: value_fact(one.value)),
        Column("Kvinnor", of=lambda one: cell(one, report.area, "kvinnor")),
        Column("Män", of=lambda one: cell(one, report.area, "män")),
        Column("Riket", of=lambda one: cell(one, areas.RIKET, "alla")),
    ]
    caption = say(
        "{n} av {all} indikatorer har siffror som är eller kommer nära det som ska följas",
        n=count_fact("indikatorer med värden", len(found)),
        all=count_fact("antal indikatorer", len(of.indicators)),
    )
    note = say(
        "Måtten är inte alltid detsamma som indikatorn: de räknas på länets invånare, inte på vårdens patienter. "
        "{source}",
        source=report.cite(source for one in found for source in _sources(report, one.value)),
    )
    return Table.from_frame(found, columns, id="indikatorer-krav", caption=caption, note=note)
