"""What the index of a batch says of one report on a kommun."""

from __future__ import annotations

from vgstats import areas
from vgstats.analysis.change import Change, change_facts
from vgstats.presentation.index_row import IndexRow
from vgstats.presentation.tables import Cell
from vgstats.presentation.uppfoljning.words import from_to, period_words
from vgstats.report_kinds.of_kommun import OfKommun
from vgstats.wording.text import say


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
