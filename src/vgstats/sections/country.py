"""The first screen: how the country fared over the same time."""

from __future__ import annotations

from vgstats.blocks.words import capitalised, compared_in, from_to, moved, place_words, sex_words
from vgstats.catalogue import areas
from vgstats.catalogue.measures import measure as measure_of
from vgstats.facts.facts import count_fact
from vgstats.facts.text import Text, direction, join, say
from vgstats.methods.before_after import ChangeFacts, change_facts
from vgstats.methods.comparison import Comparison
from vgstats.reports.report import Report

_SEXES = ("kvinnor", "män")


def country(report: Report, *, told: list[str]) -> Text:
    """Say how the country fared; `told` are the measures that are told of the county already."""
    if not report.compared:
        return _riket_by_itself(report)
    if len(report.compared) > 1 and all(c.county.after.sex == "alla" for c in report.compared):
        return _in_short(report.compared)
    return join(_beside_riket(report, found, told) for found in report.compared)


def _in_short(compared: list[Comparison]) -> Text:
    """Say in two sentences how riket and the counties did in several measures."""
    riket = [
        say(
            "{what} {moved} med {p:abs} procent",
            what=compared_in(found.riket),
            moved=found_facts.moved(
                fell="minskade", rose="ökade", same="ändrades inom avrundningen"
            ),
            p=found_facts.percent,
        )
        for found in compared
        for found_facts in [change_facts(found.riket)]
    ]
    places = [
        say(
            "plats {place} i {what}{usual}",
            place=place_words(found),
            what=measure_of(found.county.after.measure).name.lower(),
            usual=f" ({found.others.where} vanlig variation)"
            if found.others and found.others.usual
            else "",
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


def _beside_riket(report: Report, found: Comparison, told: list[str]) -> Text:
    county, riket = change_facts(found.county), change_facts(found.riket)
    place = say(
        "Räknat från den största minskningen i procent ligger länet på plats {rank} av de {n} länen."
        "{usual}",
        n=count_fact("antal län", found.counties),
        rank=place_words(found),
        usual=f" Länets ändring är {found.others.where} vanlig variation mellan län."
        if found.others and found.others.usual
        else "",
    )
    what = compared_in(found.county)
    if not _same_way(county, riket):
        return say(
            "I hela landet ändrades {what} {periods} med {riket:signed} procent, i länet med "
            "{county:signed} procent. {place}",
            what=what,
            periods=from_to(found.county),
            county=county.percent,
            riket=riket.percent,
            place=place,
        )
    if found.county.after.measure in told:
        return say(
            "Samtidigt {moved} {what} med {riket:abs} procent i riket. {place}",
            what=what,
            moved=direction(riket.percent, fell="minskade", rose="ökade", same="låg stilla"),
            riket=riket.percent,
            place=place,
        )
    return say(
        "{what} {moved} {periods} med {county:abs} procent i länet och med {riket:abs} procent i riket. "
        "{place}",
        what=capitalised(what),
        moved=direction(riket.percent, fell="minskade", rose="ökade", same="låg stilla"),
        periods=from_to(found.county),
        county=county.percent,
        riket=riket.percent,
        place=place,
    )


def _same_way(one: ChangeFacts, other: ChangeFacts) -> bool:
    """Return whether two changes have the same sign, neither of which may be rounding alone."""
    known = not (one.within_rounding or other.within_rounding)
    return known and one.percent.printed() * other.percent.printed() > 0


def _riket_by_itself(report: Report) -> Text:
    """Say what riket's values did for the measures that the county has, or that they are missing."""
    sentences = []
    for measure in report.shown:
        for sex in ("alla", *_SEXES):
            riket = report.change(measure, sex, area=areas.RIKET)
            if riket is None or report.change(measure, sex) is None:
                continue
            facts = change_facts(riket)
            sentences.append(
                say(
                    "{name}{sex}: från {before} till {after}, {moved_by}.",
                    name=measure_of(measure).name,
                    sex="" if sex == "alla" else f", {sex_words(sex)}",
                    before=facts.before,
                    after=facts.after,
                    moved_by=moved(facts),
                )
            )
    if not sentences:
        return say(
            "Hur det gick i resten av landet går inte att säga: värden för riket och de andra länen "
            "med samma tidpunkter saknas."
        )
    parts: dict[str, Text] = {f"s{i}": sentence for i, sentence in enumerate(sentences[:3])}
    return say("I riket: " + " ".join(f"{{{name}}}" for name in parts), **parts)
