"""Var hände det? A map of the county's kommuner."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import itemgetter

import pandas as pd

from vgstats.blocks.blocks import Block
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.blocks.words import period_words, told, uncapitalised
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
    """Return a map: the levels of the county's kommuner that have figures; nothing where no kommun has any.

    Args:
        report: the report.
        measure: the one to show of the kommuner; the report's main one when left out.
        highlight: the area to outline; the report's own when left out.
    """
    measure, place = measure or report.main, chosen_area(highlight, report)
    known = report.changes(measure, report.kommuner)
    if known:
        return _map_of_kommuner(report, measure, known, place)
    name = uncapitalised(measure_of(measure).short_name)
    return left_out(
        report,
        f"Kartan kan inte ritas: {name} för länets kommuner finns inte bland uppgifterna.",
        report.how_to_get(measure),
    )


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
