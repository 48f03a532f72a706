"""Hur vet vi det? What is missing for the area, and where it may be sought."""

from __future__ import annotations

from collections.abc import Sequence

from vgstats.blocks.blocks import Block, Paragraphs
from vgstats.blocks.tables import Cell, Table, text_columns
from vgstats.catalogue import areas
from vgstats.catalogue.measures import LONG_CASES, SHARES
from vgstats.catalogue.measures import measure as measure_of
from vgstats.facts.text import HIDDEN_WORDS, say
from vgstats.reports.report import Report


def gaps(report: Report, measures: Sequence[str] | None = None) -> Block:
    """Return what is missing for the report's area, and where it may be sought.

    Args:
        report: the report.
        measures: those to look for; those that every report of the kind tells when left out.
    """
    rows: list[list[Cell]] = []
    for id_ in measures or (*report.shown, *report.costs):
        measure = measure_of(id_)
        total, by_sex = report.change(id_), report.change(id_, "kvinnor")
        if not (total and by_sex):
            lacking = HIDDEN_WORDS if report.hides(id_) else "saknas"
            if total or by_sex:
                lacking = "finns, men inte per kön" if total else "finns bara per kön"
                if total and id_ == LONG_CASES and report.change(SHARES, "kvinnor"):
                    lacking = "finns, men per kön bara som andel"
            rows.append([measure.name, lacking, report.where_to_get(id_) or "okänt"])
        if report.has(id_) and not report.has(id_, areas.RIKET):
            there = HIDDEN_WORDS if report.hides(id_, areas.RIKET) else "saknas"
            rows.append([f"{measure.name}, riket", there, report.where_to_get(id_) or "okänt"])
    if not rows:
        return Paragraphs([say("Inget av rapportens mått saknas.")])
    return Table(
        "saknas",
        "Uppgifter som saknas i rapportens perioder",
        text_columns("Mått", "Vad som saknas", "Var uppgiften kan sökas"),
        rows,
        "Hur långt tillbaka Försäkringskassans öppna uppgifter går är inte känt. Kommandona säger till om "
        "åren inte finns.",
    )
