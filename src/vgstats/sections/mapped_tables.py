"""The tables of a county's cases built of certificates: women and men, year beside year, counts and shares."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from vgstats.blocks.blocks import Block, together
from vgstats.blocks.tables import HIDDEN, Cell, Column, Table
from vgstats.blocks.words import WOMEN_AND_MEN, uncapitalised
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period
from vgstats.catalogue.words import dimensions, parse_group
from vgstats.errors import VgstatsError
from vgstats.facts.facts import count_fact, value_fact
from vgstats.facts.text import Text, say
from vgstats.observations import SEXES
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
    UNDER_REGISTERED,
    count_cell,
    day_words,
    group_words,
    per_listed,
    rate_of,
    share_of,
)
from vgstats.sections.words import left_out

_SAY = {
    DIAGNOSES: "{name} är {p} procent av sjukfallen{before}",
    LENGTHS: "{p} procent av sjukfallen har pågått i {name}{before}",
    DEGREES: "{p} procent är {name}{before}",
    OCCUPATIONS: "{name} är {p} procent av de sjukskrivna{before}",
    SPECIALTIES: "{name} har skrivit {p} procent av intygen{before}",
    EMPLOYERS: "{name} är arbetsgivare för {p} procent av de sjukskrivna{before}",
    AGES: "{p} procent av de sjukskrivna är {name}{before}",
}
_TOLD = {LENGTHS: "180+", DEGREES: "partiell", DIAGNOSES: "F00-F99"}  # else the largest group


def case_numbers(report: Mapped) -> Block:
    """Return how many cases are ongoing, per 1 000 listed too, and how many started and ended, by sex."""
    days, rows = report.parameters.days, []
    for sex in (*WOMEN_AND_MEN, "alla"):
        rows.append((f"Pågående, {_of_sex(sex)}", partial(count_cell, report, CASES, sex=sex)))
        if rate_of(report, days[-1], sex=sex):
            words = f"Per 1 000 listade, {_of_sex(sex)}"
            rows.append((words, partial(rate_of, report, sex=sex)))
    for measure, words in ((STARTED, "Startade"), (ENDED, "Avslutade"), (NET_DAYS, "Nettodagar")):
        rows += [
            (f"{words} på tolv månader, {_of_sex(sex)}", partial(count_cell, report, measure, sex=sex))
            for sex in (*WOMEN_AND_MEN, "alla")
            if report.number(measure, days[-1], sex=sex)
        ]
    columns = [Column("Sjukfall", "text", of=lambda row: row[0])]
    columns += [Column(day_words(d), of=lambda row, d=d: row[1](d)) for d in days]
    return Table.from_frame(rows, columns, id="antal", caption=many_words(report))


def many_words(report: Mapped) -> Text | str:
    """Return how many cases go on, and how many went on the earlier day, as a title."""
    days = report.parameters.days
    found = [report.number(CASES, day) for day in days]
    if not found[-1]:
        return "Pågående sjukfall"
    then = say(" mot {n} ett år tidigare", n=value_fact(found[0])) if len(found) > 1 and found[0] else ""
    if then and not _a_year(days):
        then = say(" mot {n} den {day}", n=value_fact(found[0]), day=_day(days[0]))  # type: ignore[arg-type]
    form = "{n} sjukfall pågick den {day}{then}"
    return say(form, n=value_fact(found[-1]), day=_day(days[-1]), then=then)


def _day(day: str) -> str:
    return Period.parse(day).swedish()


def _a_year(days: Sequence[str]) -> bool:
    return int(days[-1][:4]) - int(days[0][:4]) == 1 and days[0][4:] == days[-1][4:]


def _of_sex(sex: str) -> str:
    return "kvinnor och män" if sex == "alla" else sex


def case_table(report: Mapped, measure: str) -> Block:
    """Return one of the declared tables: its groups, women and men, counts and shares on both days.

    Args:
        report: the report.
        measure: the table's, such as `intygsfall_diagnos`.

    Raises:
        VgstatsError: the table is not declared.
    """
    if measure not in DECLARED:
        raise VgstatsError(undeclared([measure]))
    groups = report.groups(measure)
    day = report.parameters.snapshot
    there = [v for v in groups if any(_is_there(report, measure, day, v, sex) for sex in SEXES)]
    if not there:
        return left_out(report, f"{measure_of(measure).name} finns inte bland uppgifterna.")
    (dimension,) = {key for value in there for key in parse_group(groups[value])}
    rows = [
        (_headed(groups[value], sex), value, sex)
        for value in there
        for sex in (*WOMEN_AND_MEN, "alla")
    ]
    return _counted(report, measure, rows, dimensions()[dimension].name, finding_of(report, measure))


def _headed(group: str, sex: str) -> Text:
    return say("{group}, {sex}", group=group_words(group).capitalised(), sex=_of_sex(sex))


def _counted(
    report: Mapped, measure: str, rows: list[Any], first: str, caption: Text | None, **more: Any
) -> Table:
    """Return rows of a label, a group's value and a sex, with counts and shares on both days."""
    columns = [Column(first, "text", of=lambda row: row[0])]
    for day in report.parameters.days:
        columns += [
            Column(day_words(day), of=lambda r, d=day: count_cell(report, r[3] if len(r) > 3 else measure, d, r[1], sex=r[2])),
            Column("Andel", of=lambda r, d=day: _share(report, r[3] if len(r) > 3 else measure, d, r[1], r[2])),
        ]
    if rate_of(report, report.parameters.snapshot):
        columns.append(
            Column("Per 1 000 listade", of=lambda r: _rate(report, r[3] if len(r) > 3 else measure, r[1], r[2]))
        )
    name = measure_of(measure).name
    table_id = measure.replace("intygsfall_", "").replace("_", "-")
    return Table.from_frame(rows, columns, id=table_id, caption=caption or name, **more)


def _share(report: Mapped, measure: str, day: str, value: str, sex: str) -> Cell:
    if found := share_of(report, measure, day, value, sex=sex):
        return say("{p} %", p=found)
    return HIDDEN if report.is_kept_back(measure, day, value, sex=sex) else None


def _rate(report: Mapped, measure: str, value: str, sex: str) -> Cell:
    day = report.parameters.snapshot
    found = report.number(measure, day, value, sex=sex)
    rate = per_listed(found, report.number("listade", day, sex=sex))
    return rate or (HIDDEN if report.is_kept_back(measure, day, value, sex=sex) else None)


def _is_there(report: Mapped, measure: str, day: str, value: str, sex: str) -> bool:
    found = report.number(measure, day, value, sex=sex)
    return bool(found) or report.is_kept_back(measure, day, value, sex=sex)


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
    name = group_words(report.groups(measure)[told])
    first = _SAY[measure].startswith("{name}")
    then = share_of(report, measure, days[0], told) if len(days) > 1 else None
    before = say(", mot {p} procent den {day}", p=then, day=_day(days[0])) if then else ""
    name = name.capitalised() if first else name
    return say(_SAY[measure], name=name, p=known[told], before=before)


def case_lengths(report: Mapped) -> Block:
    """Return how long the cases have gone on, and how many that start still go on."""
    return together(case_table(report, LENGTHS), _remaining(report))


def _remaining(report: Mapped) -> Block | None:
    """Return the share of started cases that still go on after some days (Kaplan–Meier), and the median."""
    days, groups = report.parameters.days, report.groups(REMAINING)
    rows: list[tuple[Text | str, str, str, str]] = [
        (_after(group, sex), REMAINING, value, sex)
        for value, group in groups.items()
        for sex in (*WOMEN_AND_MEN, "alla")
    ]
    rows += [
        (f"Hälften avslutade inom, dagar, {_of_sex(sex)}", MEDIAN, "", sex)
        for sex in (*WOMEN_AND_MEN, "alla")
        if report.number(MEDIAN, days[-1], sex=sex)
    ]
    if not rows:
        return None
    half = report.number(MEDIAN, days[-1])
    caption = (
        say("Hälften av sjukfallen är avslutade inom {n} dagar", n=value_fact(half))
        if half
        else "Hur många sjukfall som pågår ännu efter ett antal dagar"
    )
    columns = [Column("Av sjukfall som startade under tolv månader", "text", of=lambda row: row[0])]
    columns += [
        Column(day_words(d), of=lambda row, d=d: count_cell(report, row[1], d, row[2], sex=row[3]))
        for d in days
    ]
    note = (
        "Sjukfall som pågår ännu räknas med så länge de har pågått (Kaplan–Meier), så talen gäller "
        "alla som startade, inte bara de avslutade."
    )
    return Table.from_frame(rows, columns, id="kvar", caption=caption, note=note)


def _after(group: str, sex: str) -> Text:
    form = "Pågår efter {days}, procent, {sex}"
    return say(form, days=group_words(group), sex=_of_sex(sex))


def case_actions(report: Mapped) -> Block:
    """Return plans, coordination and contacts in cases of four weeks or more, women and men, on both days."""
    day = report.parameters.snapshot
    rows = [
        (f"{measure_of(one).short_name}, {_of_sex(sex)}", "ja", sex, one)
        for one in ACTIONS
        if any(_is_there(report, one, day, "ja", sex) for sex in SEXES)
        for sex in (*WOMEN_AND_MEN, "alla")
    ]
    if not rows:
        return left_out(report, "Planer, koordinering och kontakter finns inte bland uppgifterna.")
    first = rows[0][3]
    share = share_of(report, first, day, "ja")
    what = uncapitalised(measure_of(first).short_name).removeprefix("med ")
    form = "{p} procent av sjukfallen på {n} dagar eller mer har {what} registrerad"
    caption = say(form, p=share, what=what, n=count_fact("minst dagar", 28)) if share else None
    return _counted(report, first, rows, "Registrerat", caption, note=UNDER_REGISTERED)


def case_faults(report: Mapped) -> Block:
    """Return how many rows of the certificates had faults, and of what kind."""
    days, groups = report.parameters.days, report.groups(FAULTS)
    rows = [
        (group_words(g).capitalised(), v)
        for v, g in groups.items()
        if any(_is_there(report, FAULTS, day, v, "alla") for day in days)
    ]
    if not rows:
        return left_out(report, "Rader med fel i underlaget finns inte bland uppgifterna.")
    columns = [Column("Vad som är fel", "text", of=lambda row: row[0])]
    columns += [
        Column(day_words(d), of=lambda row, d=d: count_cell(report, FAULTS, d, row[1]))
        for d in days
        if report.periods(FAULTS)
    ]
    caption = "Rader i underlaget med fel eller luckor"
    return Table.from_frame(rows, columns, id="fel", caption=caption)
