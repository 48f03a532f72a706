"""A unit's sjukfall on one sheet for the local dialogue: the unit, its region, and the unit a year before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from vgstats.blocks.blocks import Block, Heading, Part, WritingLines, paragraphs, together
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.blocks.words import uncapitalised
from vgstats.catalogue.measures import measure as measure_of
from vgstats.facts.facts import Fact, count_fact, value_fact
from vgstats.facts.text import Text, join, say
from vgstats.methods.funnel_of_expected import AmongExpected
from vgstats.methods.result import NotComputable
from vgstats.reports.base.mapped import (
    ACTIONS,
    DEGREES,
    DIAGNOSES,
    FEWEST_CASES,
    LENGTHS,
    MEDIAN,
    NEED,
    OCCUPATIONS,
    OF_UNITS,
    Mapped,
)
from vgstats.sections.case_cells import (
    NOT_FK,
    OF_CERTIFICATES,
    count_cell,
    day_words,
    group_words,
    of_cases,
    rate_cell,
    rate_of,
    recorded,
    share_cell,
    share_of,
    whose,
)
from vgstats.sections.units_in_funnel import usual_for_size

Of = Callable[[str, str], Cell]  # a cell of an area on a day
_LONG = ("90+", "180+", "365+")
_WITHOUT_WORK = ("arbetslös", "försörjningsstöd", "studerande")


@of_cases
def how_many(report: Mapped) -> Block:
    """Return *Hur många?*: ongoing cases per 1 000 listed, women and men, and what is known of the listed."""
    day, county = report.parameters.snapshot, report.county
    rows: list[tuple[Text | str, Of]] = [
        (words, partial(_rate, report, sex))
        for sex, words in (("kvinnor", "Kvinnor"), ("män", "Män"), ("alla", "Kvinnor och män"))
    ]
    own, theirs = (rate_of(report, day, area=area) for area in (report.area, county))
    usual = usual_of(report)
    caption: Text | str = "Pågående sjukfall"
    if own and theirs:
        caption = say(
            "Ni har {own} sjukfall per 1 000 listade, regionen {theirs}{usual}",
            own=own,
            theirs=theirs,
            usual=f": {usual.short()}" if usual else "",
        )
    need = report.number(NEED, day)
    told = [
        usual.sentence() if usual else None,
        say("Vårdbehovsindex (CNI) hos er är {x}.", x=value_fact(need)) if need else None,
        say(OF_CERTIFICATES),
    ]
    note = join([one for one in told if one])
    heads = {"id": "hur-manga", "first": "Per 1 000 listade" if own else "Antal sjukfall"}
    return _part(report, "Hur många?", rows, caption=caption, note=note, **heads)


def usual_of(report: Mapped) -> AmongExpected | None:
    """Return the unit beside what is usual for its size, None where too little is known."""
    try:
        return usual_for_size(report)
    except NotComputable:
        return None


def _rate(report: Mapped, sex: str, area: str, day: str) -> Cell:
    return rate_cell(report, day, area=area, sex=sex)


def _count(report: Mapped, measure: str, area: str, day: str) -> Cell:
    return count_cell(report, measure, day, area=area)


@of_cases
def how_long(report: Mapped) -> Block:
    """Return *Hur länge?*: how many of the cases have gone on for long, and within how many days half of them end."""
    rows = _groups(report, LENGTHS, _LONG)
    if report.number(MEDIAN, report.parameters.snapshot):
        rows.append(
            (
                "Startade på tolv månader: hälften avslutade inom, dagar",
                partial(_count, report, MEDIAN),
            )
        )
    form = "{own} procent har pågått i {days} dagar eller mer, i regionen {theirs}"
    caption = _finding(report, LENGTHS, ("90+",), form, days=count_fact("dagar", 90))
    other = "Så länge har sjukfallen pågått"
    return _tabled(
        report, "Hur länge?", rows, id="hur-lange", of=[LENGTHS], caption=caption, otherwise=other
    )


@of_cases
def whole_or_part(report: Mapped) -> Block:
    """Return *Helt eller delvis?*: how many of the cases are whole and how many part."""
    form = "{own} procent är delvis sjukskrivna, i regionen {theirs}"
    caption = _finding(report, DEGREES, ("partiell",), form)
    rows = _groups(report, DEGREES, ("hel", "partiell"))
    other = "Sjukfallen efter grad"
    return _tabled(
        report,
        "Helt eller delvis?",
        rows,
        id="grad",
        of=[DEGREES],
        caption=caption,
        otherwise=other,
    )


@of_cases
def unit_diagnoses(report: Mapped) -> Block:
    """Return *Diagnoser*: the psychiatric, of them those of stress, those of the musculoskeletal system, the others."""
    form = "{own} procent har psykiatriska diagnoser, i regionen {theirs}"
    caption = _finding(report, DIAGNOSES, ("F00-F99",), form)
    rows = _groups(report, DIAGNOSES, ("F00-F99", "F43", "M00-M99", "övriga"))
    other = "Det som de sjukskrivna är sjukskrivna för"
    return _tabled(
        report, "Diagnoser", rows, id="diagnoser", of=[DIAGNOSES], caption=caption, otherwise=other
    )


@of_cases
def plans_and_contacts(report: Mapped) -> Block:
    """Return *Planer och kontakter*: what is registered for cases of four weeks or more, which not all is."""
    day = report.parameters.snapshot
    rows: list[tuple[Text | str, Of]] = [
        (measure_of(one).short_name, partial(_share, report, one, "ja"))
        for one in ACTIONS
        if _there(report, one, "ja", day)
    ]
    first = next((one for one in ACTIONS if share_of(report, one, day, "ja")), ACTIONS[0])
    what = uncapitalised(measure_of(first).short_name).removeprefix("med ")
    form = "{own} procent har {what} registrerad, i regionen {theirs}"
    caption = _finding(report, first, ("ja",), form, what=what)
    note = say(
        "Av sjukfall på {days} dagar eller mer{of}. Underregistreras: mycket som görs skrivs aldrig in.",
        days=count_fact("minst dagar", 28),
        of=_of_how_many(report, first, day),
    )
    other = "Det som är registrerat i sjukfallen"
    return _tabled(
        report,
        "Planer och kontakter",
        rows,
        id="planer",
        of=ACTIONS,
        caption=caption,
        otherwise=other,
        note=note,
    )


def _of_how_many(report: Mapped, measure: str, day: str) -> Text:
    """Return how many cases the shares of a table are of, at the unit and in the region."""
    own, theirs = (report.whole(measure, day, area=area) for area in (report.area, report.county))
    told = [
        say(form, n=value_fact(n) if n else "dolt antal")
        for form, n in (("{n} hos er", own), ("{n} i regionen", theirs))
    ]
    return say(" ({both})", both=join(told, ", ")) if own or theirs else say("")


@of_cases
def without_employment(report: Mapped) -> Block:
    """Return *Utan anställning*: how many of the cases are of unemployed, on income support, or studying."""
    form = "{own} procent är arbetslösa, i regionen {theirs}"
    caption = _finding(report, OCCUPATIONS, ("arbetslös",), form)
    rows = _groups(report, OCCUPATIONS, _WITHOUT_WORK)
    other = "De som är sjukskrivna från annat än ett arbete"
    return _tabled(
        report,
        "Utan anställning",
        rows,
        id="utan-anstallning",
        of=[OCCUPATIONS],
        caption=caption,
        otherwise=other,
    )


@of_cases
def agreed(report: Mapped, lines: int = 3) -> Block:
    """Return *Vi kom överens om*: blank lines to write on.

    Args:
        report: the report.
        lines: how many.
    """
    return Part([Heading("Vi kom överens om", level=2, front=True), WritingLines(lines, "senast")])


@of_cases
def about_the_sheet(report: Mapped) -> Block:
    """Return the small print of the sheet: what the cases are, which unit owns one, and what was recorded otherwise."""
    fewest = count_fact("minst", FEWEST_CASES)
    few = say("Fördelningar visas när ni har minst {n} sjukfall.", n=fewest)
    beside = (LENGTHS, DEGREES, DIAGNOSES, OCCUPATIONS, *ACTIONS)  # told under their tables
    own = recorded(report, *(one for one in (None, *OF_UNITS) if one not in beside))
    said = [say(NOT_FK), whose(report), few, *own, report.cite(report.named_sources().index)]
    return paragraphs(join([one for one in said if one]), kind="note")


def _share(report: Mapped, measure: str, value: str, area: str, day: str) -> Cell:
    return share_cell(report, measure, day, value, area=area)


def _there(report: Mapped, measure: str, value: str, day: str) -> bool:
    places = (report.area, report.county)
    return any(
        report.number(measure, day, value, area=a)
        or report.is_kept_back(measure, day, value, area=a)
        for a in places
    )


def _groups(report: Mapped, measure: str, values: Iterable[str]) -> list[tuple[Text | str, Of]]:
    """Return the rows of a table's groups that there are."""
    known, day = report.groups(measure), report.parameters.snapshot
    return [
        (_heading(known[one]), partial(_share, report, measure, one))
        for one in values
        if one in known and _there(report, measure, one, day)
    ]


def _heading(group: str) -> Text:
    words = group_words(group)
    return say("därav {w}", w=words) if group.endswith("=F43") else words.capitalised()


def _finding(
    report: Mapped, measure: str, values: tuple[str, ...], form: str, **more: Fact | str
) -> Text | None:
    """Return what a table says in a line, None where one of its numbers is not known."""
    day = report.parameters.snapshot
    own, theirs = (
        share_of(report, measure, day, values[0], area=area)
        for area in (report.area, report.county)
    )
    return say(form, own=own, theirs=theirs, **more) if own and theirs else None


def _tabled(
    report: Mapped,
    heading: str,
    rows: list[tuple[Text | str, Of]],
    *,
    id: str,
    of: Sequence[str],
    caption: Text | None,
    otherwise: str,
    note: Text | str | None = None,
) -> Block:
    """Return a part with a table of shares, called `otherwise` where nothing can be said of it.

    Words alone where the unit has too few cases, nothing without rows. What a region has remarked on the measures that
    the table is `of` stands under it.
    """
    if not rows:
        return together()
    if report.too_few(report.parameters.snapshot):
        return Part([Heading(heading, level=2, front=True), paragraphs("För få för att visa.")])
    notes = [*([say("{note}", note=note)] if note else []), *recorded(report, *of)]
    under = join(notes) if notes else None
    return _part(report, heading, rows, id=id, caption=caption or otherwise, note=under)


def _part(
    report: Mapped,
    heading: str,
    rows: list[tuple[Text | str, Of]],
    *,
    id: str,
    first: str = "Av sjukfallen",
    caption: Text | str,
    note: Text | str | None = None,
) -> Block:
    *earlier, day = report.parameters.days
    columns = [Column(first, "text", of=lambda row: row[0])]
    columns += [
        Column(words, of=partial(_cell, area=area, day=when))
        for words, area, when in (
            ("Ni", report.area, day),
            ("Regionen", report.county, day),
            *((_then(one, day), report.area, one) for one in earlier),
        )
    ]
    table = Table.from_frame(rows, columns, id=id, caption=caption, note=note)
    return Part([Heading(heading, level=2, front=True), table], sheet=True)


def _then(earlier: str, day: str) -> str:
    a_year = int(day[:4]) - int(earlier[:4]) == 1 and day[4:] == earlier[4:]
    return "Ni i fjol" if a_year else f"Ni {day_words(earlier)}"


def _cell(row: tuple[Text | str, Of], *, area: str, day: str) -> Cell:
    return row[1](area, day)
