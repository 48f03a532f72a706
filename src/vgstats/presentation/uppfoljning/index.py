"""The overview of a batch of follow-up reports."""

from __future__ import annotations

from dataclasses import dataclass

from vgstats.periods import Period
from vgstats.presentation.blocks import Block, Blocks, Cell, Column, Link, Table, Title
from vgstats.presentation.facts import change_facts
from vgstats.presentation.text import say
from vgstats.presentation.uppfoljning.words import from_to, rank_words
from vgstats.report_kinds.uppfoljning import Followup


@dataclass(frozen=True)
class IndexEntry:
    """One report of the batch: its figures, its file, and whether it was made."""

    report: Followup
    file_name: str
    made: bool


def overview(entries: list[IndexEntry]) -> Block:
    """Return the heading and the table of all reports with their key figures."""
    parameters = entries[0].report.parameters
    before, after = (Period.parse(p).swedish() for p in (parameters.before, parameters.after))
    rows: list[list[Cell]] = []
    for entry in entries:
        name = entry.report.area_name
        head: Cell = Link(name, entry.file_name) if entry.made else name
        rows.append(
            [head, *_key_figures(entry.report), "klar" if entry.made else "kunde inte göras"]
        )
    compared = entries[0].report.comparison()
    when = from_to(compared.county) if compared else ""
    return Blocks(
        [
            Title(
                f"Sjukfrånvaron län för län, {before} och {after}",
                say("Rapporterna i den här mappen. Välj ett län för att läsa dess rapport."),
            ),
            Table(
                "rapporter",
                "Rapporter och nyckeltal",
                [
                    Column("Län", "text"),
                    Column("Ohälsotal, före"),
                    Column("Ohälsotal, efter"),
                    Column("Pågående sjukfall, förändring"),
                    Column("Kvinnor"),
                    Column("Män"),
                    Column("Plats efter minskning"),
                    Column("Rapport", "text"),
                ],
                rows,
                say(
                    "Pågående sjukfall av alla längder {when}. Plats ett har störst minskning. "
                    "Uppgift saknas: talet finns inte bland de siffror som följer med vgstats.",
                    when=when,
                ),
            ),
        ]
    )


def _key_figures(report: Followup) -> list[Cell]:
    change = report.change("ohalsotal")
    cells: list[Cell] = [None, None]
    if change:
        cells = [change_facts(change).before, change_facts(change).after]
    for sex in ("alla", "kvinnor", "män"):
        found = report.comparison(sex)
        cells.append(say("{p:signed} %", p=change_facts(found.county).percent) if found else None)
    found = report.comparison()
    cells.append(rank_words(found) if found else None)
    return cells
