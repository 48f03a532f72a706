"""Counts out of a region's own register: month by month, and by diagnosis or another group and sex."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd

from vgstats.blocks.blocks import Block
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.blocks.words import (
    WOMEN_AND_MEN,
    capitalised,
    change_cells,
    month_words,
    number_cell,
    period_words,
    sex_words,
)
from vgstats.catalogue import areas
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period
from vgstats.catalogue.words import group_name, short_name
from vgstats.drawing import charts
from vgstats.facts.facts import value_fact
from vgstats.facts.text import HIDDEN_WORDS, Text, join, say
from vgstats.observations import SEXES, Value
from vgstats.reports.report import Report
from vgstats.sections.words import finding, left_out


def months(report: Report, measure: str | None = None) -> Block:
    """Return the area month by month, women and men apart, with gaps where a number is hidden.

    Args:
        report: the report.
        measure: the one to show; the report's main one when left out.
    """
    measure = measure or report.main
    report.demand_series(measure)
    own = report.rows(measure, [report.area])
    own = own[own["period"].str.len() == len("2024-12")]
    if own.empty:
        what = measure_of(measure).the_name
        return left_out(
            report,
            f"{capitalised(what)} månad för månad finns inte bland uppgifterna för {report.place}.",
            report.how_to_get(measure),
        )
    periods = sorted(set(own["period"]), key=lambda p: Period.parse(p).start)
    found = {
        sex: {period: report.value(measure, period, sex=sex) for period in periods}
        for sex in WOMEN_AND_MEN
    }
    rows = [
        (sex, pd.Timestamp(Period.parse(period).end), value.value if value else None)
        for sex, line in found.items()
        for period, value in line.items()
    ]
    values = pd.DataFrame(rows, columns=["series", "month", "value"]).astype({"value": float})
    name = measure_of(measure).short_name
    label = f"{name} i {report.area_name}, månad för månad"

    def cell(period: str, sex: str) -> Cell:
        return number_cell(report, measure, period, sex=sex)

    columns = [Column("Månad", "text", of=month_words)]
    columns += [Column(sex_words(s).capitalize(), of=partial(cell, sex=s)) for s in SEXES]
    alt = say(
        "En linje för kvinnor och en för män. {lines}{gaps}",
        lines=join(_line(sex, [v for v in line.values() if v]) for sex, line in found.items()),
        gaps=f" Linjen är bruten där ett tal är {HIDDEN_WORDS}."
        if any(value is None for line in found.values() for value in line.values())
        else "",
    )
    table = Table.from_frame(periods, columns, id="manader", caption=label)
    caption = _title(report, measure) or label
    return Figure(charts.months(values, unit=name.lower()), caption, alt, table, f"{label}.")


def _title(report: Report, measure: str) -> Text | None:
    """Return what the counts did between the periods compared, None where that is hidden or not there."""
    found = (report.change(measure, sex) for sex in SEXES)
    change = next(filter(None, found), None)
    return finding(change, report.area_name) if change else None


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


def by_group(report: Report, measure: str | None = None) -> Block:
    """Return the area's counts by group and sex, before and after.

    Args:
        report: the report.
        measure: the one to show; the report's main one when left out.
    """
    measure = measure or report.main
    groups = _groups(report, measure, [report.area])
    if not groups:
        return left_out(report, _lacks_groups(measure, "diagnos"))
    rows = {
        f"{group_name(group)}, {sex}": {"sex": sex, "group": group}
        for group in groups
        for sex in WOMEN_AND_MEN
    }
    caption = f"{measure_of(measure).short_name} i {report.area_name} efter diagnos och kön"
    heads = {"id": "diagnoser", "caption": caption, "first": "Diagnos och kön"}
    return counts_table(report, measure, rows, **heads)


def counts_table(
    report: Report, measure: str, rows: Mapping[str, Mapping[str, str]], *, first: str, **heads: Any
) -> Table:
    """Return counts before and after, the difference and per cent, a row for each key.

    Args:
        report: the report.
        measure: what is counted.
        rows: the heading of each row, and the key of its counts (see `change_cells`).
        first: what heads the first column.
        heads: the table's `id` and `caption`.
    """
    then, now = (month_words(period).capitalize() for period in compared_in(report, measure, rows))
    columns = [Column(first, "text"), *map(Column, (then, now, "Förändring", "Procent"))]
    cells = [[label, *change_cells(report, measure, **of)] for label, of in rows.items()]
    return Table(columns=columns, rows=cells, **heads)


def kommuner_by_group(report: Report, measure: str | None = None) -> Block:
    """Return the kommuners' counts by group and sex in the later period.

    Args:
        report: the report.
        measure: the one to show; the report's main one when left out.
    """
    measure = measure or report.main
    places = counted_kommuner(report, measure)
    groups = _groups(report, measure, places)
    if not groups or not places:
        return left_out(report, _lacks_groups(measure, "kommun och diagnos"))
    _, now = compared_in(report, measure, {kommun: {"area": kommun} for kommun in places})

    def cell(kommun: str, group: str, sex: str) -> Cell:
        return number_cell(report, measure, now, group=group, area=kommun, sex=sex)

    columns = [Column("Kommun", "text", of=areas.name)]
    columns += [
        Column(f"{short_name(group)}, {sex}", of=partial(cell, group=group, sex=sex))
        for group in ("", *groups)
        for sex in WOMEN_AND_MEN
    ]
    return Table.from_frame(
        places,
        columns,
        id="kommuner-diagnoser",
        caption=f"{measure_of(measure).short_name} per kommun efter diagnos och kön, {month_words(now)}",
    )


def compared_in(
    report: Report, measure: str, rows: Mapping[str, Mapping[str, str]]
) -> tuple[str, str]:
    """Return the two periods that rows compare, as the source has them: months, or the years around them."""
    found = (report.periods(measure, of.get("area")) for of in rows.values())
    return next(filter(None, found), report.parameters.pair(measure))


def counted_kommuner(report: Report, measure: str) -> list[str]:
    """Return the county's kommuner that the register has a row for, hidden or not."""
    there = set(report.rows(measure, report.kommuner)["area"])
    return [kommun for kommun in report.kommuner if kommun in there]


def _lacks_groups(measure: str, by: str) -> str:
    if measure_of(measure).own:
        return f"Registret har inga antal per {by}."
    return f"{capitalised(measure_of(measure).the_name)} per {by} finns inte bland uppgifterna."


def _groups(report: Report, measure: str, places: list[str]) -> list[str]:
    own = report.rows(measure, places)
    return sorted(set(own["group"]) - {""}, key=lambda group: ("övriga" in group, group))
