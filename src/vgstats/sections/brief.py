"""The first screen of a report on one measure: its area, what lies beside it, women and men."""

from __future__ import annotations

from vgstats.blocks.blocks import Block, KeyFigures, Paragraphs, SideBySide
from vgstats.blocks.words import capitalised, compared_in, for_sex, moved, period_words, places
from vgstats.catalogue import areas
from vgstats.catalogue.measures import measure as measure_of
from vgstats.facts.facts import count_fact
from vgstats.facts.text import HIDDEN_MARK, Text, say, swedish_list
from vgstats.methods.before_after import Change, change_facts
from vgstats.observations import SEXES
from vgstats.reports.report import Report
from vgstats.sections.cards import card
from vgstats.sections.words import border_words, preliminary_words


def in_brief(report: Report, measure: str | None = None) -> Block:
    """Return the key figures and the sentences that answer what a measure did in the report's area.

    Args:
        report: the report.
        measure: the one to tell; the report's main one when left out.
    """
    measure = measure or report.main
    by_sex = {sex: change for sex in SEXES if (change := report.change(measure, sex))}
    beside = report.beside(measure) if (measure, areas.RIKET) in report.asked else None
    name = measure_of(measure).short_name
    if "alla" in by_sex:
        sentences = [_own(report, by_sex["alla"])]
        places = {report.area: by_sex["alla"], **(beside or {})}
        cards = [card(change, f"{name}, {areas.name(area)}") for area, change in places.items()]
    else:
        sentences, cards = [_all_hidden(report, measure)], []
    if beside is not None:
        sentences += [*_beside(report, measure, beside), *_place(report, measure)]
    if len(by_sex) == len(SEXES):
        sentences.append(_women_and_men(by_sex))
    if not beside:
        cards = [card(c, f"{name}{for_sex(c)}") for c in by_sex.values()]
    sentences += [*border_words(report), *preliminary_words(report, report.preliminary)]
    sentences += [*_hidden(report), _no_cause(report)]
    lead = Paragraphs(sentences, kind="lead")
    return SideBySide([KeyFigures(cards), lead], kind="first-screen") if cards else lead


def _own(report: Report, change: Change) -> Text:
    facts = change_facts(change)
    return say(
        "{what} i {name} var {before}{unit} i {then} och {after}{unit} i {now}: {moved}.",
        what=capitalised(compared_in(change)),
        name=report.area_name,
        before=facts.before,
        after=facts.after,
        unit=" dagar" if facts.after.unit == "dagar" else "",
        then=period_words(change.before),
        now=period_words(change.after),
        moved=moved(facts),
    )


def _all_hidden(report: Report, measure: str) -> Text:
    return say(
        "Hur det gick för {what} i {area} är dolt, för att inget litet tal ska kunna räknas ut.",
        what=measure_of(measure).the_name,
        area=report.area_name,
    )


def _beside(report: Report, measure: str, found: dict[str, Change]) -> list[Text]:
    sentences = []
    for place, change in zip(report.beside_names(measure), found.values(), strict=True):
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
    words = {report.county: "länet", areas.RIKET: "riket"}
    lacking = [word for area, word in words.items() if area not in {report.area, *found}]
    if lacking:
        sentences.append(say("Samma uppgift för {places} saknas.", places=swedish_list(lacking)))
    return sentences


def _place(report: Report, measure: str) -> list[Text]:
    """Say where a kommun stands among the kommuner of its county that have figures."""
    known = report.changes(measure, report.kommuner)
    if report.area not in known or len(known) < 2:
        return []
    # As printed: what differs by nothing but how a computer subtracts would be ranked otherwise.
    facts = {area: change_facts(change) for area, change in known.items()}
    ends = [(f.difference_low.printed(), f.difference_high.printed()) for f in facts.values()]
    own = facts[report.area]
    first = 1 + sum(high < own.difference_low.printed() for _, high in ends)
    last = sum(low <= own.difference_high.printed() for low, _ in ends)
    of = len(report.kommuner)
    return [
        say(
            "Räknat från den största minskningen i dagar ligger kommunen på plats {rank} av {k} kommuner i länet{of}.",
            rank=places(report.area, first, last),
            k=count_fact("kommuner med värden", len(known)),
            of=say(" ({n} finns)", n=count_fact("antal kommuner", of)) if of > len(known) else "",
        )
    ]


def _women_and_men(by_sex: dict[str, Change]) -> Text:
    women, men = (change_facts(by_sex[sex]) for sex in ("kvinnor", "män"))
    return say(
        "Bland kvinnor gick talet från {w0} till {w1} och bland män från {m0} till {m1}.",
        w0=women.before,
        w1=women.after,
        m0=men.before,
        m1=men.after,
    )


def _hidden(report: Report) -> list[Text]:
    """Say how many numbers are hidden in a report of a region's own counts."""
    shown, hidden = report.shown_and_hidden()
    if not shown + hidden:
        return (
            []
            if not report.has_own_figures
            else [say("Små tal var dolda redan när antalen lämnades.")]
        )
    if not hidden:
        return [say("Inget antal i rapporten är dolt.")]
    return [
        say(
            "Av rapportens {all} antal är {hidden} dolda, så att ingen enskild person kan röjas. De är märkta "
            "med två punkter ({mark}).",
            all=count_fact("alla antal", shown + hidden),
            hidden=count_fact("dolda antal", hidden),
            mark=HIDDEN_MARK,
        )
    ]


def _no_cause(report: Report) -> Text:
    if report.area == report.county:
        return say("Siffrorna visar vad som hände, inte varför.")
    return say(
        "Siffrorna visar vad som hände, inte varför. En enskild kommuns tal svänger av sig självt, mer ju "
        "färre som bor där."
    )
