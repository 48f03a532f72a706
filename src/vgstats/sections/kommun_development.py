"""Vad hände? The kommun by sex, and year by year beside its county."""

from __future__ import annotations

import pandas as pd

from vgstats.blocks.blocks import Block, missing
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.catalogue import areas
from vgstats.catalogue.measures import measure as measure_of
from vgstats.drawing import charts
from vgstats.facts.facts import value_fact
from vgstats.facts.text import Text, say, swedish_list
from vgstats.observations import SEXES, Value
from vgstats.reports.kommun import MEASURES
from vgstats.reports.of_kommun import OfKommun
from vgstats.reports.uppfoljning import KOMMUN_MEASURE
from vgstats.sections.summary import CHANGE_COLUMNS, change_row
from vgstats.sections.words import (
    from_to,
    period_words,
    sex_words,
    source_list,
    where_to_get,
)

_FEWEST_YEARS = 3


def changes(report: OfKommun) -> Block:
    """Return the kommun's measures before and after, for all, women and men."""
    found = [(m, sex, report.change(m, sex)) for m in MEASURES for sex in SEXES]
    known = [(m, sex, change) for m, sex, change in found if change]
    rows = [
        change_row(f"{measure_of(m).name} ({measure_of(m).unit}), {sex_words(sex)}", change)
        for m, sex, change in known
    ]
    by_sex = any(sex != "alla" for _, sex, _ in known)
    return Table(
        "kommunen",
        say(
            "Sjukfrånvaron i {name} {when}",
            name=report.area_name,
            when=from_to(report.main_change()),
        ),
        CHANGE_COLUMNS,
        rows,
        say(
            "Möjlig förändring är vad källans avrundning lämnar öppet.{by_sex} {sources}",
            by_sex="" if by_sex else " Uppgift per kön saknas.",
            sources=source_list(report.county, [change.after.source for _, _, change in known]),
        ),
    )


def years(report: OfKommun) -> Block:
    """Return the ohälsotal in December of each year, in the kommun and its county."""
    found = {area: report.decembers(area) for area in (report.area, report.county.area)}
    known = {area: values for area, values in found.items() if len(values) >= _FEWEST_YEARS}
    if report.area not in known:
        return missing(
            say(
                "Ohälsotalet år för år i {name} finns inte bland uppgifterna.",
                name=report.area_name,
            ),
            where_to_get(report.county, KOMMUN_MEASURE),
        )
    own = [value.period for value in known[report.area]]
    named = {
        areas.name(area): [value for value in values if value.period in own]
        for area, values in known.items()
    }
    by_period = {name: {v.period: v for v in values} for name, values in named.items()}
    caption = say("Ohälsotalet i {places}, december varje år", places=swedish_list(list(named)))
    rows: list[list[Cell]] = [
        [f"December {period[:4]}", *(_cell(by_period[name].get(period)) for name in named)]
        for period in own
    ]
    return Figure(
        charts.series(
            _frame(named),
            pd.DataFrame({"when": [], "label": []}),
            unit="ohälsotal, dagar",
        ),
        caption,
        _alt(named),
        Table("ar", caption, [Column("Tid", "text"), *(Column(name) for name in named)], rows),
        source_list(report.county, [v.source for values in named.values() for v in values]),
    )


def _cell(value: Value | None) -> Cell:
    return value_fact(value) if value else None


def _frame(named: dict[str, list[Value]]) -> pd.DataFrame:
    rows = [
        (name, float(value.period[:4]), value.value, True)
        for name, values in named.items()
        for value in values
    ]
    return pd.DataFrame(rows, columns=["series", "when", "value", "joined"])


def _alt(named: dict[str, list[Value]]) -> Text:
    parts = {
        f"l{number}": say(
            "{name}: {first} i {then}, {last} i {now}.",
            name=name,
            first=value_fact(values[0]),
            last=value_fact(values[-1]),
            then=period_words(values[0]),
            now=period_words(values[-1]),
        )
        for number, (name, values) in enumerate(named.items())
        if values
    }
    return say("Linjer över tiden. " + " ".join(f"{{{name}}}" for name in parts), **parts)
