"""Förändringar: the measures before and after, women and men apart, with the room that rounding leaves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vgstats.blocks.blocks import Block, missing, paragraphs, together
from vgstats.blocks.tables import HIDDEN, Cell, Column, Table
from vgstats.blocks.words import (
    comma_sex,
    is_yearly_mean,
    low_to_high,
    then_to_now,
    told,
    uncapitalised,
)
from vgstats.catalogue import areas
from vgstats.catalogue.measures import LONG_CASES, ONGOING, SHARES
from vgstats.catalogue.measures import measure as measure_of
from vgstats.facts.text import Text, say, swedish_list
from vgstats.methods.before_after import Change, change_facts
from vgstats.observations import SEXES
from vgstats.reports.report import Report
from vgstats.sections.brief import gap
from vgstats.sections.words import chosen_measures


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
        facts = change_facts(self.change)
        low, high = facts.difference_low, facts.difference_high
        rounded = high.value - low.value >= 10**-low.decimals
        return low_to_high(low, high) if rounded else "källan avrundar inte"

    @property
    def when(self) -> Cell:
        """The two periods."""
        return then_to_now(self.change) if self.change else ""


def change_table(
    rows: Iterable[ChangeRow],
    *,
    id: str,
    caption: Text | str,
    first: str = "Mått",
    note: Text | str = "",
) -> Table:
    """Return a table with a row for each change; `first` heads the first column."""
    columns = [
        Column(first, "text", of="label"),
        Column("Före", of=lambda row: row.of("before")),
        Column("Efter", of=lambda row: row.of("after")),
        Column("Förändring", of=lambda row: row.of("difference"), form="{x:signed}"),
        Column("Procent", of="percent", form="{x:signed} %"),
        Column("Möjlig förändring", of="rounding"),
        Column("Tid", "text", of="when"),
    ]
    return Table.from_frame(rows, columns, id=id, caption=caption, note=note or None)


def changes(report: Report, measures: Sequence[str] | None = None) -> Block:
    """Return the table of what changed in the report's area, women and men apart where the source has it.

    Args:
        report: the report.
        measures: those to show, in order; the report's own, and those it asks for besides, when left out.
    """
    shown = chosen_measures(measures, (m for m in report.told if m not in report.costs))
    rows = [row for measure in shown for row in _measure_rows(report, measure)]
    if not rows:
        return missing(f"Inget av måtten har värden för {report.place} i båda perioderna.")
    known = [row.change for row in rows if row.change]
    sources = report.cite(change.after.source for change in known)
    table = change_table(
        rows,
        id="forandring",
        caption=f"Förändringar i {report.area_name}",
        note=say("{notes} {sources}", notes=_notes(report, known), sources=sources),
    )
    return together(table, _absent(report, shown))


def beside(report: Report, measure: str | None = None) -> Block:
    """Return the change of the report's area, of its county and of riket in one table, and how to read it."""
    measure = measure or report.main
    own, others = report.change(measure), report.beside(measure)
    if own is None or not others:
        return missing(
            say("{what} i länet och i riket finns inte bland uppgifterna.", what=_name(measure)),
            report.where_to_get(measure, all_counties=True),
        )
    rows = [ChangeRow(areas.name(area), c) for area, c in {report.area: own, **others}.items()]
    places = swedish_list([report.area_name, *report.beside_names(measure)])
    caption = told(own, "{what} i {places} {periods}", what=_name(measure), places=places)
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
    has_sexes = by_sex["kvinnor"] and by_sex["män"]
    names = {sex: f"{measure.name}{comma_sex(sex)}" for sex in SEXES}
    names["alla"] += f" ({measure.unit}){'' if has_sexes else _sexes_lacking(report, id_)}"
    rows = [
        ChangeRow(names[sex], change)
        for sex, change in by_sex.items()
        if change or _hidden(report, id_, sex)
    ]
    if id_ == "ohalsotal" and (difference := gap(report)):
        rows.append(ChangeRow("Ohälsotal, skillnad mellan kvinnor och män", difference))
    for sex in SEXES if (id_, areas.RIKET) in report.asked else ():
        riket = report.change(id_, sex, area=areas.RIKET)
        if riket and by_sex[sex] and (sex == "alla" or not by_sex["alla"]):
            rows.append(ChangeRow(f"{measure.name}{comma_sex(sex)}, riket", riket))
    for compared in report.compared:
        if compared.rest and compared.county.after.measure == id_:
            name = f"{measure.name}{comma_sex(compared.rest.after.sex)}, övriga landet"
            rows.append(ChangeRow(name, compared.rest))
    return rows


def _hidden(report: Report, measure: str, sex: str) -> bool:
    return any(
        report.is_hidden(measure, period, sex=sex) for period in report.parameters.pair(measure)
    )


def _sexes_lacking(report: Report, measure: str) -> str:
    shares = measure == LONG_CASES and report.change(SHARES, "kvinnor")
    return "; per kön bara som andel" if shares else "; uppgift per kön saknas"


def _notes(report: Report, shown: list[Change]) -> str:
    notes = []
    coarse = dict.fromkeys(
        measure_of(c.after.measure).name
        for c in shown
        if c.difference_band.low < c.difference_band.high
    )
    if coarse:
        notes.append(
            f"Källorna avrundar {swedish_list([uncapitalised(name) for name in coarse])}. Kolumnen Möjlig förändring "
            "visar hur liten eller stor förändringen kan ha varit med tanke på det."
        )
    if any(c.after.measure == ONGOING and is_yearly_mean(c) for c in shown):
        notes.append(
            "Pågående sjukfall är genomsnitt av tolv månadsskiften, som den här rapporten skriver som hela "
            "tal. Procenten är räknade på genomsnitten, och kvinnor och män tillsammans kan skilja med ett "
            "från totalen."
        )
    return " ".join(notes)


def _absent(report: Report, told_of: list[str]) -> Block | None:
    absent = [
        measure_of(m).name.lower()
        for m in told_of
        if m not in report.parameters.further
        and not any(report.change(m, sex) or _hidden(report, m, sex) for sex in SEXES)
    ]
    if not absent:
        return None
    return missing(
        say(
            "För {place} saknas i rapportens perioder: {names}. Avsnittet Hur vet vi det? säger var "
            "uppgifterna kan sökas.",
            place=report.place,
            names=swedish_list(absent),
        )
    )
