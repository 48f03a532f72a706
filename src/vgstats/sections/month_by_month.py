"""Vad hände? A measure month by month, women and men apart."""

from __future__ import annotations

from functools import partial

import pandas as pd

from vgstats.blocks.blocks import Block
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.blocks.words import month_words, number_cell, period_words
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period
from vgstats.catalogue.words import sexes
from vgstats.drawing.month_chart import months as month_lines
from vgstats.facts.facts import value_fact
from vgstats.facts.text import HIDDEN_WORDS, Text, join, say
from vgstats.observations import SEXES, Value
from vgstats.reports.report import Report


def months(report: Report, measure: str | None = None) -> Block:
    """Return the area month by month, women and men apart, with gaps where a number is hidden.

    Args:
        report: the report.
        measure: the one to show; the report's main one when left out.
    """
    measure = measure or report.main
    own = report.observations[
        (report.observations["area"] == report.area) & (report.observations["measure"] == measure)
    ]
    periods = sorted(set(own["period"]), key=lambda p: Period.parse(p).start)
    found = {
        sex: [(period, report.value(measure, period, sex=sex)) for period in periods]
        for sex in ("kvinnor", "män")
    }
    rows = [
        (sex, pd.Timestamp(Period.parse(period).end), value.value if value else None)
        for sex, line in found.items()
        for period, value in line
    ]
    values = pd.DataFrame(rows, columns=["series", "month", "value"]).astype({"value": float})
    name = measure_of(measure).short_name
    caption = f"{name} i {report.area_name}, månad för månad"
    columns = [
        Column("Månad", "text", of=month_words),
        *(Column(sexes()[sex].heading, of=partial(_cell, report, measure, sex)) for sex in SEXES),
    ]
    hidden = any(value is None for line in found.values() for _, value in line)
    said = [_line(sex, [value for _, value in line if value]) for sex, line in found.items()]
    alt = say(
        "En linje för kvinnor och en för män. {lines}{gaps}",
        lines=join(said),
        gaps=f" Linjen är bruten där ett tal är {HIDDEN_WORDS}." if hidden else "",
    )
    table = Table.from_frame(periods, columns, id="manader", caption=caption)
    return Figure(month_lines(values, unit=name.lower()), caption, alt, table)


def _cell(report: Report, measure: str, sex: str, period: str) -> Cell:
    return number_cell(report, measure, period, sex=sex)


def _line(sex: str, values: list[Value]) -> Text:
    if not values:
        return say("{sex}: alla tal är dolda.", sex=sex.capitalize())
    return say(
        "{sex}: från {first} i {then} till {last} i {now}.",
        sex=sex.capitalize(),
        first=value_fact(values[0]),
        last=value_fact(values[-1]),
        then=period_words(values[0]),
        now=period_words(values[-1]),
    )
