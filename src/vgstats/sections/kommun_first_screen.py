"""The first screen: what the ohälsotal of the kommun did, and that of the county and riket."""

from __future__ import annotations

from vgstats.blocks.blocks import Block, KeyFigures, Paragraphs, SideBySide, Title
from vgstats.catalogue import areas
from vgstats.facts.facts import count_fact
from vgstats.facts.text import Text, say, swedish_list
from vgstats.methods.before_after import Change, change_facts
from vgstats.reports.of_kommun import OfKommun
from vgstats.sections.key_figures import card
from vgstats.sections.words import (
    border_words,
    moved,
    period_words,
    places,
    preliminary_words,
)


def title(report: OfKommun) -> Title:
    """Return the report's heading and the line under it."""
    change = report.main_change()
    line = (
        say("Övning på påhittade siffror")
        if report.county.synthetic
        else say("Kommunen bredvid {others}", others=swedish_list(report.beside_names()))
        if report.beside()
        else say("Kommunen för sig")
    )
    return Title(
        f"Ohälsotalet i {report.area_name}, {period_words(change.before)} och {period_words(change.after)}",
        line,
        made_up=report.county.synthetic,
        uncontrolled=not report.parameters.disclosure.rule().on,
    )


def first_screen(report: OfKommun) -> Block:
    """Return the key figures and the sentences that answer what happened."""
    change = report.main_change()
    of_places = {report.area: change, **report.beside()}
    cards = [card(found, f"Ohälsotal, {areas.name(area)}") for area, found in of_places.items()]
    sentences = [_own(report, change), *_others(report), *_place(report)]
    sentences += border_words(report.county)
    sentences += preliminary_words(report.county, report.preliminary)
    sentences.append(
        say(
            "Siffrorna visar vad som hände, inte varför. En enskild kommuns tal svänger av sig självt, mer ju "
            "färre som bor där."
        )
    )
    return SideBySide([KeyFigures(cards), Paragraphs(sentences, kind="lead")], kind="first-screen")


def _own(report: OfKommun, change: Change) -> Text:
    facts = change_facts(change)
    return say(
        "Ohälsotalet i {name} var {before} dagar i {then} och {after} dagar i {now}: {moved}.",
        name=report.area_name,
        before=facts.before,
        after=facts.after,
        then=period_words(change.before),
        now=period_words(change.after),
        moved=moved(facts),
    )


def _others(report: OfKommun) -> list[Text]:
    found = report.beside()
    sentences = []
    for place, change in zip(report.beside_names(), found.values(), strict=True):
        facts = change_facts(change)
        sentences.append(
            say(
                "I {place} gick det från {before} till {after}, {moved}.",
                place=place,
                before=facts.before,
                after=facts.after,
                moved=moved(facts),
            )
        )
    lacking = [
        word
        for area, word in ((report.county.area, "länet"), (areas.RIKET, "riket"))
        if area not in found
    ]
    if lacking:
        sentences.append(say("Samma uppgift för {places} saknas.", places=swedish_list(lacking)))
    return sentences


def _place(report: OfKommun) -> list[Text]:
    """Say where the kommun stands among the kommuner of its county that have figures."""
    known = report.county.kommun_changes()
    if len(known) < 2:
        return []
    # As printed: what differs by nothing but how a computer subtracts would be ranked otherwise.
    facts = {area: change_facts(change) for area, change in known.items()}
    ends = [(f.difference_low.printed(), f.difference_high.printed()) for f in facts.values()]
    own = facts[report.area]
    first = 1 + sum(high < own.difference_low.printed() for _, high in ends)
    last = sum(low <= own.difference_high.printed() for low, _ in ends)
    of = len(areas.kommuner(report.county.area))
    return [
        say(
            "Räknat från den största minskningen i dagar ligger kommunen på plats {rank} av {k} kommuner i länet{of}.",
            rank=places(report.area, first, last),
            k=count_fact("kommuner med värden", len(known)),
            of=say(" ({n} finns)", n=count_fact("antal kommuner", of)) if of > len(known) else "",
        )
    ]
