"""What to talk about at a unit: what of its sheet differs from its region by more than chance, at most three things."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vgstats.blocks.blocks import Block, Bullets, paragraphs
from vgstats.blocks.words import uncapitalised
from vgstats.catalogue.measures import measure as measure_of
from vgstats.facts.text import Text, say
from vgstats.methods.result import NotComputable
from vgstats.methods.two_counts import proportion_difference, rate_ratio
from vgstats.observations import Value
from vgstats.reports.base.mapped import (
    ACTIONS,
    CASES,
    DEGREES,
    DIAGNOSES,
    LENGTHS,
    LISTED,
    OCCUPATIONS,
    Mapped,
)
from vgstats.sections.case_cells import day_words, group_words, of_cases, per_listed, share_of
from vgstats.sections.unit_sheet import usual_of
from vgstats.sections.words import front_part

_FIRST = 99.0  # how strong what lies far outside the usual is: told first
LEVEL = 0.998  # so that hardly one unit in ten has something to say by chance alone
_ASKED = (
    (LENGTHS, ("365+", "180+", "90+")),
    (DEGREES, ("partiell",)),
    (DIAGNOSES, ("F43", "F00-F99", "M00-M99")),
    (OCCUPATIONS, ("arbetslös", "försörjningsstöd")),
    *((one, ("ja",)) for one in ACTIONS),
)


@dataclass(frozen=True)
class _Difference:
    """Something that differs: the words, and how many times its uncertainty it is."""

    words: Text
    strength: float


@of_cases
def to_talk_about(report: Mapped, most: int = 3) -> Block:
    """Return *Att tala om*: what differs from the rest of the region, or from the year before, by more than chance.

    Args:
        report: the report on a unit.
        most: how many things at most.
    """
    if report.too_few(report.parameters.snapshot):
        few = "Ni har för få sjukfall för att skilja er från regionen mer än slumpen kan göra."
        return front_part("Att tala om", paragraphs(few))
    found = sorted(_differences(report), key=lambda one: -one.strength)[:most]
    if not found:
        same = "Inget skiljer sig från regionen, eller från i fjol, mer än slumpen kan göra."
        return front_part("Att tala om", paragraphs(same))
    why = say("Det är mer än slumpen brukar ge. Siffrorna säger inte varför.")
    return front_part("Att tala om", Bullets([one.words for one in found]), paragraphs(why))


def _differences(report: Mapped) -> Iterator[_Difference]:
    """Yield what differs, of nested groups (365 days in 90, F43 in F) the strongest alone."""
    for measure, values in _ASKED:
        found = [one for value in values if (one := _share(report, measure, value))]
        if found:
            yield max(found, key=lambda one: one.strength)
    if change := _change(report):
        yield change
    usual = usual_of(report)
    if usual and abs(usual.side) == 2:
        words = say(
            "Ni har {usual}.", usual=usual.short().replace(" än vanligt", " sjukfall än vanligt")
        )
        yield _Difference(words, _FIRST)


def _share(report: Mapped, measure: str, value: str) -> _Difference | None:
    """Return how a share differs from that of the rest of the region, None where chance may do it."""
    day = report.parameters.snapshot
    numbers: list[Value] = []
    for area in (report.area, report.county):
        part = report.number(measure, day, value, area=area)
        whole = report.whole(measure, day, area=area)
        numbers += [one for one in (part, whole) if one]
    own, theirs = (
        share_of(report, measure, day, value, area=a) for a in (report.area, report.county)
    )
    if len(numbers) < 4 or not own or not theirs or own.printed() == theirs.printed():
        return None
    events, of, all_events, all_of = (one.value for one in numbers)
    try:
        found = proportion_difference(events, of, all_events - events, all_of - of, level=LEVEL)
    except NotComputable:
        return None
    strength = _strength(found.estimate, found.interval.low, found.interval.high, 0)
    if not strength:
        return None
    words = say(
        "{more} {what}: {own} procent hos er, {theirs} i regionen.",
        more="Fler" if found.estimate > 0 else "Färre",
        what=_what(report, measure, value),
        own=own,
        theirs=theirs,
    )
    return _Difference(words, strength)


def _what(report: Mapped, measure: str, value: str) -> Text:
    name = group_words(report.groups(measure)[value])
    if measure in ACTIONS:
        done = uncapitalised(measure_of(measure).short_name).removeprefix("med ")
        return say("har {done} registrerad", done=done)
    forms = {LENGTHS: "har pågått i {name}", DIAGNOSES: "har {name}"}
    return say(forms.get(measure, "är {name}"), name=name)


def _change(report: Mapped) -> _Difference | None:
    """Return how the cases per listed have changed since the earlier day, None where chance may do it."""
    if not report.parameters.earlier:
        return None
    then, now = report.parameters.days
    found = [report.number(m, d) for d in (now, then) for m in (CASES, LISTED)]
    if not all(found):
        return None
    cases, listed, cases_then, listed_then = (one for one in found if one)
    try:
        ratio = rate_ratio(
            cases.value, listed.value, cases_then.value, listed_then.value, level=LEVEL
        )
    except NotComputable:
        return None
    strength = _strength(ratio.estimate, ratio.interval.low, ratio.interval.high, 1)
    first, last = per_listed(cases_then, listed_then), per_listed(cases, listed)
    if not strength or not first or not last:
        return None
    words = say(
        "Sjukfallen har blivit {more}: från {then} per 1 000 listade den {day} till {now}.",
        more="fler" if ratio.estimate > 1 else "färre",
        then=first,
        now=last,
        day=day_words(then),
    )
    return _Difference(words, strength)


def _strength(estimate: float, low: float, high: float, same: float) -> float:
    """Return how many half intervals a number lies from that of no difference, 0 where the interval holds that."""
    return 0.0 if low <= same <= high else abs(estimate - same) / ((high - low) / 2)
