"""Var hände det? A map of the county's kommuner, or of the counties."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import itemgetter

import pandas as pd

from vgstats.blocks.blocks import Block
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.blocks.words import extremes, for_sex, period_words, told, uncapitalised
from vgstats.catalogue import areas
from vgstats.catalogue.measures import measure as measure_of
from vgstats.drawing import maps
from vgstats.drawing.style import COLOUR_NAMES, EDGE
from vgstats.facts.facts import count_fact, value_fact
from vgstats.facts.text import Text, join, say, swedish_list
from vgstats.methods.before_after import Change
from vgstats.reports.report import Report
from vgstats.sections.words import chosen_area, left_out

_BORDERS = "Gränser: SCB."


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
    if known:
        return _map_of_kommuner(report, measure, known, place)
    if measure != report.main:
        name = uncapitalised(measure_of(measure).short_name)
        return left_out(
            report,
            f"Kartan kan inte ritas: {name} för länets kommuner finns inte bland uppgifterna.",
            report.how_to_get(measure),
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
    low, high = (_all_with(known, end) for end in (min, max))
    lowest, highest = (swedish_list([areas.name(k) for k in some]) for some in (low, high))
    hatched, picked, note = "", say(""), say(_BORDERS)
    if absent.value:
        rows.append((say("Övriga {absent} kommuner", absent=absent), None))
        hatched = " Uppgift saknas för {absent} av {n} kommuner, som är skrafferade."
        note = say("Skrafferade kommuner: uppgift saknas ({absent} av {n}). " + _BORDERS, **counted)
    if highlight in known:
        note = join([_outlined(highlight), note])
        picked = told(known[highlight], " {area} har {after} {unit}.", area=areas.name(highlight))
    label = say("{name} per kommun, {now}", name=name, now=now)
    form = "Lägst har {low} med {l} {unit}, högst {high} med {h}"
    if absent.value:
        form = "Av kommunerna med värden har {low} lägst, {l} {unit}, och {high} högst, {h}"
    ends = {"l": value_fact(known[low[0]].after), "h": value_fact(known[high[0]].after)}
    caption = say(form, low=lowest, high=highest, unit=unit, **ends)
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
            low=lowest,
            high=highest,
            picked=picked,
            **ends,
        ),
        Table.from_frame(rows, columns, id="karta-tabell", caption=label),
        say("{label}. {note}", label=label, note=note),
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
        return left_out(report, "Kartan kan inte ritas: värden för länen saknas.")
    own = compared.county
    found = {
        area: report.change(own.after.measure, own.after.sex, area=area) for area in areas.lan()
    }
    percents = [(area, c.percent if c else float("nan")) for area, c in found.items()]
    absent = count_fact("län utan värden", sum(change is None for change in found.values()))
    hatched = say(" Uppgift saknas för {n} län, som är skrafferade.", n=absent)
    if not absent.value:
        hatched = say("")
    label = told(own, "{name}{sex}: förändring i procent {then}–{now} per län", sex=for_sex(own))
    first, last = compared.largest_fall, compared.smallest_fall
    caption = say(
        "{first} {last}",
        first=told(
            first, "Från {percent:signed} procent i {area}", area=areas.name(first.after.area)
        ),
        last=told(last, "till {percent:signed} i {area}", area=areas.name(last.after.area)),
    )
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
        Table.from_frame(found.items(), columns, id="karta-tabell", caption=label),
        say(
            "{label}. {edge}{hatched} " + _BORDERS,
            label=label,
            edge=_outlined(highlight),
            hatched=hatched,
        ),
    )
