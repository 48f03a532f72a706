"""What the index of a batch says of one report out of a region's register."""

from __future__ import annotations

from vgstats.blocks.index_row import IndexRow
from vgstats.methods.before_after import change_facts
from vgstats.reports.sjukfall import Sjukfall
from vgstats.sections.sjukfall_words import change_cells, month_words


def index_row(report: Sjukfall) -> IndexRow:
    """Return the county's counts before and after."""
    then, now = (month_words(month) for month in report.months)
    change = report.change(report.area)
    return IndexRow(
        area=report.area,
        name=report.area_name,
        heading=f"Pågående sjukfall, {then} och {now}",
        about=f"Pågående sjukfall, förändring från {then} till {now}",
        columns=(then.capitalize(), now.capitalize(), "Förändring", "Procent"),
        cells=tuple(change_cells(report, report.area)),
        percent=change_facts(change).percent if change and change.before.value else None,
        retrieved=max(report.vintages.values(), default="")[:10],
        synthetic=report.synthetic,
        uncontrolled=not report.parameters.disclosure.rule().on,
    )
