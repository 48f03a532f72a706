"""Var hände det? The county's kommuner and its other parts."""

from __future__ import annotations

from itertools import starmap

import pandas as pd

from vgstats.blocks.blocks import Block, paragraphs, together
from vgstats.blocks.figures import Figure
from vgstats.blocks.words import (
    month_words,
    told,
    whom,
)
from vgstats.catalogue import areas
from vgstats.catalogue.measures import measure as measure_of
from vgstats.drawing import charts
from vgstats.drawing.style import COLOUR_NAMES, EDGE
from vgstats.facts.facts import Fact, count_fact
from vgstats.facts.text import HIDDEN_MARK, Text, join, say
from vgstats.methods.before_after import Change, change_facts, for_whom
from vgstats.reports.report import Report
from vgstats.sections.change_tables import ChangeRow, change_table
from vgstats.sections.register import compared_in, counted_kommuner, counts_table
from vgstats.sections.words import chosen_area, left_out, remark_text


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
    name += whom(county.after) if county else ""
    if not known or county is None:
        whose = say("länets {n} kommuner", n=n) if of > 1 else "länets enda kommun"
        form = "{name} för {whose} finns inte bland uppgifterna."
        return left_out(report, say(form, name=name, whose=whose), report.how_to_get(measure))
    counted = {"k": count_fact("kommuner med värden", len(known)), "n": n}
    whole = len(known) == of
    which = say("länets {n} kommuner", n=n) if whole else say("{k} av {n} kommuner", **counted)
    label = told(county, "{name} i {which}, {then} och {now}", name=name, which=which)
    picked = areas.name(place) if place in known else ""
    notes = [say("{label}.", label=label)]
    notes += (
        [say("Linjen för {area} är {edge}.", area=picked, edge=COLOUR_NAMES[EDGE])]
        if picked
        else []
    )
    if not whole:
        notes.append(
            say(
                "De {k} kommunerna är de som källan visar, inget stickprov: de säger inget säkert om de andra.",
                k=counted["k"],
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
        _title(county, known, counted),
        _alt(county, known, counted, place),
        change_table(
            starmap(ChangeRow, named.items()), id="kommuner", caption=label, first="Område"
        ),
        join(notes),
    )
    remarks = [remark_text(report, remark) for remark in report.remarks("kommuner")]
    return together(paragraphs(remarks), figure)


def _title(county: Change, known: dict[str, Change], counted: dict[str, Fact]) -> Text:
    """Say in how many kommuner it went further down than in the county, beyond rounding."""
    # As printed: what differs by nothing but how a computer subtracts is no difference.
    whole, others = change_facts(county), [change_facts(change) for change in known.values()]
    below = sum(f.difference_high.printed() < whole.difference_low.printed() for f in others)
    above = sum(f.difference_low.printed() > whole.difference_high.printed() for f in others)
    unsure = len(others) - below - above
    what = measure_of(county.after.measure).the_name + for_whom(county.after)
    said = say(
        "I {below} av {k} kommuner {more} länet",
        below=count_fact("kommuner med lägre förändring än länet", below),
        k=counted["k"],
        more=f"sjönk {what} mer än i"
        if county.difference < 0
        else f"ökade {what} mindre än i länet, eller sjönk till skillnad från i",
    )
    if not unsure:
        return said
    return say(
        "{said}; för {unsure} till skiljer bara avrundningen",
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
        return left_out(
            report,
            "Registret har inga antal för länets kommuner."
            if measure_of(measure).own
            else f"{name} för länets kommuner finns inte bland uppgifterna.",
            "" if measure_of(measure).own else report.how_to_get(measure),
        )
    found = {kommun: report.change(measure, area=kommun) for kommun in places}
    known = {k: change_facts(c).percent for k, c in found.items() if c and c.before.value}
    order = [
        *sorted(known, key=lambda k: (known[k].value, k)),
        *(p for p in places if p not in known),
    ]
    rows = {areas.name(kommun): {"area": kommun} for kommun in order}
    then, now = map(month_words, compared_in(report, measure, rows))
    whose = next((whom(c.after) for c in found.values() if c), "")
    label = f"{measure_of(measure).short_name}{whose} per kommun, förändring från {then} till {now}"
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
    table = counts_table(report, measure, rows, id="kommuner", caption=label, first="Kommun")
    figure = charts.ranking(drawn, highlight=areas.name(highlight), unit="förändring, procent")
    hidden = sum(_unknown(report, measure, k) == HIDDEN_MARK for k in order if k not in known)
    return Figure(
        figure, _ranked_title(known) or label, _ranked_alt(known, hidden), table, f"{label}."
    )


def _ranked_title(known: dict[str, Fact]) -> Text | None:
    """Return in how many kommuner the counts fell, of those whose change is known."""
    if not known:
        return None
    fell = count_fact("kommuner med minskning", sum(of.printed() < 0 for of in known.values()))
    every = count_fact("kommuner med känd förändring", len(known))
    return say("Antalet minskade i {fell} av {every} kommuner", fell=fell, every=every)


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
