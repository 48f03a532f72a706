"""Hade det hänt ändå? The change of every county, the county picked out."""

from __future__ import annotations

import pandas as pd

from vgstats.blocks.blocks import Block, Blocks, missing
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.blocks.words import extremes, for_sex, from_to, period_words, place_words
from vgstats.catalogue import areas
from vgstats.catalogue.measures import measure as measure_of
from vgstats.drawing import charts
from vgstats.drawing.style import COLOUR_NAMES, FIELD
from vgstats.facts.facts import count_fact
from vgstats.facts.text import say
from vgstats.methods.before_after import Change, change_facts
from vgstats.methods.comparison import Comparison
from vgstats.reports.report import Report

_DRAWN = 2


def counties(report: Report, most: int = _DRAWN) -> Block:
    """Return the change of every county and riket, the county picked out.

    Args:
        report: the report.
        most: how many of the measures that the counties are compared in to draw.
    """
    compared = report.compared
    if not compared:
        return missing(
            "Länen kan inte jämföras: värden för de flesta län saknas för de här tidpunkterna."
        )
    # A page that is to be mailed has room for so many: the rest stand in the tables of Länet och landet.
    return Blocks([_counties(report, found) for found in compared[:most]])


def _id(report: Report, own: Change) -> str:
    first = report.compared[0].county.after.measure
    parts = ["lanen", *([own.after.measure] if own.after.measure != first else [])]
    return "-".join([*parts, *([own.after.sex] if own.after.sex != "alla" else [])])


def _counties(report: Report, compared: Comparison) -> Figure:
    own, sex = compared.county, compared.county.after.sex
    found = [
        change
        for area in [*areas.lan(), areas.RIKET]
        if (change := report.change(own.after.measure, sex, area=area))
    ]
    found.sort(key=lambda change: change.percent)
    usual = compared.others.usual if compared.others else None
    drawing = charts.ranking(
        pd.DataFrame(
            [
                (
                    areas.name(c.after.area),
                    c.percent,
                    c.after.area == areas.RIKET,
                    change_facts(c).percent.text(),
                )
                for c in found
            ],
            columns=["name", "value", "whole", "label"],
        ),
        highlight=report.area_name,
        unit="förändring, procent",
        usual=(usual.low, usual.high) if usual else None,
    )
    caption = say(
        "{name}{sex}: förändring {periods}, länen och riket",
        name=measure_of(own.after.measure).name,
        sex=for_sex(own),
        periods=from_to(own),
    )
    rows: list[list[Cell]] = []
    for change in found:
        facts = change_facts(change)
        name = areas.name(change.after.area)
        rows.append([name, facts.before, facts.after, say("{p:signed} %", p=facts.percent)])
    return Figure(
        drawing,
        caption,
        say(
            "Staplar för {n} län och riket. {extremes} {own} ({o:signed} procent) ligger på plats {rank}.",
            n=count_fact("antal län", compared.counties),
            extremes=extremes(compared),
            own=report.area_name,
            o=change_facts(own).percent,
            rank=place_words(compared),
        ),
        Table(
            _id(report, own),
            caption,
            [
                Column("Län", "text"),
                Column(period_words(own.before)),
                Column(period_words(own.after)),
                Column("Förändring"),
            ],
            rows,
        ),
        say(
            "{band}{sources}",
            band=f"Det {COLOUR_NAMES[FIELD]} fältet är vanlig variation mellan län, med de andra länen som måttstock. "
            if usual
            else "",
            sources=report.cite([own.after.source]),
        ),
    )
