"""The first screen: what a committee member should know after one minute."""

from __future__ import annotations

from vgstats.blocks.blocks import Block, KeyFigures, Paragraphs, SideBySide
from vgstats.blocks.words import (
    capitalised,
    compared_in,
    from_to,
    is_yearly_mean,
    moved,
    period_words,
    rule_month,
    sex_words,
)
from vgstats.catalogue.measures import ONGOING
from vgstats.catalogue.measures import measure as measure_of
from vgstats.facts.facts import count_fact
from vgstats.facts.text import Text, say
from vgstats.methods.before_after import Change, change_facts
from vgstats.reports.report import Report
from vgstats.sections.cards import cards, gap
from vgstats.sections.country import country
from vgstats.sections.words import border_words, preliminary_words

_SEXES = ("kvinnor", "män")
_RULES_NAMED = 4  # more make the first screen a list of rules


def first_screen(report: Report) -> Block:
    """Return the sentences and the key figures that answer what happened."""
    ohalsotal = report.change("ohalsotal")
    long_cases = report.change("sjukfall_60_dagar")
    sentences = headline(report)
    cash = report.change("sjukpenningtal")
    if cash and sentences:
        sentences.append(_measure_sentence(report, cash))
    if ohalsotal:
        sentences += _ohalsotal(report, ohalsotal)
    if long_cases:
        sentences.append(_long_cases(long_cases))
    told: list[str] = []
    if not sentences:
        sentences += _other_measures(report)
        told = list(report.shown)
    sentences += [
        country(report, told=[*told, *(m for m in report.headline if report.change(m))]),
        *_warnings(report),
        _no_cause(report),
    ]
    figures = [card for card in cards(report) if card]
    lead = Paragraphs(sentences, kind="lead")
    return SideBySide([KeyFigures(figures), lead], kind="first-screen") if figures else lead


def _ohalsotal(report: Report, change: Change) -> list[Text]:
    facts = change_facts(change)
    sentences = [
        say(
            "Ohälsotalet i {area} {moved} från {before} dagar i {then} till {after} dagar i {now}. "
            "Det är {difference:abs} dagar {less}, {moved_by}. Ohälsotalet är antalet dagar med "
            "sjukpenning, rehabiliteringspenning och sjuk- eller aktivitetsersättning per försäkrad under tolv "
            "månader.",
            area=report.area_name,
            moved=facts.moved(fell="sjönk", rose="steg", same="låg stilla,"),
            before=facts.before,
            after=facts.after,
            then=period_words(change.before),
            now=period_words(change.after),
            difference=facts.difference,
            less=facts.moved(fell="färre", rose="fler", same="i skillnad"),
            moved_by=moved(facts),
        )
    ]
    women, men = (report.change("ohalsotal", sex) for sex in _SEXES)
    difference = gap(report)
    if women and men and difference:
        w, m, g = change_facts(women), change_facts(men), change_facts(difference)
        sentences.append(
            say(
                "Kvinnornas ohälsotal gick från {w0} till {w1} dagar och männens från {m0} till {m1} "
                "dagar. Skillnaden mellan könen {moved} från {g0} till {g1} dagar.",
                w0=w.before,
                w1=w.after,
                m0=m.before,
                m1=m.after,
                g0=g.before,
                g1=g.after,
                moved=g.moved(fell="minskade", rose="ökade", same="låg stilla inom avrundningen,"),
            )
        )
    return sentences


def _long_cases(change: Change) -> Text:
    facts = change_facts(change)
    return say(
        "Sjukfallen som hade varat 60 dagar eller mer blev {less}: från {before} i {then} till "
        "{after} i {now}, {moved_by}.",
        less=facts.moved(fell="färre", rose="fler", same="ungefär lika många"),
        before=facts.before,
        after=facts.after,
        then=period_words(change.before),
        now=period_words(change.after),
        moved_by=moved(facts),
    )


def _other_measures(report: Report) -> list[Text]:
    """Say what the other measures did, where the county has neither of the first two."""
    sentences = []
    for measure in report.shown:
        total = report.change(measure)
        if total:
            sentences.append(_measure_sentence(report, total))
        by_sex = [change for sex in _SEXES if (change := report.change(measure, sex))]
        if total and measure == ONGOING and len(by_sex) == len(_SEXES):
            women, men = (moved(change_facts(change), beside=False) for change in by_sex)
            sentences.append(
                say("För kvinnor var det {women} och för män {men}.", women=women, men=men)
            )
        elif not total:
            sentences += [_measure_sentence(report, change) for change in by_sex]
    return sentences


def _subject(change: Change) -> str:
    """Return what a change is of, such as `Sjukpenningtalet för kvinnor`."""
    measure = change.after.measure
    if measure in ("ohalsotal", "sjukpenningtal"):
        return capitalised(compared_in(change))
    sex = change.after.sex
    return measure_of(measure).name + ("" if sex == "alla" else f", {sex_words(sex)},")


def _measure_sentence(report: Report, change: Change) -> Text:
    facts = change_facts(change)
    measure = measure_of(change.after.measure)
    if facts.before.text() == facts.after.text():
        return say(
            "{measure} i {area} var {after} {unit} både {then} och {now}.",
            measure=_subject(change),
            area=report.area_name,
            after=facts.after,
            unit=facts.after.unit,
            then=period_words(change.before),
            now=period_words(change.after),
        )
    return say(
        "{measure} i {area} gick från {before} till {after}{unit} mellan {then} och {now}, {moved_by}."
        "{average}",
        measure=_subject(change),
        unit=" dagar" if measure.unit == "dagar" else "",
        area=report.area_name,
        before=facts.before,
        after=facts.after,
        then=period_words(change.before),
        now=period_words(change.after),
        moved_by=moved(facts),
        average=" Talen är genomsnitt av tolv månadsskiften varje år."
        if measure.id == ONGOING and is_yearly_mean(change)
        else "",
    )


def _warnings(report: Report) -> list[Text]:
    """Warn of numbers that may change, and of rules that changed between before and after."""
    warnings = [*border_words(report), *preliminary_words(report, report.preliminary)]
    broken = [rule for rule, _ in report.law_changes_touching() if rule.kind == "definition"]
    warnings += [
        say(
            "Varning: {name} ({when}). Tal före och efter kan inte jämföras rakt av.",
            name=rule.name[0].lower() + rule.name[1:],
            when=rule_month(rule),
        )
        for rule in broken
    ]
    changed = [
        rule
        for rule, touched in report.law_changes_touching()
        if rule.kind == "regel" and set(touched) & set(report.shown)
    ]
    few = len(changed) <= _RULES_NAMED
    names = "; ".join(f"{r.name} ({rule_month(r)})" for r in changed if few or r.named_first)
    if changed:
        said = "Under tiden ändrades {n}regler för hela landet{names}.{more}"
        warnings.append(
            say(
                said,
                n="" if few else say("{n} ", n=count_fact("antal ändrade regler", len(changed))),
                names=f"{'' if few else ', bland dem'}: {names}" if names else "",
                more="" if few else " Avsnittet Hade det hänt ändå? tar upp dem.",
            )
        )
    return warnings


def _no_cause(report: Report) -> Text:
    followed = report.agreement
    if followed and followed.met_all_counties:
        return say(
            "Siffrorna visar vad som hände, inte varför. Alla län fick statens bidrag för minskad "
            "sjukfrånvaro, så det finns inget län utan bidrag att jämföra med."
        )
    return say("Siffrorna visar vad som hände, inte varför.")


_WORDS = {-1: "sjönk", 0: "var oförändrat inom avrundningen", 1: "steg"}


def headline(report: Report) -> list[Text]:
    """Return one sentence on the two headline measures, none where the report does not have both."""
    found = [change for measure in report.headline if (change := report.change(measure))]
    if len(found) < len(report.headline):
        return []
    cash, all_days = found
    area, when = report.area_name, from_to(cash)
    one, other = compared_in(cash), compared_in(all_days)
    way = way_of(cash)
    if way != way_of(all_days):
        return [
            say(
                "{one} i {area} {moved} {when}, medan {other} {other_moved}.",
                one=capitalised(one),
                area=area,
                moved=_moved(cash),
                when=when,
                other=other,
                other_moved=_moved(all_days),
            )
        ]
    if not way:
        return [
            say(
                "Varken {one} eller {other} i {area} ändrades mer än avrundningen {when}.",
                one=one,
                other=other,
                area=area,
                when=when,
            )
        ]
    return [
        say(
            "Både {one} och {other} i {area} {moved} {when}: {one} med {p:abs} procent och {other} med "
            "{q:abs} procent.",
            one=one,
            other=other,
            area=area,
            moved=_WORDS[way],
            when=when,
            p=change_facts(cash).percent,
            q=change_facts(all_days).percent,
        )
    ]


def way_of(change: Change) -> int:
    """Return -1 for a fall and 1 for a rise beyond what rounding leaves open, else 0."""
    return 0 if change.within_rounding else -1 if change.difference < 0 else 1


def _moved(change: Change) -> Text:
    way = way_of(change)
    if not way:
        return say(_WORDS[0])
    return say("{moved} med {p:abs} procent", moved=_WORDS[way], p=change_facts(change).percent)
