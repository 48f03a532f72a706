"""A unit's sjukfall on one sheet for the local dialogue: the unit, its region, and the unit a year before."""

from __future__ import annotations

from functools import partial

from vgstats.blocks.blocks import Block, Heading, Part, WritingLines, paragraphs
from vgstats.blocks.tables import HIDDEN, Cell
from vgstats.catalogue.measures import measure as measure_of
from vgstats.facts.facts import count_fact, value_fact
from vgstats.facts.text import Text, join, say
from vgstats.methods.funnel_of_expected import AmongExpected
from vgstats.methods.result import NotComputable
from vgstats.reports.base.mapped import (
    ACTIONS,
    CASES,
    DEGREES,
    DIAGNOSES,
    FEWEST_CASES,
    LENGTHS,
    LISTED,
    MEDIAN,
    NEED,
    OCCUPATIONS,
    OF_UNITS,
    Mapped,
)
from vgstats.sections.case_cells import (
    NOT_FK,
    OF_CERTIFICATES,
    action_words,
    beyond_listed,
    count_cell,
    of_cases,
    of_listed,
    others_of,
    rate_cell,
    rate_of,
    recorded,
    share_cell,
    share_of,
    whose,
)
from vgstats.sections.unit_tables import Of, finding, groups, part, share, tabled, there
from vgstats.sections.units_in_funnel import usual_for_size

_LONG = ("90+", "180+", "365+")
_NEED = "Vårdbehovsindex (CNI) hos er är {x}; ju högre, desto större behov av vård väntas."
_ELSEWHERE = "Regionens tal är också av sjukfall vars senaste intyg är skrivet utanför enheterna."
_WITHOUT_WORK = ("arbetslös", "försörjningsstöd", "studerande")


@of_cases
def how_many(report: Mapped) -> Block:
    """Return *Hur många?*: ongoing cases per 1 000 listed, women and men, and what is known of the listed."""
    day, county = report.parameters.snapshot, report.county
    listed, usual = of_listed(report), usual_of(report)
    rated = (listed or usual is not None) and report.number(LISTED, day) is not None
    rows: list[tuple[Text | str, Of]] = [
        (words, partial(_rate if rated else _cases, report, sex))
        for sex, words in (("kvinnor", "Kvinnor"), ("män", "Män"), ("alla", "Kvinnor och män"))
    ]
    own, theirs = (rate_of(report, day, area=area) for area in (report.area, county))
    caption: Text | str = "Pågående sjukfall"
    if rated and own and theirs:
        caption = say(
            "Ni har {own} sjukfall per 1 000 listade, regionen {theirs}{usual}",
            own=own,
            theirs=theirs,
            usual=f": {usual.short()}" if usual else "",
        )
    need = report.number(NEED, day)
    told = [
        usual.beside_verdict() if usual else None,
        say(_NEED, x=value_fact(need)) if need else None,
        beyond_listed(report) if rated and theirs else None,
        None if listed else say(_ELSEWHERE),
        say(OF_CERTIFICATES),
    ]
    note = join([one for one in told if one])
    heads = {"id": "hur-manga", "first": "Per 1 000 listade" if rated else "Antal sjukfall"}
    return part(report, "Hur många?", rows, caption=caption, note=note, **heads)


def usual_of(report: Mapped) -> AmongExpected | None:
    """Return the unit beside what is usual for its size, None where too little is known."""
    try:
        return usual_for_size(report)
    except NotComputable:
        return None


def _rate(report: Mapped, sex: str, area: str, day: str) -> Cell:
    return rate_cell(report, day, area=area, sex=sex)


def _cases(report: Mapped, sex: str, area: str, day: str) -> Cell:
    return count_cell(report, CASES, day, area=area, sex=sex)


def _half(report: Mapped, area: str, day: str) -> Cell:
    days = report.number(MEDIAN, day, area=area)
    if days:
        return say("{n} dagar", n=value_fact(days))
    return count_cell(report, MEDIAN, day, area=area)


@of_cases
def how_long(report: Mapped) -> Block:
    """Return *Hur länge?*: how many of the cases have gone on for long, and within how many days half of them end."""
    rows = groups(report, LENGTHS, _LONG)
    if report.number(MEDIAN, report.parameters.snapshot):
        rows.append(("Av nya på tolv månader: hälften avslutade inom", partial(_half, report)))
    form = "{own} procent har pågått i {days} dagar eller mer, i regionen {theirs}"
    caption = finding(report, LENGTHS, "90+", form, days=count_fact("dagar", 90))
    other = "Så länge har sjukfallen pågått"
    return tabled(
        report, "Hur länge?", rows, id="hur-lange", of=[LENGTHS], caption=caption, otherwise=other
    )


@of_cases
def whole_or_part(report: Mapped) -> Block:
    """Return *Helt eller delvis?*: how many of the cases are whole and how many part."""
    form = "{own} procent är delvis sjukskrivna, i regionen {theirs}"
    caption = finding(report, DEGREES, "partiell", form)
    rows = groups(report, DEGREES, ("hel", "partiell"))
    other = "Sjukfallen efter grad"
    return tabled(
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
    caption = finding(report, DIAGNOSES, "F00-F99", form)
    rows = groups(report, DIAGNOSES, ("F00-F99", "F43", "M00-M99", "övriga"))
    other = "Det som de sjukskrivna är sjukskrivna för"
    return tabled(
        report, "Diagnoser", rows, id="diagnoser", of=[DIAGNOSES], caption=caption, otherwise=other
    )


@of_cases
def plans_and_contacts(report: Mapped) -> Block:
    """Return *Planer och kontakter*: what is registered for cases of four weeks or more, which not all is."""
    day = report.parameters.snapshot
    rows: list[tuple[Text | str, Of]] = [
        (measure_of(one).short_name, partial(share, report, one, "ja"))
        for one in ACTIONS
        if there(report, one, "ja", day)
    ]
    first = next((one for one in ACTIONS if share_of(report, one, day, "ja")), ACTIONS[0])
    form = "I {own} procent har {what} registrerats, i regionen {theirs}"
    caption = finding(report, first, "ja", form, what=action_words(first))
    note = say(
        "Av sjukfall på {days} dagar eller mer{of}. Underregistreras: mycket som görs skrivs aldrig in.",
        days=count_fact("minst dagar", 28),
        of=_of_how_many(report, first, day),
    )
    other = "Det som är registrerat i sjukfallen"
    return tabled(
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
    told = []
    for form, area in (("{n} hos er", report.area), ("{n} i regionen", report.county)):
        if found := report.whole(measure, day, area=area):
            told.append(say(form, n=value_fact(found)))
        elif report.is_kept_back(measure, day, "ja", area=area):
            told.append(say(form, n="dolt antal"))
    return say(" ({both})", both=join(told, ", ")) if told else say("")


@of_cases
def without_employment(report: Mapped) -> Block:
    """Return *Utan anställning*: how many of the cases are not of employed, and who of them is known to be what."""
    day, rows = report.parameters.snapshot, groups(report, OCCUPATIONS, _WITHOUT_WORK)
    caption = None
    if rows and there(report, OCCUPATIONS, "anställd", day):
        rows.insert(0, ("Alla utan känd anställning", partial(_others, report)))
        own, theirs = (
            others_of(report, OCCUPATIONS, "anställd", day, area=area)
            for area in (report.area, report.county)
        )
        form = "{own} procent är utan känd anställning, i regionen {theirs}"
        caption = say(form, own=own[0], theirs=theirs[0]) if own and theirs else None
    other = "De som är sjukskrivna från annat än ett arbete"
    return tabled(
        report,
        "Utan anställning",
        rows,
        id="utan-anstallning",
        of=[OCCUPATIONS],
        caption=caption,
        otherwise=other,
    )


def _others(report: Mapped, area: str, day: str) -> Cell:
    """Return those whose employment is not known: all but the employed, without saying who of them is what."""
    found = others_of(report, OCCUPATIONS, "anställd", day, area=area)
    if found:
        return say("{p} % ({n})", p=found[0], n=found[1])
    return share_cell(report, OCCUPATIONS, day, "anställd", area=area) and HIDDEN


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
    divided = any(report.groups(one) for one in beside)
    own = recorded(report, *(one for one in (None, *OF_UNITS) if one not in beside))
    said = [
        say(NOT_FK),
        whose(report),
        few if divided else None,
        *own,
        report.cite(report.named_sources().index),
    ]
    return paragraphs(join([one for one in said if one]), kind="note")
