"""The tables of a county's cases built of certificates: women and men, year beside year, counts and shares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from vgstats.blocks.blocks import Block, Folded, paragraphs, together
from vgstats.blocks.tables import HIDDEN, Cell, Column, Table
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.words import dimensions, parse_group
from vgstats.errors import VgstatsError
from vgstats.facts.facts import count_fact
from vgstats.facts.text import Text, say
from vgstats.reports.base.mapped import (
    ACTIONS,
    AGES,
    CASES,
    DECLARED,
    ENDED,
    LENGTHS,
    LISTED,
    MEDIAN,
    NET_DAYS,
    REMAINING,
    STARTED,
    Mapped,
    undeclared,
)
from vgstats.sections.case_cells import (
    OF_CERTIFICATES,
    UNDER_REGISTERED,
    action_words,
    beyond_listed,
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
from vgstats.sections.mapped_findings import finding_of, half_words, many_words
from vgstats.sections.words import left_out

_SEXES = {"kvinnor": "Kvinnor", "män": "Män", "alla": "Alla"}

Row = tuple[Text | str, Callable[[str, str], Cell]]  # its heading, and its cell of a day and a sex


@of_cases
def case_numbers(report: Mapped) -> Block:
    """Return how many cases are ongoing, per 1 000 listed too, and how many started and ended, by sex."""
    rows: list[Row] = [("Pågående sjukfall", partial(_count, report, CASES, ""))]
    if rate_of(report, report.parameters.snapshot):
        rows.append(("Per 1 000 listade", partial(_rate, report, CASES, "")))
    counted = {
        STARTED: "Startade på tolv månader",
        ENDED: "Avslutade på tolv månader",
        NET_DAYS: "Nettodagar på tolv månader",
        LISTED: "Listade",
    }
    rows += [(words, partial(_count, report, m, "")) for m, words in counted.items()]
    of_year = any(report.number(m, report.parameters.snapshot) for m in (STARTED, ENDED, NET_DAYS))
    note = "De tolv månaderna slutar dagen före den som kolumnen avser." if of_year else None
    heads = {"id": "antal", "caption": many_words(report), "note": note}
    table = _by_sex_and_day(report, rows, "Sjukfall", **heads)
    beyond = beyond_listed(report)
    return together(table, paragraphs(beyond, kind="note")) if beyond else table


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
    headed = {
        value: group_words(group).capitalised()
        for value, group in groups.items()
        if value != "okänd" or _is_any(report, measure, value)
    }
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
    of_all = "Delat med alla listade, inte med dem i samma ålder." if measure == AGES else None
    heads = {"id": f"{table}-listade", "caption": per, "note": of_all}
    more = _by_sex_and_day(report, rates, first, **heads)
    return together(found, Folded([more], "Visa per 1 000 listade"))


def _is_any(report: Mapped, measure: str, value: str) -> bool:
    """Return whether a group has a case on any of the days, or may have."""
    days = report.parameters.days
    known = [report.number(measure, day, value) for day in days]
    kept = any(report.is_kept_back(measure, day, value) for day in days)
    return kept or any(one.value > 0 for one in known if one)


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
        half_words(half) if half else "Hur många sjukfall som pågår ännu efter ett antal dagar"
    )
    note = (
        "Gäller alla sjukfall som startar. Bland dem som pågår en viss dag är de långa fler, för de finns kvar. "
        "Andelarna avser sjukfall som startade under två år (ett, om intygen inte når längre), raden om hälften dem "
        "som startade under tolv månader. De som pågår ännu räknas med så länge de har pågått (Kaplan–Meier)."
    )
    return _by_sex_and_day(report, rows, "Efter start", id="kvar", caption=caption, note=note)


@of_cases
def case_actions(report: Mapped) -> Block:
    """Return plans, coordination and contacts in cases of four weeks or more, women and men, on both days."""
    day = report.parameters.snapshot
    there = [one for one in ACTIONS if report.groups(one)]
    if not there:
        said = "Planer, koordinering och kontakter finns inte bland uppgifterna."
        return left_out(report, said, measures=ACTIONS)
    rows: list[Row] = [(measure_of(m).short_name, partial(_share, report, m, "ja")) for m in there]
    share = share_of(report, there[0], day, "ja")
    what = action_words(there[0])
    form = "I {p} procent av sjukfallen på {n} dagar eller mer har {what} registrerats"
    caption: Text | str = "Registrerade planer och kontakter"
    if share:
        caption = say(form, p=share, what=what, n=count_fact("minst dagar", 28))
    note = UNDER_REGISTERED
    found = _by_sex_and_day(report, rows, "Registrerat", id="planer", caption=caption, note=note)
    return together(found, paragraphs(recorded(report, *ACTIONS), kind="missing"))
