"""What the index of a batch says of one report on a kommun."""

from __future__ import annotations

from vgstats.blocks.index_row import IndexRow
from vgstats.blocks.tables import Cell
from vgstats.catalogue import areas
from vgstats.facts.text import say
from vgstats.methods.before_after import Change, change_facts
from vgstats.reports.of_kommun import OfKommun
from vgstats.sections.words import from_to, period_words


def index_row(report: OfKommun) -> IndexRow:
    """Return the kommun's ohälsotal before and after, and that of riket."""
    change = report.main_change()
    riket = report.beside().get(areas.RIKET)
    return IndexRow(
        area=report.area,
        name=report.area_name,
        heading=f"Ohälsotalet i kommuner, {period_words(change.before)} och {period_words(change.after)}",
        about=f"Ohälsotal, dagar, förändring {from_to(change)}",
        columns=("Före", "Efter", "Förändring", "Procent"),
        cells=_cells(change),
        riket=_cells(riket) if riket else (),
        percent=change_facts(change).percent,
        retrieved=max(report.county.vintages.values(), default="")[:10],
        synthetic=report.county.synthetic,
        uncontrolled=not report.parameters.disclosure.rule().on,
    )


def _cells(change: Change) -> tuple[Cell, ...]:
    facts = change_facts(change)
    return (
        facts.before,
        facts.after,
        say("{d:signed}", d=facts.difference),
        say("{p:signed} %", p=facts.percent),
    )
