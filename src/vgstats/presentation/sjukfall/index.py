"""The overview of a batch of reports out of a region's register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vgstats.presentation.blocks import Block, Blocks, Title
from vgstats.presentation.sjukfall.words import change_cells, month_words
from vgstats.presentation.tables import Cell, Column, Link, Table
from vgstats.report_kinds.sjukfall import Sjukfall
from vgstats.wording.text import say


@dataclass(frozen=True)
class IndexEntry:
    """One report of the batch: its counts, its file, and whether it was made."""

    report: Sjukfall
    file_name: str
    made: bool


def overview(entries: Sequence[IndexEntry]) -> Block:
    """Return the heading and the table of all reports with the county's counts."""
    first = entries[0].report
    then, now = (month_words(month) for month in first.months)
    rows: list[list[Cell]] = [
        [
            Link(e.report.area_name, e.file_name) if e.made else e.report.area_name,
            *change_cells(e.report, e.report.area),
            "klar" if e.made else "kunde inte göras",
        ]
        for e in entries
    ]
    heading = Title(
        heading_of(entries),
        say("Välj ett län för att läsa dess rapport."),
        made_up=first.synthetic,
        uncontrolled=not first.parameters.disclosure.rule().on,
    )
    columns = [
        Column("Län", "text"),
        Column(then.capitalize()),
        Column(now.capitalize()),
        Column("Förändring"),
        Column("Procent"),
        Column("Rapport", "text"),
    ]
    return Blocks(
        [heading, Table("rapporter", "Rapporter och antal pågående sjukfall", columns, rows)]
    )


def heading_of(entries: Sequence[IndexEntry]) -> str:
    """Return the index's heading."""
    then, now = (month_words(month) for month in entries[0].report.months)
    return f"Pågående sjukfall, {then} och {now}"
