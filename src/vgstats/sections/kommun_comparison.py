"""Hade det hänt ändå? The kommun beside its county and riket."""

from __future__ import annotations

from vgstats.blocks.blocks import Block, Blocks, Paragraphs, missing
from vgstats.blocks.tables import Column, Table
from vgstats.catalogue import areas
from vgstats.facts.text import say, swedish_list
from vgstats.reports.of_kommun import OfKommun
from vgstats.reports.uppfoljning import KOMMUN_MEASURE
from vgstats.sections.summary import CHANGE_COLUMNS, change_row
from vgstats.sections.words import from_to, source_list, where_to_get


def beside(report: OfKommun) -> Block:
    """Return the changes of the kommun, its county and riket in one table, and how to read it."""
    found = report.beside()
    if not found:
        return missing(
            "Ohälsotalet i länet och i riket finns inte bland uppgifterna.",
            where_to_get(report.county, KOMMUN_MEASURE, all_counties=True),
        )
    changes = {report.area: report.main_change(), **found}
    table = Table(
        "bredvid",
        say(
            "Ohälsotalet i {places} {when}",
            places=swedish_list([report.area_name, *report.beside_names()]),
            when=from_to(report.main_change()),
        ),
        [Column("Område", "text"), *CHANGE_COLUMNS[1:]],
        [change_row(areas.name(area), change) for area, change in changes.items()],
        source_list(report.county, [change.after.source for change in changes.values()]),
    )
    return Blocks(
        [
            Paragraphs(
                [
                    say(
                        "Har länets eller rikets tal ändrats lika mycket åt samma håll, talar det för att något "
                        "gemensamt ligger bakom. En avvikelse kan bero på det som gjorts i kommunen, på annat "
                        "som hänt där eller på slumpen. Tabellen kan inte skilja dem åt."
                    )
                ]
            ),
            table,
        ]
    )
