"""What is to be known of a county's cases built of certificates: faults, units, definitions and conclusions."""

from __future__ import annotations

from vgstats.blocks.blocks import Block, Bullets, Folded, paragraphs, together
from vgstats.blocks.tables import Column, Table
from vgstats.blocks.words import capitalised
from vgstats.catalogue.case_tables import faults
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.units import all_units
from vgstats.facts.facts import count_fact, value_fact
from vgstats.facts.text import Name, Text, say, swedish_list
from vgstats.observations import Value
from vgstats.reports.base.mapped import FAULTS, Mapped
from vgstats.sections.case_cells import count_cell, of_cases, what_is_counted, whose
from vgstats.sections.words import left_out

NO_UNIT = "enhet saknas"  # no fault where units are those that write, as clinics have none
FORMER_NAME = "tidigare namn på enheten"  # a fault that is not among the faulty rows


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
    """Return what may not be concluded from the tables; nothing of units where there are none."""
    of_units = [
        "Att en enhet har fler sjukfall än en annan säger inte att dess vård är sämre, eller att den sjukskriver för "
        "mycket. De listade kan vara äldre, fattigare eller sjukare.",
        "Ålder och kön är inte hela skillnaden mellan enheter: två med samma åldrar kan ha olika behov av vård.",
    ]
    said = [
        *(of_units if all_units(report.county) else []),
        "Ett litet antal svänger av sig självt från år till år. Därför finns ingen rangordning här.",
        "En skillnad mellan två år kan vara en skillnad i vad som registreras.",
    ]
    return Bullets([say(one) for one in said])


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
    if not there and any(report.number(FAULTS, day, value) for value in known):
        return paragraphs("Inget fel har hittats i raderna i underlaget.")
    if not there:
        return left_out(
            report, "Rader med fel i underlaget finns inte bland uppgifterna.", measures=[FAULTS]
        )
    whole = report.number(FAULTS, day)
    caption: Text | str = capitalised(measure_of(FAULTS).name)
    if whole:
        but = " eller saknar enhet" if NO_UNIT in there else ""
        but += ", utöver äldre namn på enheter" if FORMER_NAME in there else ""
        caption = say("{n} rader i underlaget har något fel{but}", n=value_fact(whole), but=but)
    columns = [
        Column("Vad som är fel", "text", of=capitalised),
        Column("Rader", of=lambda value: count_cell(report, FAULTS, day, value)),
        Column("Vad som har hänt med dem", "text", of=lambda value: then.get(value, "")),
    ]
    several = whole is not None and whole.value < sum(
        found.value
        for value in there
        if value != FORMER_NAME and (found := report.number(FAULTS, day, value))
    )
    note = "En rad kan ha flera fel." if several else None
    return Table.from_frame(there, columns, id="fel", caption=caption, note=note)


def _is_some(found: Value | None) -> bool:
    return found is not None and found.value > 0
