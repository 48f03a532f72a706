"""Units beside what is usual for their size: all of a county without an order, and one that hears of no other."""

from __future__ import annotations

from typing import Any

import pandas as pd

from vgstats.blocks.blocks import Block, paragraphs, together
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import Column, Table
from vgstats.blocks.words import capitalised, period_words
from vgstats.catalogue import areas
from vgstats.catalogue.measures import measure as measure_of
from vgstats.drawing import charts
from vgstats.facts.facts import count_fact, value_fact
from vgstats.facts.text import Name, Text, join, say, swedish_list
from vgstats.methods.funnel_of_expected import (
    SIDES,
    AmongExpected,
    FunnelOfExpected,
    expected_funnel,
)
from vgstats.methods.result import NotComputable
from vgstats.observations import SEXES, Value
from vgstats.reports.report import Report
from vgstats.sections.case_cells import owner_words
from vgstats.sections.words import left_out, nearest_value, not_computable, result_column

CASES, EXPECTED, LISTED = "intygsfall", "intygsfall_forvantade", "listade"
NEED = "vardbehovsindex"
BY_AGE, BY_SEX = "antal, ålder och kön", "antal och kön"
_WHAT = "En jämförelse mellan enheterna"
_COUNTED = 0.8  # of what is expected of units: with fewer the county's cases are others than theirs


def funnel_of_units(report: Report, measure: str = CASES, *, named: bool = False) -> Block:
    """Return the county's units beside what is expected of their listed persons, in no order of more and less.

    Only units far outside what is usual are named, unless all are.

    Args:
        report: the report on the county.
        measure: the count; its newest period up to the report's is shown.
        named: whether every unit is named, in the order of the alphabet.
    """
    try:
        found, by, cases = _funnel(report, measure)
    except NotComputable as reason:
        return left_out(report, not_computable(_WHAT, reason.reason))
    ones = {area: found.one(area, by=by) for area in found.table["area"]}
    clear = [area for area, one in ones.items() if abs(one.side) == 2]
    what, when = measure_of(measure).name, period_words(cases[0])
    caption = say(
        "{what} {when}, mot vad som är vanligt för enhetens storlek", what=what, when=when
    )
    needs = _needs(report, cases) if named else {}
    table = _named(found, ones, caption, needs) if named else _banded(found, ones, caption)
    drawn = found.table.assign(
        area=[areas.name(a) if a in clear else "" for a in found.table["area"]],
        change=found.table["estimate"],
    )
    return Figure(
        charts.funnel(drawn, unit="sjukfall, procent av det väntade", size_unit="väntade sjukfall"),
        _finding(found, ones),
        say(
            "En punkt för varje enhet, och gränser som vidgas för små enheter. {said}",
            said=found.sentence(),
        ),
        table,
        say(
            "100 procent är lika många som väntat av de listades {by}. Mellan de streckade linjerna väntar man sig "
            "{usual} procent av enheterna av den storleken, när de bara skiljer sig åt {how}; mellan de heldragna "
            "{nearly} procent. {By} säger inte allt: där behovet av vård är stort väntas fler sjukfall."
            "{owner}{left} {sources}",
            By=capitalised(by),
            owner=say(" {w}", w=owner) if (owner := owner_words(report)) else "",
            left=_not_there(report, found),
            by=by,
            how="så mycket som enheter brukar" if found.spread else "av slump",
            usual=found.fact("streckad gräns", 95, "procent", 0),
            nearly=found.fact("heldragen gräns", 99.8, "procent", 1),
            sources=report.cite(v.source for v in cases),
        ),
    )


def funnel_words(report: Report, measure: str = CASES) -> Text | None:
    """Return in a line which of the county's units lie far outside the usual, None where they cannot be compared."""
    try:
        found, by, _ = _funnel(report, measure)
    except NotComputable:
        return None
    return _finding(found, {area: found.one(area, by=by) for area in found.table["area"]})


def unit_among_units(report: Report, measure: str = CASES) -> Block:
    """Return whether the report's unit has as many cases as is usual for its size; nothing if it is on no unit.

    Args:
        report: the report on a unit.
        measure: the count.
    """
    if report.area not in areas.units(report.county):
        return together()
    try:
        return paragraphs(usual_for_size(report, measure).sentence())
    except NotComputable as reason:
        return left_out(report, not_computable("Vad som är vanligt för er storlek", reason.reason))


def usual_for_size(report: Report, measure: str = CASES) -> AmongExpected:
    """Return the report's unit beside what is usual for its size, for a sentence or a cell (`short`).

    Raises:
        NotComputable: too little is known of it or of the other units.
    """
    found, by, _ = _funnel(report, measure)
    return found.one(report.area, by=by)


def _funnel(report: Report, measure: str) -> tuple[FunnelOfExpected, str, list[Value]]:
    """Return the funnel, what is known of the listed, and the numbers of the county's units that it rests on."""
    cases = [one for unit in areas.units(report.county) if (one := latest(report, measure, unit))]
    if not cases:
        raise NotComputable("inga enheter har antal som visas")
    when = max(v.period for v in cases)
    cases = [v for v in cases if v.period == when]
    expected, by = _expected(report, measure, cases)
    rows = [(v.area, v.value, expected[v.area]) for v in cases if v.area in expected]
    if sum(n for _, n, _ in rows) < _COUNTED * sum(of for _, _, of in rows):
        raise NotComputable(
            "många av länets sjukfall hör till ingen av enheterna, medan de väntade är av alla länets sjukfall"
        )
    found = expected_funnel(
        pd.DataFrame(rows, columns=["area", "events", "expected"]),
        areas="enheter",
        source=cases[0].source,
        about=f"tratt|{measure}|{report.county}|{when}",
    )
    return found, by, cases


def latest(report: Report, measure: str, area: str) -> Value | None:
    """Return an area's newest number of a measure up to the end of the report, None where there is none."""
    if (measure, area) not in report.asked:
        return None
    until = report.parameters.after
    return next((v for v in reversed(report.series(measure, area)) if v.period <= until), None)


def _expected(report: Report, measure: str, cases: list[Value]) -> tuple[dict[str, float], str]:
    """Return the expected cases: of the listed persons' ages where all units have them, else of women and men."""
    if measure == CASES:
        given = {
            v.area: one.value
            for v in cases
            if (EXPECTED, v.area) in report.asked
            and (one := report.value(EXPECTED, v.period, area=v.area))
        }
        if len(given) == len(cases):
            return given, BY_AGE
    when, found = cases[0].period, {v.area: 0.0 for v in cases}
    for sex in SEXES[1:]:
        whole = [
            report.value(measure, when, area=report.county, sex=sex),
            _listed(report, report.county, when, sex),
        ]
        if not all(whole):
            raise NotComputable("länets antal eller listade kvinnor och män saknas")
        beyond = [  # cases of units that list nobody are expected of nobody
            one.value
            for v in cases
            if not _listed(report, v.area, when, sex)
            and (one := report.value(measure, when, area=v.area, sex=sex))
        ]
        level = (whole[0].value - sum(beyond)) / whole[1].value  # type: ignore[union-attr]
        for unit in list(found):
            if persons := _listed(report, unit, when, sex):
                found[unit] += level * persons.value
            else:
                del found[unit]
    return found, BY_SEX


def _listed(report: Report, area: str, when: str, sex: str) -> Value | None:
    if (LISTED, area) not in report.asked:
        return None
    near = nearest_value(report, LISTED, area, when)
    return report.value(LISTED, near.period, area=area, sex=sex) if near else None


def _not_there(report: Report, found: FunnelOfExpected) -> Text:
    lacking = len(areas.units(report.county)) - found.n
    k = count_fact("enheter som inte jämförs", lacking)
    why = "antalet är dolt, saknas eller är för litet"
    return (
        say(" Enheter som inte är med, för att {why}: {k}.", why=why, k=k) if lacking else say("")
    )


def _finding(found: FunnelOfExpected, ones: dict[str, AmongExpected]) -> Text:
    n = found.count("antal enheter", found.n)
    parts: list[Text] = []
    for side, words in ((2, "fler"), (-2, "färre")):
        if members := [area for area, one in ones.items() if one.side == side]:
            form = "{clearly} {words} sjukfall än vanligt för storleken vid {names}"
            clearly = "klart" if parts else "Klart"
            parts.append(say(form, clearly=clearly, words=words, names=_names(members)))
    if not parts:
        return say(
            "Ingen av {n} enheter har klart fler eller färre sjukfall än vanligt för sin storlek",
            n=n,
        )
    return say("{parts}, bland {n} enheter", n=n, parts=join(parts, ", "))


def _names(of: list[str]) -> Name:
    return Name(swedish_list(sorted(map(areas.name, of))))


def _banded(found: FunnelOfExpected, ones: dict[str, AmongExpected], caption: Text) -> Table:
    rows = [(side, [area for area, one in ones.items() if one.side == side]) for side in SIDES]
    columns = [
        Column("Sjukfall för storleken", "text", of=lambda row: capitalised(SIDES[row[0]])),
        Column("Antal enheter", of=lambda row: found.count(f"enheter|{row[0]}", len(row[1]))),
        Column(
            "Vilka", "text", of=lambda row: _names(row[1]) if abs(row[0]) == 2 and row[1] else ""
        ),
    ]
    return Table.from_frame(rows, columns, id="enheter", caption=caption)


def _needs(report: Report, cases: list[Value]) -> dict[str, Value]:
    """Return the need index of the units that have one, which age and sex do not tell."""
    asked = [v for v in cases if (NEED, v.area) in report.asked]
    return {v.area: one for v in asked if (one := nearest_value(report, NEED, v.area, v.period))}


def _named(
    found: FunnelOfExpected,
    ones: dict[str, AmongExpected],
    caption: Text,
    needs: dict[str, Value],
) -> Table:
    table = found.table.assign(name=[areas.name(area) for area in found.table["area"]])
    whole: dict[str, Any] = {"unit": "antal", "decimals": 0}
    columns = [
        Column("Enhet", "text", of=lambda row: Name(row.name)),
        result_column("Sjukfall", (found, "sjukfall", "events"), **whole),
        result_column("Väntade", (found, "väntade", "size"), **whole),
        Column("Vanligt för storleken", of=lambda row: _usual(ones[row.area])),
    ]
    if needs:
        of_unit = {area: value_fact(one) for area, one in needs.items()}
        columns.append(Column(measure_of(NEED).name, of=lambda row: of_unit.get(row.area)))
    by_name = list(table.sort_values("name").itertuples(index=False))
    return Table.from_frame(by_name, columns, id="enheter", caption=caption)


def _usual(one: AmongExpected) -> Text:
    ends = one.both_ends("vanligt {}", one.usual, "antal", 0)
    return say("{low}–{high}", **ends)
