"""The tables of a county's cases built of certificates: women and men, year beside year, counts and shares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from vgstats.blocks.blocks import Block, Folded, paragraphs, together
from vgstats.blocks.tables import HIDDEN, Cell, Column, Table
from vgstats.blocks.words import capitalised, uncapitalised
from vgstats.catalogue.case_tables import faults
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period
from vgstats.catalogue.words import dimensions, parse_group
from vgstats.errors import VgstatsError
from vgstats.facts.facts import Fact, count_fact, value_fact
from vgstats.facts.text import Text, say
from vgstats.methods.result import NotComputable
from vgstats.methods.two_counts import proportion_difference
from vgstats.observations import Value
from vgstats.reports.base.mapped import (
    ACTIONS,
    AGES,
    CASES,
    DECLARED,
    DEGREES,
    DIAGNOSES,
    EMPLOYERS,
    ENDED,
    FAULTS,
    LENGTHS,
    LISTED,
    MEDIAN,
    NET_DAYS,
    OCCUPATIONS,
    REMAINING,
    SPECIALTIES,
    STARTED,
    Mapped,
    undeclared,
)
from vgstats.sections.case_cells import (
    OF_CERTIFICATES,
    UNDER_REGISTERED,
    count_cell,
    day_words,
    group_words,
    of_cases,
    per_listed,
    rate_of,
    recorded,
    share_cell,
    share_of,
)
from vgstats.sections.words import left_out

_SAY = {
    DIAGNOSES: "{name} är {p} procent av sjukfallen{before}",
    LENGTHS: "{p} procent av sjukfallen har pågått i {name}{before}",
    DEGREES: "{p} procent är {name}{before}",
    OCCUPATIONS: "{name} är {p} procent av de sjukskrivna{before}",
    SPECIALTIES: "Den som intygar: {name} är vanligast, {p} procent{before}",
    EMPLOYERS: "Arbetsgivare till dem som är anställda: {name} är vanligast, {p} procent{before}",
    AGES: "{p} procent av de sjukskrivna är {name}{before}",
}
_UNKNOWN = {
    SPECIALTIES: "Den som intygar är okänd i {p} procent av sjukfallen{before}",
    EMPLOYERS: "Arbetsgivaren är okänd i {p} procent av sjukfallen{before}",
}  # where that is the largest group
_TOLD = {LENGTHS: "180+", DEGREES: "partiell", DIAGNOSES: "F00-F99"}  # else the largest group
LEVEL = (
    0.99  # of a change between two days: a table has several shares, and a report several tables
)
_SEXES = {"kvinnor": "Kvinnor", "män": "Män", "alla": "Alla"}

FORMER_NAME = "tidigare namn på enheten"  # a fault that is not among the faulty rows

Row = tuple[Text | str, Callable[[str, str], Cell]]  # its heading, and its cell of a day and a sex


@of_cases
def case_numbers(report: Mapped) -> Block:
    """Return how many cases are ongoing, per 1 000 listed too, and how many started and ended, by sex."""
    rows: list[Row] = [("Pågående sjukfall", partial(_count, report, CASES, ""))]
    if rate_of(report, report.parameters.snapshot):
        rows.append(("Per 1 000 listade", lambda day, sex: rate_of(report, day, sex=sex)))
    counted = {
        STARTED: "Startade på tolv månader",
        ENDED: "Avslutade på tolv månader",
        NET_DAYS: "Nettodagar på tolv månader",
        LISTED: "Listade",
    }
    rows += [(words, partial(_count, report, m, "")) for m, words in counted.items()]
    return _by_sex_and_day(report, rows, "Sjukfall", id="antal", caption=many_words(report))


def many_words(report: Mapped) -> Text | str:
    """Return how many cases go on, and how many went on the earlier day, as a title."""
    days = report.parameters.days
    found = [report.number(CASES, day) for day in days]
    last, first = found[-1], found[0] if len(found) > 1 else None
    if not last:
        return "Pågående sjukfall"
    when = "ett år tidigare" if _a_year(days) else f"den {_day(days[0])}"
    before = say(", mot {n} {when}", n=value_fact(first), when=when) if first else ""
    form = "{n} sjukfall pågick den {day}{before}"
    return say(form, n=value_fact(last), day=_day(days[-1]), before=before)


def _day(day: str) -> str:
    return Period.parse(day).swedish()


def _a_year(days: Sequence[str]) -> bool:
    return int(days[-1][:4]) - int(days[0][:4]) == 1 and days[0][4:] == days[-1][4:]


@of_cases
def case_table(report: Mapped, measure: str) -> Block:
    """Return one of the declared tables: shares with counts of its groups, women and men, and per 1 000 listed.

    Args:
        report: the report.
        measure: the table's, such as `intygsfall_diagnos`.

    Raises:
        VgstatsError: the table is not declared.
    """
    if measure not in DECLARED:
        raise VgstatsError(undeclared([measure]))
    groups = report.groups(measure)
    if not groups:
        name = measure_of(measure).name
        return left_out(report, f"{name} finns inte bland uppgifterna.", measures=[measure])
    (dimension,) = {key for group in groups.values() for key in parse_group(group)}
    first, table = dimensions()[dimension].name, measure.removeprefix("intygsfall_")
    headed = {value: group_words(group).capitalised() for value, group in groups.items()}
    shares: list[Row] = [(w, partial(_share, report, measure, v)) for v, w in headed.items()]
    caption = finding_of(report, measure) or measure_of(measure).name
    found = together(
        _by_sex_and_day(report, shares, first, id=table, caption=caption),
        paragraphs(recorded(report, measure), kind="missing"),
    )
    if not rate_of(report, report.parameters.snapshot):
        return found
    rates: list[Row] = [(w, partial(_rate, report, measure, v)) for v, w in headed.items()]
    per = f"{measure_of(measure).name}, per 1 000 listade"
    more = _by_sex_and_day(report, rates, first, id=f"{table}-listade", caption=per)
    return together(found, Folded([more], "Visa per 1 000 listade"))


def _by_sex_and_day(report: Mapped, rows: Sequence[Row], first: str, **heads: Any) -> Table:
    """Return rows with a column for each sex and day, without the rows and columns that nothing is known of."""
    keys = [(sex, day) for sex in _SEXES for day in report.parameters.days]
    cells = {(n, key): row[1](key[1], key[0]) for n, row in enumerate(rows) for key in keys}
    there = [key for key in keys if any(cells[n, key] is not None for n in range(len(rows)))]
    known = [n for n in range(len(rows)) if any(cells[n, key] is not None for key in there)]
    several = any(sex != "alla" for sex, _ in there)
    columns = [Column(first, "text", of=lambda n: rows[n][0])]
    columns += [
        Column(
            f"{_SEXES[key[0]] if several else ''} {day_words(key[1])}".strip(),
            of=partial(_cell, cells, key),
        )
        for key in there
    ]
    if heads["id"] != "fel":
        heads["note"] = " ".join(filter(None, (heads.get("note"), OF_CERTIFICATES)))
    return Table.from_frame(known, columns, **heads)


def _cell(cells: dict[tuple[int, tuple[str, str]], Cell], key: tuple[str, str], n: int) -> Cell:
    return cells[n, key]


def _count(report: Mapped, measure: str, value: str, day: str, sex: str) -> Cell:
    return count_cell(report, measure, day, value, sex=sex)


def _share(report: Mapped, measure: str, value: str, day: str, sex: str) -> Cell:
    return share_cell(report, measure, day, value, sex=sex)


def _rate(report: Mapped, measure: str, value: str, day: str, sex: str) -> Cell:
    found = report.number(measure, day, value, sex=sex)
    rate = per_listed(found, report.number(LISTED, day, sex=sex))
    return rate or (HIDDEN if report.is_kept_back(measure, day, value, sex=sex) else None)


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
    name = group_words(report.groups(measure)[value])
    form = _UNKNOWN[measure] if value == "okänd" and measure in _UNKNOWN else _SAY[measure]
    name = name.capitalised() if form.startswith("{name}") else name
    return say(form, name=name, p=share, before=before)


def _before(report: Mapped, measure: str, value: str, now: Fact, then: Fact) -> Text:
    """Return what a share was on the earlier day, as the end of a sentence: another where chance hardly does it."""
    day = _day(report.parameters.days[0])
    if then.printed() == now.printed():
        return say(", lika stor andel som den {day}", day=day)
    if not _moved(report, measure, value):
        return say(", ungefär lika stor andel som den {day}", day=day)
    return say(", mot {p} procent den {day}", p=then, day=day)


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
    day = _day(days[0])
    if not _moved(report, measure, most):
        what = uncapitalised(measure_of(measure).short_name).rpartition(" ")[2]
        return say(
            "Ingen {what} har fått en större eller mindre andel av sjukfallen än den {day}, mer än slumpen kan göra",
            what=what,
            day=day,
        )
    then, now = shares[most]
    if not then or not now:
        return None
    return _said(report, measure, most, now, say(", mot {p} procent den {day}", p=then, day=day))


@of_cases
def case_lengths(report: Mapped) -> Block:
    """Return how long the cases have gone on, and how many of those that start still go on after some days."""
    return together(case_table(report, LENGTHS), _remaining(report))


def _remaining(report: Mapped) -> Block | None:
    """Return the share of started cases that still go on after some days (Kaplan–Meier), and the median."""
    rows: list[Row] = [
        (
            say("Pågår efter {days}, procent", days=group_words(g)),
            partial(_count, report, REMAINING, v),
        )
        for v, g in report.groups(REMAINING).items()
    ]
    half = report.number(MEDIAN, report.parameters.snapshot)
    if half:
        rows.append(("Hälften avslutade inom, dagar", partial(_count, report, MEDIAN, "")))
    if not rows:
        return None
    caption = (
        say("Hälften av sjukfallen är avslutade inom {n} dagar", n=value_fact(half))
        if half
        else "Hur många sjukfall som pågår ännu efter ett antal dagar"
    )
    note = (
        "Av sjukfall som startade under tolv månader. De som pågår ännu räknas med så länge de har pågått "
        "(Kaplan–Meier), så talen gäller alla som startade, inte bara de avslutade."
    )
    return _by_sex_and_day(report, rows, "Efter start", id="kvar", caption=caption, note=note)


@of_cases
def case_actions(report: Mapped) -> Block:
    """Return plans, coordination and contacts in cases of four weeks or more, women and men, on both days."""
    day = report.parameters.snapshot
    there = [one for one in ACTIONS if report.groups(one)]
    if not there:
        return left_out(report, "Planer, koordinering och kontakter finns inte bland uppgifterna.")
    rows: list[Row] = [(measure_of(m).short_name, partial(_share, report, m, "ja")) for m in there]
    share = share_of(report, there[0], day, "ja")
    what = uncapitalised(measure_of(there[0]).short_name).removeprefix("med ")
    form = "{p} procent av sjukfallen på {n} dagar eller mer har {what} registrerad"
    caption: Text | str = "Registrerade planer och kontakter"
    if share:
        caption = say(form, p=share, what=what, n=count_fact("minst dagar", 28))
    note = UNDER_REGISTERED
    found = _by_sex_and_day(report, rows, "Registrerat", id="insatser", caption=caption, note=note)
    return together(found, paragraphs(recorded(report, *ACTIONS), kind="missing"))


@of_cases
def case_faults(report: Mapped) -> Block:
    """Return how many rows of the certificates had faults, of what kind, and what became of them."""
    day, then = report.parameters.snapshot, faults()
    known = report.groups(FAULTS)
    there = [
        value
        for value in [*then, *(one for one in known if one not in then)]
        if value in known
        if _is_some(report.number(FAULTS, day, value)) or report.is_kept_back(FAULTS, day, value)
    ]
    if not there:
        return left_out(
            report, "Rader med fel i underlaget finns inte bland uppgifterna.", measures=[FAULTS]
        )
    whole = report.number(FAULTS, day)
    caption: Text | str = capitalised(measure_of(FAULTS).name)
    if whole:
        but = ", utöver äldre namn på enheter" if FORMER_NAME in there else ""
        caption = say("{n} rader i underlaget har något fel{but}", n=value_fact(whole), but=but)
    columns = [
        Column("Vad som är fel", "text", of=capitalised),
        Column("Rader", of=lambda value: count_cell(report, FAULTS, day, value)),
        Column("Vad som har hänt med dem", "text", of=lambda value: then.get(value, "")),
    ]
    return Table.from_frame(there, columns, id="fel", caption=caption)


def _is_some(found: Value | None) -> bool:
    return found is not None and found.value > 0
