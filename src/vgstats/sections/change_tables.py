"""Förändringar: the measures before and after, women and men apart, with the room that rounding leaves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vgstats.blocks.blocks import Block, Folded, paragraphs, together
from vgstats.blocks.tables import HIDDEN, Cell, Column, Table
from vgstats.blocks.words import (
    comma_sex,
    low_to_high,
    then_to_now,
    told,
    uncapitalised,
)
from vgstats.catalogue import areas
from vgstats.catalogue.measures import measure as measure_of
from vgstats.facts.facts import Fact
from vgstats.facts.text import Text, join, say, swedish_list
from vgstats.methods.before_after import Change, change_facts, for_whom
from vgstats.observations import SEXES
from vgstats.reports.report import Report
from vgstats.sections.brief import gap
from vgstats.sections.words import chosen_measures, finding, left_out

NOT_ROUNDED = "-"
UNKNOWN = "okänd"  # of numbers that their source calls approximate
_TWO, _FEW_NAMED = 2, 2  # pairs of periods; measures that are named one by one
_MOST_OPEN = 4  # rows; of more a first page tells those that matter


@dataclass(frozen=True)
class ChangeRow:
    """A row of a table of changes: its heading, and the change, None where a number of it is hidden."""

    label: Cell
    change: Change | None

    def of(self, name: str) -> Cell:
        """Return one of the change's facts."""
        fact: Cell = getattr(change_facts(self.change), name) if self.change else HIDDEN
        return fact

    @property
    def percent(self) -> Cell:
        """The change in per cent, None where there was nothing before."""
        known = self.change is None or self.change.before.value
        return self.of("percent") if known else None

    @property
    def rounding(self) -> Cell:
        """The changes that the source's rounding leaves open."""
        if self.change is None:
            return HIDDEN
        if measure_of(self.change.after.measure).approximate:
            return UNKNOWN
        facts = change_facts(self.change)
        low, high = facts.difference_low, facts.difference_high
        rounded = high.value - low.value >= 10**-low.decimals
        return low_to_high(low, high) if rounded else NOT_ROUNDED


def change_table(
    rows: Iterable[ChangeRow],
    *,
    id: str,
    caption: Text | str,
    first: str = "Mått",
    note: Text | str = "",
    periods: bool = True,
) -> Table:
    """Return a table with a row for each change; `first` heads the first column.

    Under the table stand the `periods`, unless the rows' headings say them, and whose are others than the first row's;
    so is what rounding leaves open where that is as much in all rows.
    """
    rows = list(rows)
    alike = _rounding_alike(rows, id)
    rounded = alike is None and any(row.rounding != NOT_ROUNDED for row in rows)
    columns = [
        Column(first, "text", of="label"),
        Column("Före", of=lambda row: row.of("before")),
        Column("Efter", of=lambda row: row.of("after")),
        Column("Förändring", of=lambda row: row.of("difference"), form="{x:signed}"),
        Column("Procent", of="percent", form="{x:signed} %"),
        *([Column("Möjlig förändring", of="rounding")] if rounded else []),
    ]
    within = say(" Avrundningen kan ändra förändringen med högst {x}.", x=alike) if alike else ""
    when = _periods(rows) if periods else ""
    note = say("{when}{within} {note}", when=when, within=within, note=note)
    return Table.from_frame(rows, columns, id=id, caption=caption, note=note)


def _rounding_alike(rows: list[ChangeRow], id: str) -> Fact | None:
    """Return by how much rounding may change the differences, None where that is not the same in all and both ways.

    An average that is not rounded may lie beside the difference of its printed values: that is no room.
    """
    if any(row.rounding in (NOT_ROUNDED, UNKNOWN, HIDDEN) for row in rows):
        return None
    facts = [change_facts(row.change) for row in rows if row.change]
    widths = {of.difference_high.printed() - of.difference.printed() for of in facts}
    widths |= {of.difference.printed() - of.difference_low.printed() for of in facts}
    if len(widths) != 1 or (width := float(widths.pop())) <= 0:
        return None
    high, whole = facts[0].difference_high, facts[0].difference
    return Fact(f"avrundning|{id}", width, high.unit, high.decimals, "band", (high, whole))


def _periods(rows: list[ChangeRow]) -> Text:
    """Return the periods of the rows, and the measures of those that differ from the first."""
    names: dict[str, dict[str, None]] = {}
    for change in (row.change for row in rows if row.change):
        name = uncapitalised(measure_of(change.after.measure).short_name)
        names.setdefault(then_to_now(change).plain(), {})[name] = None
    if not names:
        return say("")
    first, *others = (
        say("{when}", when=then_to_now(change))
        for change in {
            then_to_now(row.change).plain(): row.change for row in rows if row.change
        }.values()
    )
    if len(others) == 1 and len(names) == _TWO and len([*names.values()][1]) > _FEW_NAMED:
        few = swedish_list([*next(iter(names.values()))])
        return say("{first} för {few}, annars {then}.", first=first, few=few, then=others[0])
    told = (
        say("{names} {when}", names=swedish_list([*of]), when=when)
        for of, when in zip([*names.values()][1:], others, strict=True)
    )
    return say("{said}.", said=join([first, *told], "; "))


def changes(report: Report, measures: Sequence[str] | None = None) -> Block:
    """Return the table of what changed in the report's area, women and men apart where the source has it.

    Args:
        report: the report.
        measures: those to show, in order; the report's own, and those it asks for besides, when left out.
    """
    shown = chosen_measures(measures, (m for m in report.told if m not in report.costs))
    rows = [row for measure in shown for row in _measure_rows(report, measure)]
    if not rows:
        return left_out(report, f"Inget av måtten har värden för {report.place} i båda perioderna.")
    known = [row.change for row in rows if row.change]
    sources = report.cite(change.after.source for change in known)
    table = change_table(
        rows,
        id="forandring",
        caption=finding(known[0], report.area_name)
        if known
        else f"Förändringar i {report.area_name}",
        note=say("{notes}{sources}", notes=_notes(known, rows), sources=sources),
    )
    return Folded([table], "Visa alla mått") if len(rows) > _MOST_OPEN else table


def beside(report: Report, measure: str | None = None) -> Block:
    """Return the change of the report's area, of its county and of riket in one table, and how to read it."""
    measure = measure or report.main
    own, others = report.change(measure), report.beside(measure)
    if own is None or not others:
        what = say("{what} i länet och i riket finns inte bland uppgifterna.", what=_name(measure))
        return left_out(report, what, report.how_to_get(measure, all_counties=True))
    rows = [ChangeRow(areas.name(area), c) for area, c in {report.area: own, **others}.items()]
    here = told(own, "{difference:signed}{days} i {area}", area=report.area_name)
    there = (
        told(c, "{difference:signed} i {place}", place=place)
        for c, place in zip(others.values(), report.beside_names(measure), strict=True)
    )
    caption = say(
        "{what}{whom}: {here}, {there}",
        what=_name(measure),
        whom=for_whom(own.after),
        here=here,
        there=join(there, " och "),
    )
    sources = report.cite(row.change.after.source for row in rows if row.change)
    said = paragraphs(
        f"Har {'rikets' if report.area == report.county else 'länets eller rikets'} tal ändrats lika mycket åt samma "
        f"håll, talar det för att något gemensamt ligger bakom. En avvikelse kan bero på det som gjorts i "
        f"{report.place}, på annat som hänt där eller på slumpen. Tabellen kan inte skilja dem åt."
    )
    return together(
        said, change_table(rows, id="bredvid", caption=caption, first="Område", note=sources)
    )


def _name(measure: str) -> str:
    name = measure_of(measure).name
    return f"{name}et" if name.endswith("tal") else name


def _measure_rows(report: Report, id_: str) -> list[ChangeRow]:
    """Return the rows of one measure: the area by sex, and the country where it is known."""
    measure = measure_of(id_)
    by_sex = {sex: report.change(id_, sex) for sex in SEXES}
    names = {sex: f"{measure.short_name}{comma_sex(sex)}" for sex in SEXES}
    names["alla"] = measure.name_and_unit
    rows = [
        ChangeRow(names[sex], change)
        for sex, change in by_sex.items()
        if change or _hidden(report, id_, sex)
    ]
    if id_ == "ohalsotal" and (difference := gap(report)):
        rows.append(ChangeRow("Ohälsotal, skillnad mellan kvinnor och män", difference))
    for sex in SEXES if (id_, areas.RIKET) in report.asked else ():
        riket = report.change(id_, sex, area=areas.RIKET)
        # Page one has riket's numbers of what a report asks for first.
        if sex == "alla" and id_ in report.headline:
            continue
        if riket and by_sex[sex] and (sex == "alla" or not by_sex["alla"]):
            rows.append(ChangeRow(f"{measure.short_name}{comma_sex(sex)}, riket", riket))
    return rows


def _hidden(report: Report, measure: str, sex: str) -> bool:
    return any(
        report.is_hidden(measure, period, sex=sex) for period in report.parameters.pair(measure)
    )


def _notes(shown: list[Change], rows: list[ChangeRow]) -> str:
    coarse = any(c.difference_band.low < c.difference_band.high for c in shown)
    alone = coarse and _rounding_alike(rows, "") is None
    return "Möjlig förändring: vad källans avrundning lämnar öppet. " if alone else ""
