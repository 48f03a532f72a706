"""Ändrat sedan förra rapporten: what a report made again says of the version that it replaces."""

from __future__ import annotations

from vgstats.blocks.blocks import Block, Bullets, LeftOut, paragraphs, together
from vgstats.blocks.words import comma_sex, compared_in, month_words, period_words
from vgstats.catalogue import areas
from vgstats.catalogue.measures import measure as measure_of
from vgstats.facts.facts import Fact, count_fact, value_fact
from vgstats.facts.text import SectionLink, Text, as_text, join, say, swedish_list
from vgstats.observations import Value
from vgstats.reports.base.revision import Finding, Revision, revision
from vgstats.reports.report import Report

HEADING = "Ändrat sedan förra rapporten"
_LISTED = 8
_OWN = (
    "Antal ur regionens eget register har ändrats. Vilka sägs inte, för det förra och det nya antalet bredvid "
    "varandra kan röja en enskild person."
)
_ELSEWHERE = (
    "Talen för området och riket är desamma som förut. Det som har ändrats är tal som de jämförs med, eller sättet "
    "att jämföra."
)


def revised(report: Report) -> Block:
    """Return which numbers and conclusions differ from the version that the report replaces; no room where none do."""
    found = revision(report)
    if found is None:
        return LeftOut(
            as_text("Rapporten ersätter ingen version med andra siffror eller slutsatser.")
        )
    listed, more = found.values[:_LISTED], len(found.values) - _LISTED
    items = [_line(report, former, now) for former, now in listed]
    if more > 0:
        items.append(say("Ytterligare {n} tal.", n=count_fact("fler reviderade tal", more)))
    return together(
        paragraphs(_replaces(found), _how_many(found) if items else None),
        Bullets(items) if items else None,
        paragraphs(
            None if items or found.replaced.own else _ELSEWHERE,
            _OWN if found.replaced.own else None,
            [_changed(finding) for finding in found.findings],
        ),
    )


def revised_sentence(report: Report) -> Text | None:
    """Return one line on what differs, with a link to where the report tells it; None where nothing does."""
    found = revision(report)
    if found is None:
        return None
    told = [_how_many(found, end="")] if found.values else []
    told += [say("antal ur regionens eget register har ändrats")] if found.replaced.own else []
    if named := [compared_in(finding.change) for finding in found.findings]:
        words = "slutsatsen" if len(named) == 1 else "slutsatserna"
        told.append(say("{words} om {named} har ändrats", words=words, named=swedish_list(named)))
    return say(
        "Rapporten ersätter den från {day}: {told}. Se {link}.",
        day=_day(found),
        told=join(told, " och "),
        link=SectionLink(HEADING),
    )


def _replaces(found: Revision) -> Text:
    version = found.replaced.version
    return say(
        "Den här rapporten ersätter den som gjordes {day}{by}.",
        day=_day(found),
        by=f" med vgstats {version}" if version else "",
    )


def _day(found: Revision) -> str:
    return month_words(found.replaced.made[:10])


def _how_many(found: Revision, end: str = " sedan dess:") -> Text:
    number = count_fact("reviderade tal", len(found.values))
    return say("{n} tal har reviderats{end}", n=number, end=end)


def _line(report: Report, former: Fact, now: Value) -> Text:
    """Return what one number was and is."""
    measure, today = measure_of(now.measure), value_fact(now)
    return say(
        "{name}{sex}, {place}, {when}: från {former} till {now} {unit}.",
        name=measure.name,
        sex=comma_sex(now.sex),
        place="riket" if now.area == areas.RIKET else areas.name(now.area),
        when=period_words(now),
        former=former,
        now=today,
        unit=today.unit,
    )


def _changed(finding: Finding) -> Text:
    """Return what is found today of a measure where that is something else than before."""
    said = say(
        "Slutsatsen om {what} har ändrats. {now}",
        what=compared_in(finding.change),
        now=finding.change.sentence(),
    )
    if finding.compared is None:
        return said
    return join([said, say("Bland länen: {mark}.", mark=finding.compared.mark())])
