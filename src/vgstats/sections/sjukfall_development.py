"""Vad hände? The county's months."""

from __future__ import annotations

import pandas as pd

from vgstats.blocks.blocks import Block, Blocks
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import Column, Table
from vgstats.catalogue.periods import Period
from vgstats.drawing.month_chart import months
from vgstats.facts.facts import Fact, value_fact
from vgstats.facts.text import HIDDEN_WORDS, Text, say
from vgstats.observations import Value
from vgstats.reports.sjukfall import Sjukfall
from vgstats.sections.sjukfall_words import SEX_NAMES, change_cells, count, month_words


def changes(report: Sjukfall) -> Block:
    """Return the county's counts before and after, for all, women and men."""
    then, now = (month_words(month) for month in report.months)
    return Table(
        "lanet",
        f"Pågående sjukfall i {report.area_name}, {then} och {now}",
        [
            Column("Kön", "text"),
            Column(then.capitalize()),
            Column(now.capitalize()),
            Column("Förändring"),
            Column("Procent"),
        ],
        [[name, *change_cells(report, report.area, sex)] for sex, name in SEX_NAMES.items()],
    )


def series(report: Sjukfall) -> Block:
    """Return the county month by month, women and men apart."""
    found = {sex: report.series(sex) for sex in ("kvinnor", "män")}
    rows = [
        (sex, pd.Timestamp(Period.parse(period).end), value.value if value else None)
        for sex, line in found.items()
        for period, value in line
    ]
    values = pd.DataFrame(rows, columns=["series", "month", "value"]).astype({"value": float})
    periods = [period for period, _ in found["kvinnor"]]
    caption = f"Pågående sjukfall i {report.area_name}, månad för månad"
    table = Table(
        "manader",
        caption,
        [Column("Månad", "text"), *(Column(name) for name in SEX_NAMES.values())],
        [
            [month_words(p), *(count(report, report.area, p, sex) for sex in SEX_NAMES)]
            for p in periods
        ],
    )
    return Blocks([Figure(months(values, unit="pågående sjukfall"), caption, _alt(found), table)])


def _alt(found: dict[str, list[tuple[str, Value | None]]]) -> Text:
    lines = [_line(sex, [value for _, value in line if value]) for sex, line in found.items()]
    hidden = any(value is None for line in found.values() for _, value in line)
    return say(
        "En linje för kvinnor och en för män. {women} {men}{gaps}",
        women=lines[0],
        men=lines[1],
        gaps=f" Linjen är bruten där ett tal är {HIDDEN_WORDS}." if hidden else "",
    )


def _line(sex: str, values: list[Value]) -> Text:
    if not values:
        return say("{sex}: alla tal är dolda.", sex=SEX_NAMES[sex])
    first, last = values[0], values[-1]
    ends: tuple[Fact, Fact] = value_fact(first), value_fact(last)
    return say(
        "{sex}: från {first} i {then} till {last} i {now}.",
        sex=SEX_NAMES[sex],
        first=ends[0],
        last=ends[1],
        then=month_words(first.period),
        now=month_words(last.period),
    )
