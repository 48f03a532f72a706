"""What the index of a batch says of one follow-up report."""

from __future__ import annotations

from vgstats.blocks.index_row import IndexRow
from vgstats.blocks.tables import Cell
from vgstats.catalogue import areas
from vgstats.catalogue.measures import measure as measure_of
from vgstats.facts.text import say
from vgstats.methods.before_after import Change, change_facts
from vgstats.reports.followup import Followup
from vgstats.reports.uppfoljning import OUTCOMES
from vgstats.sections.words import for_sex, from_to, period_words, rank_words

_SEXES = ("alla", "kvinnor", "män")
_COLUMNS = {"alla": "Alla", "kvinnor": "Kvinnor", "män": "Män"}


def index_row(report: Followup) -> IndexRow:
    """Return the county's changes in the measures that the counties are compared in, and its places."""
    compared = report.compared
    told = compared[0].county if compared else _first_change(report)
    shown = list(dict.fromkeys(c.county.after.measure for c in compared)) or [told.after.measure]
    changes = [(measure, sex) for measure in shown for sex in _SEXES if report.change(measure, sex)]
    several = len(shown) > 1
    name = measure_of(told.after.measure).name
    sex = "" if told.after.sex == "alla" else told.after.sex
    riket = _percents(report, changes, areas.RIKET) if compared else []
    return IndexRow(
        area=report.area,
        name=report.area_name,
        heading=f"Sjukfrånvaron, {period_words(told.before)} och {period_words(told.after)}",
        about=f"{'Förändring' if several else f'{name}, förändring'} {from_to(told)}",
        columns=(
            *(_column(measure, sex, several) for measure, sex in changes),
            *(_place_column(one.county, several) for one in compared),
        ),
        cells=(*_percents(report, changes, report.area), *map(rank_words, compared)),
        riket=(*riket, *("" for _ in compared)),
        percent=change_facts(told).percent,
        drawn=name.lower() if several else sex,
        retrieved=max(report.vintages.values(), default="")[:10],
        synthetic=report.synthetic,
        uncontrolled=not report.parameters.disclosure.rule().on,
    )


def _column(measure: str, sex: str, several: bool) -> str:
    if not several:
        return _COLUMNS[sex]
    return measure_of(measure).name + ("" if sex == "alla" else f", {sex}")


def _place_column(change: Change, several: bool) -> str:
    of = f" i {measure_of(change.after.measure).name.lower()}" if several else ""
    return f"Plats{of}{for_sex(change)}, störst minskning först"


def _first_change(report: Followup) -> Change:
    changes = (report.change(m, sex) for m in OUTCOMES for sex in _SEXES)
    return next(change for change in changes if change)


def _percents(report: Followup, changes: list[tuple[str, str]], area: str) -> list[Cell]:
    found = (report.change(measure, sex, area=area) for measure, sex in changes)
    return [say("{p:signed} %", p=change_facts(c).percent) if c else None for c in found]
