"""Hur vet vi det? Sources, definitions, what is missing and what does not add up."""

from __future__ import annotations

from importlib.metadata import version

import pandas as pd
import yaml

from vgstats import areas
from vgstats.measures import measure as measure_of
from vgstats.presentation.blocks import (
    Block,
    Blocks,
    Bullets,
    Cell,
    Column,
    Paragraphs,
    Preformatted,
    Table,
)
from vgstats.presentation.text import say, swedish_list
from vgstats.presentation.uppfoljning.words import remark_text
from vgstats.report_kinds.followup import Followup
from vgstats.report_kinds.uppfoljning import COSTS, NAME, OUTCOMES, SHARES


def remarks(report: Followup) -> Block:
    """Return what in the sources does not add up."""
    about = report.remarks("kalla")
    if not about:
        return Paragraphs([say("Inga motsägelser i källorna är kända för de här uppgifterna.")])
    names = dict.fromkeys(report.sources.loc[remark.source, "short"] for remark in about)
    intro = say("Det här gäller källan {names}.", names=swedish_list(list(names)))
    return Blocks([Paragraphs([intro]), Bullets([remark_text(report, r) for r in about])])


def gaps(report: Followup) -> Block:
    """Return what is missing for the county, and where it may be sought."""
    rows: list[list[Cell]] = []
    for id_ in [*OUTCOMES, *COSTS]:
        measure = measure_of(id_)
        total, by_sex = report.change(id_), report.change(id_, "kvinnor")
        if not (total and by_sex):
            lacking = "saknas"
            if total or by_sex:
                lacking = "finns, men inte per kön" if total else "finns bara per kön"
            rows.append([measure.name, lacking, measure.available or "okänt"])
        if report.has(id_) and not report.has(id_, areas.RIKET):
            rows.append([f"{measure.name}, riket", "saknas", measure.available or "okänt"])
    if not rows:
        return Paragraphs([say("Inget av rapportens mått saknas.")])
    return Table(
        "saknas",
        "Uppgifter som saknas i rapportens perioder",
        [Column(n, "text") for n in ("Mått", "Vad som saknas", "Var uppgiften kan sökas")],
        rows,
    )


def definitions(report: Followup) -> Block:
    """Return what the measures in the report mean."""
    shown = [
        m
        for m in [*OUTCOMES, SHARES, *COSTS]
        if report.has(m) or (m == SHARES and report.periods(m))
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
    """Return where the figures, rules and boundaries come from, a row for each publication."""
    rows: list[list[Cell]] = []
    shown = report.sources[report.sources.index.isin(report.named_sources())]
    for _, group in shown.groupby(["publisher", "title", "published"], sort=False):
        first = group.iloc[0]
        read = report.observations.loc[report.observations["source"].isin(group.index), "retrieved"]
        rows.append(
            [
                f"{first['short']}: {first['title']}",
                ", ".join(filter(None, [first["publisher"], first["published"]])),
                max(read) if len(read) else "inga siffror",
                first["address"],
                " ".join(
                    f"{_place(row)}{row['note']}" for _, row in group.iterrows() if row["note"]
                ),
            ]
        )
    return Table(
        "kallor",
        "Källor till siffror, regler och gränser",
        [
            Column("Källa", "text"),
            Column("Utgivare och tid", "text"),
            Column("Avläst", "text"),
            Column("Adress", "address"),
            Column("Anmärkning", "text"),
        ],
        rows,
        "Alla grundtal är publicerade av andra. Skillnader, procent och ungefärliga antal är uträknade "
        "här. Inga egna räkningar av personer har lagts till, så inga små tal har behövt döljas.",
    )


def _place(row: pd.Series) -> str:
    return f"{row['place'][0].upper()}{row['place'][1:]}: " if row["place"] else ""


def remake(report: Followup) -> Block:
    """Return what is needed to make the same report again."""
    parameters = report.parameters
    values = parameters.model_dump(mode="json", exclude_defaults=True)
    content = {"report": NAME, **values, "lan": [parameters.lan]}
    return Blocks(
        [
            Paragraphs(
                [
                    say(
                        "Rapporten är gjord av programmet vgstats, version {version}, ur källorna ovan. "
                        "Procent räknas på källornas tal och avrundas en gång, när de skrivs ut. Samma "
                        "rapport görs om med kommandot vgstats render och en parameterfil med de här "
                        "raderna:",
                        version=version("vgstats"),
                    )
                ]
            ),
            Preformatted(yaml.safe_dump(content, allow_unicode=True, sort_keys=False)),
        ]
    )
