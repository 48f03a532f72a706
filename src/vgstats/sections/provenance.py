"""Hur vet vi det? What the measures mean, and where figures, rules and boundaries come from."""

from __future__ import annotations

import pandas as pd

from vgstats.blocks.blocks import Block, Blocks
from vgstats.blocks.tables import Address, Cell, Column, Table
from vgstats.catalogue.measures import ONGOING_RATE, SHARES
from vgstats.catalogue.measures import measure as measure_of
from vgstats.facts.text import Name
from vgstats.reports.report import Report
from vgstats.sections.hiding import hidden


def definitions(report: Report) -> Block:
    """Return what the measures in the report mean."""
    measures = [*report.shown, ONGOING_RATE, SHARES, *report.costs, *report.parameters.further]
    asked = [m for m in dict.fromkeys(measures) if (m, report.area) in report.asked]
    shown = [m for m in asked if report.has(m) or report.hides(m) or _shares(report, m)]
    columns = [
        Column("Mått", "text", of="name"),
        Column("Enhet", "text", of="unit"),
        Column("Betydelse", "text", of="definition"),
    ]
    caption = "Måtten i rapporten"
    return Table.from_frame(map(measure_of, shown), columns, id="definitioner", caption=caption)


def _shares(report: Report, measure: str) -> bool:
    return measure == SHARES and report.periods(measure) is not None


def sources(report: Report) -> Block:
    """Return where the figures, rules and boundaries come from, a row for each publication."""
    shown = report.named_sources()
    publications = [of for _, of in shown.groupby(["publisher", "title", "published"], sort=False)]
    columns = [
        Column(
            "Källa", "text", of=lambda of: Name(f"{of['short'].iloc[0]}: {of['title'].iloc[0]}")
        ),
        Column("Utgivare och tid", "text", of=_publisher),
        Column("Avläst", "text", of=lambda of: _read(report, of)),
        Column("Adress", "address", of=lambda of: Address(of["address"].iloc[0])),
        Column("Anmärkning", "text", of=_notes),
    ]
    own = any(report.shown_and_hidden())
    table = Table.from_frame(
        publications,
        columns,
        id="kallor",
        caption="Källor till siffror, regler och gränser",
        note="Alla tal är påhittade av programmet."
        if report.synthetic
        else "Tal ur regionens eget register är skyddade som det står nedan. Övriga grundtal är publicerade av "
        "andra."
        if own
        else "Tal ur regionens egna källor är regionens egna, inte officiella. Övriga grundtal är publicerade av "
        "andra."
        if report.has_own_figures
        else "Alla grundtal är publicerade av andra. Skillnader, procent och ungefärliga antal är uträknade "
        "här. Inga egna räkningar av personer har lagts till, så inga små tal har behövt döljas.",
    )
    return Blocks([table, *([hidden(report)] if own else [])])


def _publisher(of: pd.DataFrame) -> Cell:
    first = of.iloc[0]
    return Name(", ".join(filter(None, [first["publisher"], first["published"]])))


def _read(report: Report, of: pd.DataFrame) -> str:
    read = report.observations.loc[report.observations["source"].isin(of.index), "retrieved"]
    return max(read)[:10] if len(read) else "inga siffror"


def _notes(of: pd.DataFrame) -> Cell:
    notes = (f"{_place(row)}{row['note']}" for _, row in of.iterrows() if row["note"])
    return Name(" ".join(notes))


def _place(row: pd.Series) -> str:
    return f"{row['place'][0].upper()}{row['place'][1:]}: " if row["place"] else ""
