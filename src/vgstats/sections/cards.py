"""The first screen: the few numbers on cards."""

from __future__ import annotations

from vgstats.blocks.blocks import (
    KeyFigure,
)
from vgstats.blocks.words import for_sex, short_period
from vgstats.catalogue.measures import LONG_CASES
from vgstats.catalogue.measures import measure as measure_of
from vgstats.facts.text import say
from vgstats.methods.before_after import Change, ChangeFacts, change_facts
from vgstats.methods.observed import sex_gap
from vgstats.reports.report import Report

_FEWEST = 3  # key figures on a first screen, where there are so many


def cards(report: Report) -> list[KeyFigure | None]:
    """Return the key figures, None for each that there are no values for."""
    if report.change("ohalsotal") is None and report.change(LONG_CASES) is None:
        shown = [m for m in report.shown if report.has(m)]
        totals = [_card(report.change(m), measure_of(m).short_name) for m in shown]
        by_sex = [
            _card(report.change(m, sex), f"{measure_of(m).short_name}, {sex}")
            for m in shown[:1]
            for sex in ("kvinnor", "män")
        ]
        found = [one for one in totals if one]
        return [*found[:4], *(by_sex if len(found) < _FEWEST - 1 else []), _country_card(report)]
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
    facts = change_facts(change)
    unit = facts.after.unit
    values = say(
        "{before} → {after} dagar" if unit == "dagar" else "{before} → {after}",
        before=facts.before,
        after=facts.after,
    )
    by = say("{moved}: {d:signed} {unit}", moved=_moved(facts), d=facts.difference, unit=unit)
    if percent and change.before.value:
        by = say("{by} ({p:signed} %)", by=by, p=facts.percent_beside)
    when = say("{then} → {now}", then=short_period(change.before), now=short_period(change.after))
    return KeyFigure(label, values, by, when)


def _country_card(report: Report) -> KeyFigure | None:
    found = report.comparison()
    if found is None:
        return None
    county, riket = change_facts(found.county), change_facts(found.riket)
    here, there = _moved(county), _moved(riket)
    where = f"{here} också" if here == there else f"{here} i länet, {there.lower()}"
    return KeyFigure(
        f"{measure_of(found.county.after.measure).short_name}{for_sex(found.county)} i länet och landet",
        say("{p:signed} % i länet", p=county.percent),
        say("{where} i riket: {p:signed} %", where=where, p=riket.percent),
        say(
            "{then} → {now}",
            then=short_period(found.county.before),
            now=short_period(found.county.after),
        ),
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
