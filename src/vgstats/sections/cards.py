"""The first screen: the few numbers on cards."""

from __future__ import annotations

from vgstats.blocks.blocks import KeyFigure
from vgstats.blocks.words import WOMEN_AND_MEN, for_sex, then_to_now, told
from vgstats.catalogue.measures import LONG_CASES
from vgstats.catalogue.measures import measure as measure_of
from vgstats.methods.before_after import Change, ChangeFacts, change_facts
from vgstats.methods.observed import sex_gap
from vgstats.reports.report import Report
from vgstats.sections.words import changes_by_sex

_FEWEST = 3  # key figures on a first screen, where there are so many


def cards(report: Report) -> list[KeyFigure | None]:
    """Return the key figures, None for each that there are no values for."""
    if report.change("ohalsotal") is None and report.change(LONG_CASES) is None:
        shown = [m for m in report.shown if report.has(m)]
        totals = [_card(report.change(m), measure_of(m).short_name) for m in shown]
        found = [one for one in totals if one][:4]
        if len(found) < _FEWEST - 1 and shown:
            name = measure_of(shown[0]).short_name
            by_sex = changes_by_sex(report, shown[0], WOMEN_AND_MEN)
            found += [card(change, f"{name}, {sex}") for sex, change in by_sex.items()]
        return [*found, _country_card(report)]
    cash = _card(report.change("sjukpenningtal"), "Sjukpenningtal")
    return [
        cash,
        _card(report.change("ohalsotal"), "Ohälsotal"),
        # Five do not fit a phone's first screen.
        None if cash else _card(gap(report), "Kvinnors ohälsotal minus mäns", percent=False),
        _card(report.change(LONG_CASES), "Sjukfall, 60 dagar eller mer"),
        _country_card(report),
    ]


def _card(change: Change | None, label: str, *, percent: bool = True) -> KeyFigure | None:
    return card(change, label, percent=percent) if change else None


def card(change: Change, label: str, *, percent: bool = True) -> KeyFigure:
    """Return a change as a key figure, in per cent too unless that says nothing."""
    form = "{moved}: {difference:signed} {unit}"
    if percent and change.before.value:
        form += " ({percent_beside:signed} %)"
    by = told(change, form, moved=_moved(change_facts(change)))
    return KeyFigure(label, told(change, "{before} → {after}{days}"), by, then_to_now(change))


def _country_card(report: Report) -> KeyFigure | None:
    found = report.comparison()
    if found is None:
        return None
    here, there = (_moved(change_facts(change)) for change in (found.county, found.riket))
    where = f"{here} också" if here == there else f"{here} i länet, {there.lower()}"
    name = measure_of(found.county.after.measure).short_name
    return KeyFigure(
        f"{name}{for_sex(found.county)} i länet och landet",
        told(found.county, "{percent:signed} % i länet"),
        told(found.riket, "{where} i riket: {percent:signed} %", where=where),
        then_to_now(found.county),
    )


def _moved(facts: ChangeFacts) -> str:
    return facts.moved(fell="Minskade", rose="Ökade", same=facts.unchanged.capitalize())


def gap(report: Report) -> Change | None:
    """Return the change of women's ohälsotal minus men's, None without both."""
    pair = report.periods("ohalsotal")
    if pair is None:
        return None
    before, after = (
        sex_gap(report.observations, "ohalsotal", report.area, period) for period in pair
    )
    return Change(before, after) if before and after else None
