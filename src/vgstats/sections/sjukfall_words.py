"""Small pieces that the sections share: cells that may be hidden, and names."""

from __future__ import annotations

from vgstats.blocks.tables import HIDDEN, Cell
from vgstats.catalogue.periods import Period
from vgstats.facts.facts import value_fact
from vgstats.facts.text import say
from vgstats.methods.before_after import change_facts
from vgstats.reports.sjukfall import Sjukfall

SEX_NAMES = {"alla": "Kvinnor och män", "kvinnor": "Kvinnor", "män": "Män"}


def month_words(month: str) -> str:
    """Return `december 2024` for `2024-12`."""
    return Period.parse(month).swedish()


def count(report: Sjukfall, area: str, month: str, sex: str = "alla", group: str = "") -> Cell:
    """Return one count for a table: a fact, the mark where it is hidden, or None where there is none."""
    value = report.value(area, month, sex, group)
    if value is not None:
        return value_fact(value)
    return HIDDEN if report.hidden(area, month, sex, group) else None


def change_cells(report: Sjukfall, area: str, sex: str = "alla", group: str = "") -> list[Cell]:
    """Return before, after, difference and per cent for a table; what rests on a hidden count is hidden."""
    before, after = (count(report, area, month, sex, group) for month in report.months)
    change = report.change(area, sex, group)
    if change is None:
        unknown: Cell = HIDDEN if HIDDEN in (before, after) else None
        return [before, after, unknown, unknown]
    facts = change_facts(change)
    percent = say("{p:signed} %", p=facts.percent) if change.before.value else None
    return [before, after, say("{d:signed}", d=facts.difference), percent]
