"""What a county's cases built of certificates say in a line: the titles of their tables, and page one of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from vgstats.blocks.blocks import Block, Bullets
from vgstats.blocks.words import uncapitalised
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period
from vgstats.facts.facts import Fact, value_fact
from vgstats.facts.text import Name, Text, join, say
from vgstats.methods.result import NotComputable
from vgstats.methods.two_counts import proportion_difference, rate_ratio
from vgstats.observations import Value
from vgstats.reports.base.mapped import (
    ACTIONS,
    AGES,
    CASES,
    DEGREES,
    DIAGNOSES,
    EMPLOYERS,
    LENGTHS,
    MEDIAN,
    OCCUPATIONS,
    SPECIALTIES,
    Mapped,
)
from vgstats.sections.case_cells import (
    NOT_FK,
    UNDER_REGISTERED,
    are_words,
    group_words,
    of_cases,
    rate_of,
    share_of,
)
from vgstats.sections.units_before_after import effect_words
from vgstats.sections.units_in_funnel import funnel_words
from vgstats.sections.words import front_part

_SAY = {
    DIAGNOSES: "{name} är {p} procent av sjukfallen{before}",
    LENGTHS: "{p} procent av sjukfallen har pågått i {name}{before}",
    DEGREES: "{p} procent {are}{before}",
    OCCUPATIONS: "{p} procent av de sjukskrivna {are}{before}",
    SPECIALTIES: "Vanligaste intygande specialitet: {name}, {p} procent av sjukfallen{before}",
    EMPLOYERS: "Vanligaste arbetsgivare: {name}, {p} procent av de anställda som är sjukskrivna{before}",
    AGES: "{p} procent av de sjukskrivna {are}{before}",
}
_UNKNOWN = {
    OCCUPATIONS: "Sysselsättningen är okänd i {p} procent av sjukfallen{before}",
    SPECIALTIES: "Den som intygar är okänd i {p} procent av sjukfallen{before}",
    EMPLOYERS: "Arbetsgivaren är okänd i {p} procent av sjukfallen{before}",
}  # where that is the largest group
_TOLD = {LENGTHS: "180+", DEGREES: "partiell", DIAGNOSES: "F00-F99"}  # else the largest group
LEVEL = (
    0.99  # of a change between two days: a table has several shares, and a report several tables
)


def many_words(report: Mapped) -> Text | str:
    """Return how many cases go on, and how many went on the earlier day, as a title."""
    days = report.parameters.days
    found = [report.number(CASES, day) for day in days]
    last, first = found[-1], found[0] if len(found) > 1 else None
    if not last:
        return "Pågående sjukfall"
    when = "ett år tidigare" if _a_year(days) else f"den {_day(days[0])}"
    before = (
        say(
            ", mot {n} {when}{chance}",
            n=value_fact(first),
            when=when,
            chance="" if _differ(last, first) else ", vilket kan vara slump",
        )
        if first
        else ""
    )
    form = "{n} sjukfall pågick den {day}{before}"
    return say(form, n=value_fact(last), day=_day(days[-1]), before=before)


def _differ(now: Value, then: Value) -> bool:
    """Return whether two counts are the same, or differ by more than chance does."""
    if now.value == then.value or not then.value:
        return True
    interval = rate_ratio(now.value, 1, then.value, 1, level=LEVEL).interval
    return not interval.low <= 1 <= interval.high


def _day(day: str) -> str:
    return Period.parse(day).swedish()


def _a_year(days: Sequence[str]) -> bool:
    return int(days[-1][:4]) - int(days[0][:4]) == 1 and days[0][4:] == days[-1][4:]


def finding_of(report: Mapped, measure: str) -> Text | None:
    """Return what a table says in a line: its largest group or the one told first, None without shares."""
    days = report.parameters.days
    shares = {v: share_of(report, measure, days[-1], v) for v in report.groups(measure)}
    known = {value: fact for value, fact in shares.items() if fact}
    if not known or measure not in _SAY:
        return None
    told = _TOLD.get(measure, "")
    if told not in known:
        named = [value for value in known if value not in ("okänd", "övriga")] or list(known)
        told = max(named, key=lambda value: known[value].value)
    then = share_of(report, measure, days[0], told) if len(days) > 1 else None
    unknown = known.get("okänd")
    if measure in _UNKNOWN and unknown and unknown.value > known[told].value:
        told, then = "okänd", share_of(report, measure, days[0], "okänd") if len(days) > 1 else None
    before = _before(report, measure, told, known[told], then) if then else ""
    return _said(report, measure, told, known[told], before)


def _said(report: Mapped, measure: str, value: str, share: Fact, before: Text | str) -> Text:
    group = report.groups(measure)[value]
    if value == "okänd" and measure in _UNKNOWN:
        return say(_UNKNOWN[measure], p=share, before=before)
    form, name = _SAY[measure], group_words(group)
    if "{are}" in form:
        return say(form, p=share, are=are_words(group), before=before)
    name = name.capitalised() if form.startswith("{name}") else name
    return say(form, name=name, p=share, before=before)


def _before(report: Mapped, measure: str, value: str, now: Fact, then: Fact) -> Text:
    """Return what a share was on the earlier day, as the end of a sentence, and whether that may be chance."""
    day = _day(report.parameters.days[0])
    if then.printed() == now.printed():
        return say(", lika stor andel som den {day}", day=day)
    chance = "" if _moved(report, measure, value) else ", vilket kan vara slump"
    return say(", mot {p} procent den {day}{chance}", p=then, day=day, chance=chance)


def _moved(report: Mapped, measure: str, value: str) -> float:
    """Return how many half intervals a share has moved between the days, 0 where chance may do it."""
    then, now = report.parameters.days
    found = [
        one
        for day in (now, then)
        for one in (report.number(measure, day, value), report.whole(measure, day))
        if one
    ]
    if len(found) < 4:
        return 0.0
    events, of, earlier, earlier_of = (one.value for one in found)
    try:
        change = proportion_difference(events, of, earlier, earlier_of, level=LEVEL)
    except NotComputable:
        return 0.0
    low, high = change.interval.low, change.interval.high
    return 0.0 if low <= 0 <= high else abs(change.estimate) / ((high - low) / 2)


def moved_most(report: Mapped, measure: str) -> Text | None:
    """Return the share of a table that has changed most beyond chance, or that none has; None without two days."""
    days = report.parameters.days
    shares = {
        value: pair
        for value in report.groups(measure)
        if all(pair := [share_of(report, measure, day, value) for day in days])
    }
    if len(days) < 2 or not shares:
        return None
    most = max(shares, key=lambda value: _moved(report, measure, value))
    if not _moved(report, measure, most):
        what = uncapitalised(measure_of(measure).short_name).rpartition(" ")[2]
        return say(
            "Ingen {what} har ändrat sin andel av sjukfallen mer än slumpen kan förklara", what=what
        )
    then, now = shares[most]
    if not then or not now:
        return None
    return _said(
        report, measure, most, now, say(", mot {p} procent den {day}", p=then, day=_day(days[0]))
    )


@of_cases
def case_findings(report: Mapped) -> Block:
    """Return *Det viktigaste*: how many cases, for how long, with what diagnoses, and which units stand out."""
    told: list[list[Text | None]] = [
        [_ongoing(report), _women_and_men(report)],
        [_sentence(finding_of(report, LENGTHS)), _half(report)],
        [_sentence(one) for one in (finding_of(report, DIAGNOSES), moved_most(report, DIAGNOSES))],
        [_sentence(finding_of(report, DEGREES))],
        [_sentence(funnel_words(report)), effect_words(report)],
    ]
    return front_part(
        "Det viktigaste", Bullets([join(once) for one in told if (once := _once(one))])
    )


def _once(sentences: Iterable[Text | None]) -> list[Text]:
    return [*{one.plain(): one for one in sentences if one}.values()]


def _sentence(words: Text | None) -> Text | None:
    return say("{w}.", w=words) if words else None


def _ongoing(report: Mapped) -> Text | None:
    there = report.number(CASES, report.parameters.snapshot)
    return say("{w}.", w=many_words(report)) if there else None


def _women_and_men(report: Mapped) -> Text | None:
    day, sexes = report.parameters.snapshot, ("kvinnor", "män")
    women, men = (report.number(CASES, day, sex=sex) for sex in sexes)
    if not women or not men:
        return None
    told = {"women": value_fact(women), "men": value_fact(men)}
    of_women, of_men = (rate_of(report, day, sex=sex) for sex in sexes)
    if not of_women or not of_men:
        return say("Bland kvinnor pågick {women} sjukfall, bland män {men}.", **told)
    form = "Bland kvinnor pågick {women} sjukfall ({of_women} per 1 000 listade), bland män {men} ({of_men})."
    return say(form, **told, of_women=of_women, of_men=of_men)


def _half(report: Mapped) -> Text | None:
    found = report.number(MEDIAN, report.parameters.snapshot)
    return say("{w}.", w=half_words(found)) if found else None


def half_words(days: Value) -> Text:
    """Return within how many days half of the cases that start have ended, as a title."""
    return say("Hälften av de sjukfall som startar är avslutade inom {n} dagar", n=value_fact(days))


@of_cases
def case_limits(report: Mapped) -> Block:
    """Return *Det här går inte att säga*: what the numbers are not, and what was recorded otherwise."""
    acted = any(share_of(report, one, report.parameters.snapshot, "ja") for one in ACTIONS)
    said: list[Text | None] = [
        say(NOT_FK),
        say(
            "Siffrorna visar hur det var, inte varför: de mäter varken vården eller de som är listade."
        ),
        say(UNDER_REGISTERED) if acted else None,
        *_recorded(report),
    ]
    return front_part("Det här går inte att säga", Bullets([one for one in said if one]))


def _recorded(report: Mapped) -> list[Text]:
    """Return what a region has remarked on its figures, such as that certificates stopped for some people."""
    return [say("{w}", w=Name(one.text)) for one in report.remarks("kalla") if one.own]
