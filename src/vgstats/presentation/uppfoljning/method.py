"""Hur vet vi det? Sources, definitions, what is missing and what does not add up."""

from __future__ import annotations

from importlib.metadata import version

import pandas as pd

from vgstats.analysis.consistency import parts_and_total
from vgstats.interventions import Remark
from vgstats.measures import measure as measure_of
from vgstats.presentation.blocks import Block, Blocks, Bullets, Cell, Column, Paragraphs, Table
from vgstats.presentation.facts import Fact, value_fact
from vgstats.presentation.text import Text, as_text, say
from vgstats.report_kinds.uppfoljning import COSTS, OUTCOMES, SHARES, Followup


def remarks(report: Followup) -> Block:
    """Return what in the sources does not add up."""
    followed = report.intervention
    found = [_remark(report, remark) for remark in (followed.remarks if followed else [])]
    if not found:
        return Paragraphs([say("Inga motsägelser i källorna är kända för de här uppgifterna.")])
    return Bullets(found)


def _remark(report: Followup, remark: Remark) -> Text:
    if remark.measure is None or remark.period is None:
        return as_text(remark.text)
    check = parts_and_total(
        report.observations, remark.measure, report.area, remark.period, remark.dimensions
    )
    assert check is not None, f"{remark.measure} has no parts"  # noqa: S101
    parts = Fact(
        f"summa|{remark.measure}|{report.area}|{remark.period}|{';'.join(remark.dimensions)}",
        check.sum_of_parts,
        measure_of(remark.measure).unit,
        0,
        "sum",
        tuple(value_fact(part) for part in check.parts),
    )
    filled: dict[str, Fact | str | Text] = {"parts": parts}
    if check.total:
        filled["total"] = value_fact(check.total)
    used = {name: fact for name, fact in filled.items() if f"{{{name}}}" in remark.text}
    return say(remark.text, **used)


def gaps(report: Followup) -> Block:
    """Return what is missing for the county, and where it can be had."""
    rows: list[list[Cell]] = []
    for id_ in [*OUTCOMES, *COSTS]:
        measure = measure_of(id_)
        if report.change(id_) is None:
            rows.append([measure.name, "saknas", measure.available or "okänt"])
        elif not (report.change(id_, "kvinnor") and report.change(id_, "män")):
            rows.append([measure.name, "finns, men inte per kön", measure.available or "okänt"])
    if not rows:
        return Paragraphs([say("Inget av rapportens mått saknas.")])
    return Table(
        "saknas",
        "Uppgifter som saknas för länet i rapportens perioder",
        [Column(n, "text") for n in ("Mått", "Vad som saknas", "Var uppgiften finns")],
        rows,
    )


def definitions(report: Followup) -> Block:
    """Return what the measures in the report mean."""
    shown = [
        m
        for m in [*OUTCOMES, SHARES, *COSTS]
        if report.change(m) or (m == SHARES and report.periods(m))
    ]
    rows: list[list[Cell]] = [
        [measure_of(m).name, measure_of(m).unit, measure_of(m).definition] for m in shown
    ]
    return Table(
        "definitioner",
        "Måtten i rapporten",
        [Column(n, "text") for n in ("Mått", "Enhet", "Betydelse")],
        rows,
    )


def sources(report: Followup) -> Block:
    """Return where the figures come from, a row for each publication."""
    used = report.observations
    shown = report.sources[report.sources.index.isin(used["source"])]
    rows: list[list[Cell]] = []
    for _, group in shown.groupby(["publisher", "title", "published"], sort=False):
        first = group.iloc[0]
        read = used.loc[used["source"].isin(group.index), "retrieved"]
        rows.append(
            [
                f"{first['short']}: {first['title']}",
                ", ".join(filter(None, [first["publisher"], first["published"]])),
                max(read),
                first["address"],
                " ".join(
                    f"{_place(row)}{row['note']}" for _, row in group.iterrows() if row["note"]
                ),
            ]
        )
    return Table(
        "kallor",
        "Källor till siffrorna",
        [
            Column("Källa", "text"),
            Column("Utgivare och tid", "text"),
            Column("Avläst", "text"),
            Column("Adress", "address"),
            Column("Anmärkning", "text"),
        ],
        rows,
        "Alla siffror är publicerade av andra. Rapporten lägger inte till några egna räkningar av "
        "personer, så inga små tal har behövt döljas här.",
    )


def _place(row: pd.Series) -> str:
    return f"{row['place'][0].upper()}{row['place'][1:]}: " if row["place"] else ""


def remake(report: Followup) -> Block:
    """Return what is needed to make the same report again."""
    parameters = report.parameters
    own_periods = "; ".join(
        f"{measure_of(m).name.lower()} {before} och {after}"
        for m, (before, after) in parameters.periods.items()
    )
    lines = [
        say("Län: {area} (kod {code}).", area=report.area_name, code=parameters.lan),
        say("Perioder: {before} och {after}.", before=parameters.before, after=parameters.after),
        *([say("Egna perioder: {periods}.", periods=own_periods)] if own_periods else []),
        *([say("Insats: {id}.", id=parameters.intervention)] if parameters.intervention else []),
        say("Program: vgstats {version}.", version=version("vgstats")),
    ]
    return Blocks(
        [
            Paragraphs(
                [
                    say(
                        "Rapporten är gjord av programmet vgstats ur de källor som står ovan, med "
                        "parametrarna nedan. Procent räknas på källornas tal och avrundas en gång, när "
                        "de skrivs ut."
                    )
                ]
            ),
            Bullets(lines),
        ]
    )
