"""What to talk about at a unit: what of its sheet differs from its region by more than chance, at most three things."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import exp, hypot, log

from vgstats.blocks.blocks import Block, Bullets, paragraphs
from vgstats.facts.facts import Fact, count_fact, value_fact
from vgstats.facts.text import Text, join, say
from vgstats.methods.chance import z_of
from vgstats.methods.funnel_of_expected import AmongExpected
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
from vgstats.sections.case_cells import (
    action_words,
    are_words,
    day_words,
    group_words,
    of_cases,
    of_listed,
    others_of,
    per_listed,
    share_of,
)
from vgstats.sections.unit_sheet import usual_of
from vgstats.sections.words import front_part

_FIRST = 99.0  # how strong what lies far outside the usual is: told first
LEVEL = 0.998  # so that hardly one unit in ten has something to say by chance alone
_OF = 1000
_FEW = (
    "Ni har för få sjukfall för att det ska gå att skilja det som utmärker er från slumpen. Därför visas inte heller "
    "hur de fördelar sig."
)
_HIDDEN = (
    "Antalet sjukfall hos er är dolt. Därför går det inte att säga vad som utmärker er, eller att visa hur de fördelar "
    "sig."
)
_EMPLOYED = "anställd"  # told as those who are not, which is what the sheet shows
_ASKED = (
    (LENGTHS, ("365+", "180+", "90+")),
    (DEGREES, ("partiell",)),
    (DIAGNOSES, ("F43", "F00-F99", "M00-M99")),
    (OCCUPATIONS, ("arbetslös", "försörjningsstöd", _EMPLOYED)),
    *((one, ("ja",)) for one in ACTIONS),
)
_CALLED = {
    LENGTHS: "hur länge sjukfallen har pågått",
    DEGREES: "hel eller delvis sjukskrivning",
    DIAGNOSES: "diagnoser",
    OCCUPATIONS: "sysselsättning",
    **dict.fromkeys(ACTIONS, "planer och kontakter"),
}


@dataclass(frozen=True)
class _Difference:
    """Something compared: how many times its uncertainty it differs, 0 where chance may do it, and in what words."""

    strength: float = 0.0
    words: Text = field(default_factory=partial(say, ""))
    of_actions: bool = False
    of_year_before: bool = False


@of_cases
def to_talk_about(report: Mapped, most: int = 3) -> Block:
    """Return *Att tala om*: what differs from the rest of the region, or from the year before, by more than chance.

    Args:
        report: the report on a unit.
        most: how many things at most.
    """
    if report.too_few(report.parameters.snapshot):
        hidden = report.is_kept_back(CASES, report.parameters.snapshot)
        return front_part("Att tala om", paragraphs(_HIDDEN if hidden else _FEW))
    compared = sorted(_compared(report), key=lambda one: -one.strength)
    found = [one for one in compared if one.strength]
    if not found:
        same = _same(report, compared)
        return front_part("Att tala om", paragraphs(join([same, *_not_compared(report)])))
    # What is registered at a unit or is not shows in all kinds of plans at once, so they are one thing to talk about.
    acted = [one for one in found if one.of_actions][:1]
    told = [one for one in found if not one.of_actions or one in acted][:most]
    why = say(
        "Det är mer än slumpen brukar ge{others}. Siffrorna säger inte varför.",
        others=", och det gäller fler skillnader i tabellerna" if len(told) < len(found) else "",
    )
    return front_part("Att tala om", Bullets([one.words for one in told]), paragraphs(why))


def _same(report: Mapped, compared: Sequence[_Difference]) -> Text:
    """Return that nothing of what was compared differs, or that nothing could be compared."""
    if not compared:
        return say(
            "Uppgifterna räcker inte för att jämföra er med regionen eller med er själva tidigare."
        )
    than = [
        *(["regionen"] if any(not one.of_year_before for one in compared) else []),
        *(["er själva tidigare"] if any(one.of_year_before for one in compared) else []),
    ]
    return say(
        "Inget som går att jämföra skiljer sig klart från {than}. Här tas bara upp sådant som slumpen ensam ger i "
        "högst {n} av {of} jämförelser.",
        than=", eller från ".join(than),
        n=count_fact("jämförelser som slumpen får att skilja sig", round(_OF * (1 - LEVEL))),
        of=count_fact("av så många jämförelser", _OF),
    )


def _compared(report: Mapped) -> Iterator[_Difference]:
    """Yield what can be compared, of nested groups (365 days in 90, F43 in F) the one that differs most alone."""
    for measure, values in _ASKED:
        found = [one for value in values if (one := _share(report, measure, value))]
        if found:
            yield max(found, key=lambda one: one.strength)
    if change := _change(report):
        yield change
    usual = usual_of(report)
    of_sexes = [one for sex in ("kvinnor", "män") if (one := _of_sex(report, sex, usual))]
    if of_sexes and not (usual and abs(usual.side) == 2):
        yield max(of_sexes, key=lambda one: one.strength)
    if usual:
        words = usual.short().replace(" än vanligt", " sjukfall än vanligt")
        yield _Difference(
            _FIRST if abs(usual.side) == 2 else 0.0, say("Ni har {usual}.", usual=words)
        )


def _share(report: Mapped, measure: str, value: str) -> _Difference | None:
    """Return how a share differs from that of the rest of the region, None where they cannot be compared."""
    day = report.parameters.snapshot
    numbers: list[Value] = []
    for area in (report.area, report.county):
        part = report.number(measure, day, value, area=area)
        whole = report.whole(measure, day, area=area)
        numbers += [one for one in (part, whole) if one]
    own, theirs = (
        _told_share(report, measure, day, value, area=a) for a in (report.area, report.county)
    )
    if len(numbers) < 4 or not own or not theirs:
        return None
    events, of, all_events, all_of = (one.value for one in numbers)
    try:
        found = proportion_difference(events, of, all_events - events, all_of - of, level=LEVEL)
    except NotComputable:
        return None
    strength = _strength(found.estimate, found.interval.low, found.interval.high, 0)
    if not strength or own.printed() == theirs.printed():
        return _Difference()
    what = _what(report, measure, value, more=(found.estimate > 0) != (value == _EMPLOYED))
    form = "{what}: {own} procent hos er, {theirs} i regionen."
    words = say(form, what=what, own=own, theirs=theirs)
    return _Difference(strength, words, measure in ACTIONS)


def _told_share(report: Mapped, measure: str, day: str, value: str, *, area: str) -> Fact | None:
    if value != _EMPLOYED:
        return share_of(report, measure, day, value, area=area)
    others = others_of(report, measure, value, day, area=area)
    return others[0] if others else None


def _of_sex(report: Mapped, sex: str, usual: AmongExpected | None) -> _Difference | None:
    """Return how a sex's cases per listed differ from the rest of the region's, None where they cannot be compared.

    Units differ by more than chance; the limits are as much wider as those that the unit as a whole is held against.
    """
    day, places = report.parameters.snapshot, (report.area, report.county)
    found = [report.number(m, day, area=a, sex=sex) for a in places for m in (CASES, LISTED)]
    if not usual or not all(found):
        return None
    own, listed, all_cases, all_listed = (one for one in found if one)
    rest = (all_cases.value - own.value, all_listed.value - listed.value)
    try:
        ratio = rate_ratio(own.value, listed.value, *rest, level=LEVEL)
    except NotComputable:
        return None
    if not ratio.estimate or not ratio.interval.low:
        return None
    middle = log(ratio.estimate)
    spread = z_of(LEVEL) * usual.spread
    low, high = (
        middle + side * hypot(log(end) - middle, spread)
        for side, end in ((-1, ratio.interval.low), (1, ratio.interval.high))
    )
    strength = _strength(ratio.estimate, exp(low), exp(high), 1)
    rate, theirs = per_listed(own, listed), per_listed(all_cases, all_listed)
    if not strength or not rate or not theirs:
        return _Difference()
    words = say(
        "{more} sjukfall bland {sex}: {own} per 1 000 listade hos er, {theirs} i regionen.",
        more="Fler" if ratio.estimate > 1 else "Färre",
        sex=sex,
        own=rate,
        theirs=theirs,
    )
    return _Difference(strength, words)


def _not_compared(report: Mapped) -> Iterator[Text]:
    """Yield what could not be compared since numbers of it are hidden, if there is any."""
    day = report.parameters.snapshot
    hidden = [
        _CALLED[measure]
        for measure, values in _ASKED
        if any(
            report.is_kept_back(measure, day, value, area=area)
            for value in values
            for area in (report.area, report.county)
        )
    ]
    if hidden:
        what = ", ".join(dict.fromkeys(hidden))
        yield say("Dolda tal har inte jämförts: de gäller {what}.", what=what)


def _what(report: Mapped, measure: str, value: str, *, more: bool) -> Text:
    group, many = report.groups(measure)[value], "fler" if more else "färre"
    if measure in ACTIONS:
        done = action_words(measure)
        return say("I {many} sjukfall har {done} registrerats", many=many, done=done)
    if value == _EMPLOYED:
        return say("{Many} är utan känd anställning", Many=many.capitalize())
    have = {LENGTHS: "har pågått i {name}", DIAGNOSES: "har {name}"}.get(measure)
    are = say(have, name=group_words(group)) if have else are_words(group)
    return say("{Many} {are}", Many=many.capitalize(), are=are)


def _change(report: Mapped) -> _Difference | None:
    """Return how the cases per listed have changed since the earlier day, None where they cannot be compared."""
    if not report.parameters.earlier:
        return None
    then, now = report.parameters.days
    rated = of_listed(report) or usual_of(report) is not None
    found = [report.number(m, d) for d in (now, then) for m in (CASES, LISTED if rated else CASES)]
    if not all(found):
        return None
    cases, listed, cases_then, listed_then = (one for one in found if one)
    of = (listed.value, listed_then.value) if rated else (1, 1)
    try:
        ratio = rate_ratio(cases.value, of[0], cases_then.value, of[1], level=LEVEL)
    except NotComputable:
        return None
    strength = _strength(ratio.estimate, ratio.interval.low, ratio.interval.high, 1)
    first, last = (
        per_listed(one, persons) if rated else value_fact(one)
        for one, persons in ((cases_then, listed_then), (cases, listed))
    )
    if not strength or not first or not last:
        return _Difference(of_year_before=True)
    words = say(
        "Sjukfallen har blivit {more}: från {then}{per} den {day} till {now}.",
        per=" per 1 000 listade" if rated else "",
        more="fler" if ratio.estimate > 1 else "färre",
        then=first,
        now=last,
        day=day_words(then),
    )
    return _Difference(strength, words, of_year_before=True)


def _strength(estimate: float, low: float, high: float, same: float) -> float:
    """Return how many half intervals a number lies from that of no difference, 0 where the interval holds that."""
    return 0.0 if low <= same <= high else abs(estimate - same) / ((high - low) / 2)
