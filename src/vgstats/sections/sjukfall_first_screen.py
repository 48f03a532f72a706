"""The first screen: how many sjukfall were going on, before and after."""

from __future__ import annotations

from vgstats.blocks.blocks import (
    Block,
    KeyFigure,
    KeyFigures,
    Paragraphs,
    SideBySide,
    Title,
)
from vgstats.facts.facts import count_fact
from vgstats.facts.text import HIDDEN_MARK, Name, Text, say
from vgstats.methods.before_after import Change, change_facts
from vgstats.reports.sjukfall import Sjukfall
from vgstats.sections.sjukfall_words import SEX_NAMES, month_words
from vgstats.sections.words import moved, short_period


def title(report: Sjukfall) -> Title:
    """Return the report's heading and the line that says where the counts come from."""
    then, now = (month_words(month) for month in report.months)
    line = (
        say("Övning på påhittade siffror")
        if report.synthetic
        else say(
            "Ur regionens eget register: {names}", names=Name(", ".join(report.sources["short"]))
        )
    )
    return Title(
        f"Pågående sjukfall i {report.area_name}, {then} och {now}",
        line,
        made_up=report.synthetic,
        uncontrolled=not report.parameters.disclosure.rule().on,
    )


def first_screen(report: Sjukfall) -> Block:
    """Return the key figures and the sentences that answer what happened."""
    found = {sex: report.change(report.area, sex) for sex in SEX_NAMES}
    known = {sex: change for sex, change in found.items() if change}
    sentences = [*_sentences(report, known), _hidden(report)]
    sentences.append(say("Siffrorna visar vad som hände, inte varför."))
    lead = Paragraphs(sentences, kind="lead")
    cards = [_card(SEX_NAMES[sex], change) for sex, change in known.items()]
    return SideBySide([KeyFigures(cards), lead], kind="first-screen") if cards else lead


def _sentences(report: Sjukfall, known: dict[str, Change]) -> list[Text]:
    if "alla" not in known:
        return [
            say(
                "Hur många sjukfall som pågick i {area} är dolt, för att inget litet tal ska kunna räknas ut.",
                area=report.area_name,
            )
        ]
    facts = change_facts(known["alla"])
    then, now = (month_words(month) for month in report.months)
    sentences = [
        say(
            "I slutet av {now} pågick {after} sjukfall i {area}. I slutet av {then} var de {before}: {moved}.",
            now=now,
            then=then,
            area=report.area_name,
            after=facts.after,
            before=facts.before,
            moved=moved(facts),
        )
    ]
    if {"kvinnor", "män"} <= set(known):
        women, men = (change_facts(known[sex]) for sex in ("kvinnor", "män"))
        sentences.append(
            say(
                "Bland kvinnor gick antalet från {w0} till {w1} och bland män från {m0} till {m1}.",
                w0=women.before,
                w1=women.after,
                m0=men.before,
                m1=men.after,
            )
        )
    return sentences


def _hidden(report: Sjukfall) -> Text:
    shown, hidden = report.shown_and_hidden()
    if not shown + hidden:
        return say("Små tal var dolda redan när antalen lämnades.")
    if not hidden:
        return say("Inget antal i rapporten är dolt.")
    return say(
        "Av rapportens {all} antal är {hidden} dolda, så att ingen enskild person kan röjas. De är märkta "
        "med två punkter ({mark}).",
        all=count_fact("alla antal", shown + hidden),
        hidden=count_fact("dolda antal", hidden),
        mark=HIDDEN_MARK,
    )


def _card(label: str, change: Change) -> KeyFigure:
    facts = change_facts(change)
    word = facts.moved(fell="Minskade", rose="Ökade", same="Oförändrat")
    by = say("{word}: {d:signed} sjukfall", word=word, d=facts.difference)
    if change.before.value:
        by = say("{by} ({p:signed} %)", by=by, p=facts.percent_beside)
    return KeyFigure(
        f"Pågående sjukfall, {label.lower()}",
        say("{before} → {after}", before=facts.before, after=facts.after),
        by,
        say("{then} → {now}", then=short_period(change.before), now=short_period(change.after)),
    )
