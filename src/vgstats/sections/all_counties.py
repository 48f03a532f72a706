"""Hade det hänt ändå? The change of every county, the county picked out."""

from __future__ import annotations

import pandas as pd

from vgstats.blocks.blocks import Block, missing, together
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import Column, Table
from vgstats.blocks.words import extremes, for_sex, period_words, place_words, told
from vgstats.catalogue import areas
from vgstats.drawing import charts
from vgstats.drawing.style import COLOUR_NAMES, FIELD
from vgstats.facts.facts import count_fact, value_fact
from vgstats.facts.text import say
from vgstats.methods.before_after import Change, percent_fact
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
    return together(_counties(report, found) for found in compared[:most])


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
    rows = [
        (areas.name(c.after.area), c.percent, c.after.area == areas.RIKET, percent_fact(c).text())
        for c in found
    ]
    drawing = charts.ranking(
        pd.DataFrame(rows, columns=["name", "value", "whole", "label"]),
        highlight=report.area_name,
        unit="förändring, procent",
        usual=(usual.low, usual.high) if usual else None,
    )
    caption = told(own, "{name}{sex}: förändring {periods}, länen och riket", sex=for_sex(own))
    columns = [
        Column("Län", "text", of=lambda c: areas.name(c.after.area)),
        Column(period_words(own.before), of=lambda c: value_fact(c.before)),
        Column(period_words(own.after), of=lambda c: value_fact(c.after)),
        Column("Förändring", of=percent_fact, form="{x:signed} %"),
    ]
    band = f"Det {COLOUR_NAMES[FIELD]} fältet är vanlig variation mellan län, med de andra länen som måttstock. "
    return Figure(
        drawing,
        caption,
        told(
            own,
            "Staplar för {n} län och riket. {extremes} {own} ({percent:signed} procent) ligger på plats {rank}.",
            n=count_fact("antal län", compared.counties),
            extremes=extremes(compared),
            own=report.area_name,
            rank=place_words(compared),
        ),
        Table.from_frame(found, columns, id=_id(report, own), caption=caption),
        say(
            "{band}{sources}",
            band=band if usual else "",
            sources=report.cite([own.after.source]),
        ),
    )
