"""The overview of a batch of follow-up reports."""

from __future__ import annotations

from dataclasses import dataclass

from vgstats import areas
from vgstats.analysis.change import Change, change_facts
from vgstats.measures import measure as measure_of
from vgstats.presentation.blocks import Block, Blocks, Title
from vgstats.presentation.tables import Cell, Column, Link, Table
from vgstats.presentation.uppfoljning.words import compared_in, from_to, period_words, rank_words
from vgstats.report_kinds.followup import Followup
from vgstats.report_kinds.uppfoljning import OUTCOMES
from vgstats.wording.facts import count_fact
from vgstats.wording.text import say


@dataclass(frozen=True)
class IndexEntry:
    """One report of the batch: its figures, its file, whether it was made, and as PDF too."""

    report: Followup
    file_name: str
    made: bool
    with_pdf: bool = False

    @property
    def pdf_name(self) -> str:
        """The name of the PDF beside the file."""
        return f"{self.file_name.removesuffix('.html')}.pdf"


def overview(entries: list[IndexEntry]) -> Block:
    """Return the heading and the table of all reports with their key figures."""
    first = entries[0].report
    compared = first.comparison()
    change = _told(first)
    measure = change.after.measure
    sexes = [s for s in ("alla", "kvinnor", "män") if first.change(measure, s)]
    rows: list[list[Cell]] = [_row(entry, measure, sexes) for entry in entries]
    note = say("{name}, förändring {when}.", name=measure_of(measure).name, when=from_to(change))
    if compared:
        rows.append(["Riket", *_percents(first, measure, sexes, areas.RIKET), "", ""])
        note = say(
            "{note} På plats {one} står länet där {what} minskade mest i procent.",
            note=note,
            what=compared_in(compared.county),
            one=count_fact("första platsen", 1),
        )
    names = [f"{measure_of(measure).name}{'' if s == 'alla' else ', ' + s}" for s in sexes]
    columns = [Column("Län", "text"), *(Column(name) for name in names)]
    columns += [Column("Plats efter minskning")] if compared else []
    table = Table(
        "rapporter", "Rapporter och nyckeltal", [*columns, Column("Rapport", "text")], rows, note
    )
    return Blocks(
        [
            Title(
                heading_of(entries),
                say("Välj ett län för att läsa dess rapport."),
                made_up=first.synthetic,
                uncontrolled=not first.parameters.disclosure.rule().on,
            ),
            table,
        ]
    )


def _told(report: Followup) -> Change:
    """Return the change that a batch is told with: that of the comparison, else the first there is."""
    found = report.comparison()
    if found:
        return found.county
    changes = (report.change(m, sex) for m in OUTCOMES for sex in ("alla", "kvinnor", "män"))
    return next(change for change in changes if change)


def heading_of(entries: list[IndexEntry]) -> str:
    """Return the index's heading."""
    change = _told(entries[0].report)
    several = "Sjukfrånvaron län för län" if len(entries) > 1 else "Sjukfrånvaron"
    return f"{several}, {period_words(change.before)} och {period_words(change.after)}"


def _row(entry: IndexEntry, measure: str, sexes: list[str]) -> list[Cell]:
    report = entry.report
    head: Cell = Link(report.area_name, entry.file_name) if entry.made else report.area_name
    found = report.comparison()
    place: list[Cell] = [rank_words(found)] if found else []
    made: Cell = "klar" if entry.made else "kunde inte göras"
    if entry.made and entry.with_pdf:
        made = Link(f"PDF för {report.area_name}", entry.pdf_name)
    return [head, *_percents(report, measure, sexes, report.area), *place, made]


def _percents(report: Followup, measure: str, sexes: list[str], area: str) -> list[Cell]:
    changes = (report.change(measure, sex, area=area) for sex in sexes)
    return [say("{p:signed} %", p=change_facts(c).percent) if c else None for c in changes]
