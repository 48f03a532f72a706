"""Page one of a county's cases built of certificates, and what is to be known of them."""

from __future__ import annotations

from vgstats.blocks.blocks import Block, Bullets, Folded, paragraphs, together
from vgstats.blocks.tables import Column, Table
from vgstats.catalogue.units import all_units
from vgstats.facts.facts import count_fact, value_fact
from vgstats.facts.text import Name, Text, say, swedish_list
from vgstats.reports.base.mapped import (
    ACTIONS,
    CASES,
    DEGREES,
    DIAGNOSES,
    LENGTHS,
    MEDIAN,
    Mapped,
)
from vgstats.sections.case_cells import (
    NOT_FK,
    UNDER_REGISTERED,
    of_cases,
    rate_of,
    share_of,
    what_is_counted,
    whose,
)
from vgstats.sections.mapped_tables import finding_of, many_words, moved_most
from vgstats.sections.words import front_part


@of_cases
def case_findings(report: Mapped) -> Block:
    """Return *Det viktigaste*: how many cases, of women and of men, for how long, with what diagnoses."""
    found = [
        finding_of(report, LENGTHS),
        finding_of(report, DIAGNOSES),
        moved_most(report, DIAGNOSES),
        finding_of(report, DEGREES),
    ]
    said = [
        say("{w}.", w=many_words(report))
        if report.number(CASES, report.parameters.snapshot)
        else None,
        _women_and_men(report),
        *(_sentence(one) for one in {one.plain(): one for one in found if one}.values()),
        _half(report),
    ]
    return front_part("Det viktigaste", Bullets([one for one in said if one]))


def _sentence(words: Text | None) -> Text | None:
    return say("{w}.", w=words) if words else None


def _women_and_men(report: Mapped) -> Text | None:
    day = report.parameters.snapshot
    women, men = (rate_of(report, day, sex=sex) for sex in ("kvinnor", "män"))
    if not women or not men:
        return None
    return say(
        "Bland kvinnor pågick {women} sjukfall per 1 000 listade, bland män {men}.",
        women=women,
        men=men,
    )


def _half(report: Mapped) -> Text | None:
    found = report.number(MEDIAN, report.parameters.snapshot)
    form = "Hälften av de sjukfall som startar är avslutade inom {n} dagar."
    return say(form, n=value_fact(found)) if found else None


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


@of_cases
def case_quality(report: Mapped) -> Block:
    """Return which unit owns a case, and which units have other names than before or were put together."""
    units = [one for one in all_units(report.county).values() if one.formerly]
    said = [whose(report)]
    if not units:
        return paragraphs(said)
    columns = [
        Column("Enhet", "text", of=lambda one: Name(one.name)),
        Column(
            "Hette förr, eller har tagit upp",
            "text",
            of=lambda one: Name(swedish_list(one.formerly)),
        ),
    ]
    n = count_fact("enheter med äldre namn", len(units))
    caption = say("{n} enheter har bytt namn eller tagit upp andra", n=n)
    if len(units) == 1:
        caption = say("{n} enhet har bytt namn eller tagit upp en annan", n=n)
    table = Table.from_frame(units, columns, id="enheter-namn", caption=caption)
    return together(paragraphs(said), Folded([table], "Visa enheterna"))


@of_cases
def case_definitions(report: Mapped) -> Block:
    """Return what a case is and how cases are counted, with where that is from; nothing where it is not known."""
    found = what_is_counted(report)
    if not found:
        return together()
    columns = [
        Column("Ord", "text", of="name"),
        Column("Så räknas det", "text", of="text"),
        Column("Källa", "text", of=lambda one: _where_from(report, one.source)),
    ]
    caption = "Sjukfallen är räknade så här"
    table = Table.from_frame(found, columns, id="sa-raknas", caption=caption)
    return Folded([table], "Visa hur sjukfallen räknas")


def _where_from(report: Mapped, source: str) -> Text | str:
    if source not in report.sources.index:
        return ""
    row = report.sources.loc[source]
    return say(
        "{short}: {title}", short=Name(row["short"]), title=Name(row["title"], row["address"])
    )


@of_cases
def case_conclusions(report: Mapped) -> Block:
    """Return what may not be concluded from the tables."""
    said = [
        "Att en enhet har fler sjukfall än en annan säger inte att dess vård är sämre, eller att den sjukskriver för "
        "mycket. De listade kan vara äldre, fattigare eller sjukare.",
        "Ålder och kön är inte hela skillnaden mellan enheter: två med samma åldrar kan ha olika behov av vård.",
        "Ett litet antal svänger av sig självt från år till år. Därför finns ingen rangordning här.",
        "En skillnad mellan två år kan vara en skillnad i vad som registreras.",
    ]
    return Bullets([say(one) for one in said])
