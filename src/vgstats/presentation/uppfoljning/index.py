"""What the index of a batch says of one follow-up report."""

from __future__ import annotations

from vgstats import areas
from vgstats.analysis.change import Change, change_facts
from vgstats.measures import measure as measure_of
from vgstats.presentation.index_row import IndexRow
from vgstats.presentation.tables import Cell
from vgstats.presentation.uppfoljning.words import for_sex, from_to, period_words, rank_words
from vgstats.report_kinds.followup import Followup
from vgstats.report_kinds.uppfoljning import OUTCOMES
from vgstats.wording.text import say

_SEXES = ("alla", "kvinnor", "män")
_COLUMNS = {"alla": "Alla", "kvinnor": "Kvinnor", "män": "Män"}


def index_row(report: Followup) -> IndexRow:
    """Return the county's changes in the measure that the counties are compared in, and its place."""
    compared = report.comparison()
    told = compared.county if compared else _first_change(report)
    measure = told.after.measure
    sexes = [sex for sex in _SEXES if report.change(measure, sex)]
    places = report.compared_sexes
    riket: list[Cell] = [
        *(_percents(report, measure, sexes, areas.RIKET) if compared else []),
        *("" for _ in places),
    ]
    columns = [_COLUMNS[sex] for sex in sexes]
    return IndexRow(
        area=report.area,
        name=report.area_name,
        heading=f"Sjukfrånvaron, {period_words(told.before)} och {period_words(told.after)}",
        about=f"{measure_of(measure).name}, förändring {from_to(told)}",
        columns=(*columns, *(_place_column(one.county) for one in places)),
        cells=(*_percents(report, measure, sexes, report.area), *map(rank_words, places)),
        riket=tuple(riket),
        percent=change_facts(told).percent,
        sex="" if told.after.sex == "alla" else told.after.sex,
        retrieved=max(report.vintages.values(), default="")[:10],
        synthetic=report.synthetic,
        uncontrolled=not report.parameters.disclosure.rule().on,
    )


def _place_column(change: Change) -> str:
    return f"Plats{for_sex(change)}, störst minskning först"


def _first_change(report: Followup) -> Change:
    changes = (report.change(m, sex) for m in OUTCOMES for sex in _SEXES)
    return next(change for change in changes if change)


def _percents(report: Followup, measure: str, sexes: list[str], area: str) -> list[Cell]:
    changes = (report.change(measure, sex, area=area) for sex in sexes)
    return [say("{p:signed} %", p=change_facts(c).percent) if c else None for c in changes]
