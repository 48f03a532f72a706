"""The first screen: what a committee member should know after one minute, with how the country fared meanwhile."""

from __future__ import annotations

from collections.abc import Iterable

from vgstats.blocks.blocks import Block, KeyFigures, SideBySide, paragraphs
from vgstats.blocks.words import (
    WOMEN_AND_MEN,
    capitalised,
    comma_sex,
    compared_in,
    is_yearly_mean,
    moved,
    named_rules,
    place_words,
    rule_month,
    told,
    uncapitalised,
)
from vgstats.catalogue import areas
from vgstats.catalogue.measures import LONG_CASES, ONGOING
from vgstats.catalogue.measures import measure as measure_of
from vgstats.facts.facts import count_fact
from vgstats.facts.text import Text, direction, join, say
from vgstats.methods.before_after import Change, change_facts
from vgstats.methods.comparison import Comparison
from vgstats.reports.report import Report
from vgstats.sections.brief import cards, gap
from vgstats.sections.words import border_words, changes_by_sex, preliminary_words, same_way

_RULES_NAMED = 4  # more make the first screen a list of rules


def first_screen(report: Report) -> Block:
    """Return the sentences and the key figures that answer what happened."""
    sentences = headline(report)
    cash = report.change("sjukpenningtal")
    if cash and sentences:
        sentences.append(_measure_sentence(report, cash))
    sentences += [*_ohalsotal(report), *_long_cases(report)]
    known = [measure for measure in report.headline if report.change(measure)]
    if not sentences:
        sentences, known = _other_measures(report), list(report.shown)
    lead = paragraphs(
        sentences, country(report, told_of=known), _warnings(report), _no_cause(report), kind="lead"
    )
    figures = [card for card in cards(report) if card]
    return SideBySide([KeyFigures(figures), lead], kind="first-screen") if figures else lead


def _ohalsotal(report: Report) -> list[Text]:
    change = report.change("ohalsotal")
    if change is None:
        return []
    facts = change_facts(change)
    sentences = [
        told(
            change,
            "Ohälsotalet i {area} {moved} från {before} dagar i {then} till {after} dagar i {now}. "
            "Det är {difference:abs} dagar {less}, {moved_by}. Ohälsotalet är antalet dagar med "
            "sjukpenning, rehabiliteringspenning och sjuk- eller aktivitetsersättning per försäkrad under tolv "
            "månader.",
            area=report.area_name,
            moved=facts.moved(fell="sjönk", rose="steg", same="låg stilla,"),
            less=facts.moved(fell="färre", rose="fler", same="i skillnad"),
        )
    ]
    women, men, difference = *(report.change("ohalsotal", s) for s in WOMEN_AND_MEN), gap(report)
    if women and men and difference:
        ends = "från {before} till {after} dagar"
        way = change_facts(difference).moved(
            fell="minskade", rose="ökade", same="låg stilla inom avrundningen,"
        )
        sentences.append(
            say(
                "Kvinnornas ohälsotal gick {women} och männens {men}. Skillnaden mellan könen {way} {gap}.",
                women=told(women, ends),
                men=told(men, ends),
                way=way,
                gap=told(difference, ends),
            )
        )
    return sentences


def _long_cases(report: Report) -> list[Text]:
    change = report.change(LONG_CASES)
    if change is None:
        return []
    less = change_facts(change).moved(fell="färre", rose="fler", same="ungefär lika många")
    return [
        told(
            change,
            "Sjukfallen som hade varat 60 dagar eller mer blev {less}: från {before} i {then} till "
            "{after} i {now}, {moved_by}.",
            less=less,
        )
    ]


def _other_measures(report: Report) -> list[Text]:
    """Say what the other measures did, where the county has neither of the first two."""
    sentences = []
    for measure in report.shown:
        total, by_sex = report.change(measure), changes_by_sex(report, measure, WOMEN_AND_MEN)
        shown = [total] if total else by_sex.values()
        sentences += [_measure_sentence(report, change) for change in shown]
        if total and measure == ONGOING and len(by_sex) == len(WOMEN_AND_MEN):
            women, men = (moved(change_facts(c), beside=False) for c in by_sex.values())
            sentences.append(
                say("För kvinnor var det {women} och för män {men}.", women=women, men=men)
            )
    return sentences


def _subject(change: Change) -> str:
    """Return what a change is of, such as `Sjukpenningtalet för kvinnor`."""
    measure, sex = change.after.measure, change.after.sex
    if measure in ("ohalsotal", "sjukpenningtal"):
        return capitalised(compared_in(change))
    return (
        f"{measure_of(measure).name}{comma_sex(sex)},"
        if sex != "alla"
        else measure_of(measure).name
    )


def _measure_sentence(report: Report, change: Change) -> Text:
    facts = change_facts(change)
    about = {"measure": _subject(change), "area": report.area_name}
    if facts.before.text() == facts.after.text():
        form = "{measure} i {area} var {after} {unit} både {then} och {now}."
        return told(change, form, **about)
    is_mean = change.after.measure == ONGOING and is_yearly_mean(change)
    return told(
        change,
        "{measure} i {area} gick från {before} till {after}{days} mellan {then} och {now}, {moved_by}."
        "{average}",
        average=" Talen är genomsnitt av tolv månadsskiften varje år." if is_mean else "",
        **about,
    )


def _warnings(report: Report) -> Iterable[Text]:
    """Warn of numbers that may change, and of rules that changed between before and after."""
    yield from border_words(report)
    yield from preliminary_words(report, report.preliminary)
    shown, changed = set(report.shown), []
    for rule, touched in report.law_changes_touching():
        if rule.kind == "definition":
            yield say(
                "Varning: {name} ({when}). Tal före och efter kan inte jämföras rakt av.",
                name=uncapitalised(rule.name),
                when=rule_month(rule),
            )
        elif rule.kind == "regel" and shown & set(touched):
            changed.append(rule)
    if not changed:
        return
    few = len(changed) <= _RULES_NAMED
    names = named_rules(rule for rule in changed if few or rule.named_first)
    yield say(
        "Under tiden ändrades {n}regler för hela landet{names}.{more}",
        n="" if few else say("{n} ", n=count_fact("antal ändrade regler", len(changed))),
        names=f"{'' if few else ', bland dem'}: {names}" if names else "",
        more="" if few else " Avsnittet Hade det hänt ändå? tar upp dem.",
    )


def _no_cause(report: Report) -> str:
    followed = report.agreement
    only = "Siffrorna visar vad som hände, inte varför."
    if not (followed and followed.met_all_counties):
        return only
    return (
        f"{only} Alla län fick statens bidrag för minskad sjukfrånvaro, så det finns inget län utan bidrag att "
        "jämföra med."
    )


_WORDS = {-1: "sjönk", 0: "var oförändrat inom avrundningen", 1: "steg"}


def headline(report: Report) -> list[Text]:
    """Return one sentence on the two headline measures, none where the report does not have both."""
    found = [change for measure in report.headline if (change := report.change(measure))]
    if len(found) < 2:
        return []
    cash, all_days = found
    way = way_of(cash)
    about = {"area": report.area_name, "other": compared_in(all_days)}
    if way != way_of(all_days):
        form = "{What} i {area} {moved} {periods}, medan {other} {other_moved}."
        return [told(cash, form, moved=_moved(cash), other_moved=_moved(all_days), **about)]
    if not way:
        form = "Varken {what} eller {other} i {area} ändrades mer än avrundningen {periods}."
        return [told(cash, form, **about)]
    return [
        told(
            cash,
            "Både {what} och {other} i {area} {moved} {periods}: {what} med {percent:abs} procent och {other} med "
            "{q:abs} procent.",
            moved=_WORDS[way],
            q=change_facts(all_days).percent,
            **about,
        )
    ]


def way_of(change: Change) -> int:
    """Return -1 for a fall and 1 for a rise beyond what rounding leaves open, else 0."""
    return 0 if change.within_rounding else -1 if change.difference < 0 else 1


def _moved(change: Change) -> Text:
    way = way_of(change)
    by = " med {percent:abs} procent" if way else ""
    return told(change, _WORDS[way] + by)


def country(report: Report, *, told_of: list[str]) -> Text:
    """Say how the country fared; `told_of` are the measures that are told of the county already."""
    if not report.compared:
        return _riket_by_itself(report)
    if len(report.compared) > 1 and all(c.county.after.sex == "alla" for c in report.compared):
        return _in_short(report.compared)
    return join(_beside_riket(found, told_of) for found in report.compared)


def _in_short(compared: list[Comparison]) -> Text:
    """Say in two sentences how riket and the counties did in several measures."""
    riket = []
    for found in compared:
        way = change_facts(found.riket).moved(
            fell="minskade", rose="ökade", same="ändrades inom avrundningen"
        )
        riket.append(told(found.riket, "{what} {way} med {percent:abs} procent", way=way))
    places = [
        say(
            "plats {place} i {what}{usual}",
            place=place_words(found),
            what=measure_of(found.county.after.measure).name.lower(),
            usual=_usual(found, " ({} vanlig variation)"),
        )
        for found in compared
    ]
    return say(
        "I riket: {riket}. Räknat från den största minskningen i procent ligger länet bland de {n} länen på "
        "{places}.",
        riket=_listed(riket),
        n=count_fact("antal län", compared[0].counties),
        places=_listed(places),
    )


def _listed(parts: list[Text]) -> Text:
    return say("{first} och {last}", first=join(parts[:-1], ", "), last=parts[-1])


def _beside_riket(found: Comparison, told_of: list[str]) -> Text:
    riket = change_facts(found.riket).percent
    if not same_way(found.county, found.riket):
        form = (
            "I hela landet ändrades {what} {periods} med {riket:signed} procent, i länet med "
            "{percent:signed} procent."
        )
        said = told(found.county, form, riket=riket)
    else:
        form = "{What} {moved} {periods} med {percent:abs} procent i länet och med {riket:abs} procent i riket."
        if found.county.after.measure in told_of:
            form = "Samtidigt {moved} {what} med {riket:abs} procent i riket."
        way = direction(riket, fell="minskade", rose="ökade", same="låg stilla")
        said = told(found.county, form, riket=riket, moved=way)
    return say(
        "{said} Räknat från den största minskningen i procent ligger länet på plats {rank} av de {n} länen.{usual}",
        said=said,
        n=count_fact("antal län", found.counties),
        rank=place_words(found),
        usual=_usual(found, " Länets ändring är {} vanlig variation mellan län."),
    )


def _usual(found: Comparison, form: str) -> str:
    """Return where the county lies, inside or outside the usual variation, nothing where that is not known."""
    return form.format(found.others.where) if found.others and found.others.usual else ""


def _riket_by_itself(report: Report) -> Text:
    """Say what riket's values did for the measures that the county has, or that they are missing."""
    sentences = [
        told(
            riket,
            "{name}{sex}: från {before} till {after}, {moved_by}.",
            sex=comma_sex(sex),
        )
        for measure in report.shown
        for sex in changes_by_sex(report, measure)
        if (riket := report.change(measure, sex, area=areas.RIKET))
    ]
    if not sentences:
        return say(
            "Hur det gick i resten av landet går inte att säga: värden för riket och de andra länen "
            "med samma tidpunkter saknas."
        )
    return say("I riket: {said}", said=join(sentences[:3]))
