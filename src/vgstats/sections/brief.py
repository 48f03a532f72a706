"""Key figures on cards, and the first screen of a report on one measure: its area, what lies beside it, the sexes."""

from __future__ import annotations

from vgstats.blocks.blocks import Block, KeyFigure, KeyFigures, SideBySide, paragraphs
from vgstats.blocks.words import WOMEN_AND_MEN, for_sex, period_words, then_to_now, told
from vgstats.catalogue import areas
from vgstats.catalogue.measures import measure as measure_of
from vgstats.facts.facts import count_fact
from vgstats.facts.text import HIDDEN_MARK, Text, say, swedish_list
from vgstats.methods.before_after import Change, ChangeFacts, change_facts
from vgstats.methods.observed import sex_gap
from vgstats.observations import SEXES
from vgstats.reports.report import Report
from vgstats.sections.words import border_words, changes_by_sex, preliminary_words


def card(change: Change, label: str, *, percent: bool = True) -> KeyFigure:
    """Return a change as a key figure, in per cent too unless that says nothing."""
    form = "{moved}: {difference:signed} {unit}"
    if percent and change.before.value:
        form += " ({percent_beside:signed} %)"
    by = told(change, form, moved=_moved(change_facts(change)))
    return KeyFigure(label, told(change, "{before} → {after}{days}"), by, then_to_now(change))


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


def in_brief(report: Report, measure: str | None = None) -> Block:
    """Return the key figures and the sentences that answer what a measure did in the report's area.

    Args:
        report: the report.
        measure: the one to tell; the report's main one when left out.
    """
    measure = measure or report.main
    by_sex = changes_by_sex(report, measure)
    beside = report.beside(measure) if (measure, areas.RIKET) in report.asked else None
    name, own = measure_of(measure).short_name, by_sex.get("alla")
    cards = [card(change, f"{name}{for_sex(change)}") for change in by_sex.values()]
    if beside:
        all_places = {report.area: own, **beside} if own else {}
        cards = [card(c, f"{name}, {areas.name(area)}") for area, c in all_places.items()]
    lead = paragraphs(
        _own(report, own) if own else _not_known(report, measure),
        _beside(report, measure, beside) if beside is not None else None,
        _women_and_men(by_sex) if len(by_sex) == len(SEXES) else None,
        border_words(report),
        preliminary_words(report, report.preliminary),
        _hidden(report),
        _no_cause(report),
        kind="lead",
    )
    return SideBySide([KeyFigures(cards), lead], kind="first-screen") if cards else lead


def _own(report: Report, change: Change) -> Text:
    then, now = (
        f"{'' if v.period.isdigit() else 'i '}{period_words(v)}"
        for v in (change.before, change.after)
    )
    form = "{What} i {name} var {before}{days} {when} och {after}{days} {later}: {moved_by}."
    return told(change, form, name=report.area_name, when=then, later=now)


def _not_known(report: Report, measure: str) -> Text:
    """Say why the change for both sexes together is not told: it is hidden, or not there."""
    if not report.hides(measure):
        return say(
            "Uppgift om {what} i {area} för kvinnor och män tillsammans saknas för rapportens perioder.",
            what=measure_of(measure).the_name,
            area=report.area_name,
        )
    return say(
        "Hur det gick för {what} i {area} är dolt, för att inget litet tal ska kunna räknas ut.",
        what=measure_of(measure).the_name,
        area=report.area_name,
    )


def _beside(report: Report, measure: str, found: dict[str, Change]) -> list[Text]:
    sentences = [
        told(change, "I {place} gick det från {before} till {after}, {moved_by}.", place=place)
        for place, change in zip(report.beside_names(measure), found.values(), strict=True)
    ]
    words = {report.county: "länet", areas.RIKET: "riket"}
    lacking = [word for area, word in words.items() if area not in {report.area, *found}]
    if lacking:
        sentences.append(say("Samma uppgift för {places} saknas.", places=swedish_list(lacking)))
    return sentences


def _women_and_men(by_sex: dict[str, Change]) -> Text:
    women, men = (told(by_sex[sex], "från {before} till {after}") for sex in WOMEN_AND_MEN)
    return say("Bland kvinnor gick talet {women} och bland män {men}.", women=women, men=men)


def _hidden(report: Report) -> Text | str | None:
    """Say how many numbers are hidden in a report of a region's own counts."""
    shown, hidden = report.shown_and_hidden()
    if not shown + hidden:
        return "Små tal var dolda redan när antalen lämnades." if report.has_own_figures else None
    if not hidden:
        return "Inget antal i rapporten är dolt."
    return say(
        "Av de {all} egna antal som rapporten är gjord av är {hidden} dolda, så att ingen enskild person kan röjas. "
        "De är märkta med två punkter ({mark}).",
        all=count_fact("alla antal", shown + hidden),
        hidden=count_fact("dolda antal", hidden),
        mark=HIDDEN_MARK,
    )


def _no_cause(report: Report) -> str:
    only = "Siffrorna visar vad som hände, inte varför."
    if report.area == report.county:
        return only
    return f"{only} En enskild kommuns tal svänger av sig självt, mer ju färre som bor där."
