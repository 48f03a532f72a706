"""Hur vet vi det? How small numbers are hidden, definitions, sources, and how the report is made again."""

from __future__ import annotations

from typing import Any

import yaml

from vgstats.blocks.blocks import Block, Blocks, Paragraphs, Preformatted
from vgstats.blocks.hiding import hidden_by_others, how_hidden
from vgstats.blocks.record import Recorded, record_of
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.catalogue.measures import measure as measure_of
from vgstats.facts.text import Code, Name, say
from vgstats.reports.sjukfall import COUNTED, NAME, Sjukfall
from vgstats.sections.sjukfall_first_screen import title
from vgstats.sections.sjukfall_index import index_row
from vgstats.software import vgstats_version


def hidden(report: Sjukfall) -> Block:
    """Return how small numbers are hidden, and by whom."""
    own = report.shown_and_hidden()
    if any(own):
        return how_hidden(report.parameters.disclosure.rule(), *own)
    return Paragraphs([hidden_by_others(" och ".join(sorted(set(report.sources["publisher"]))))])


def definitions(report: Sjukfall) -> Block:
    """Return what is counted, and who keeps the register."""
    counted = measure_of(COUNTED)
    names: list[list[Cell]] = [
        [
            Name(f"{row['short']}: {row['title']}"),
            Name(row["publisher"]),
            Name(row["note"] or "ingen"),
        ]
        for _, row in report.sources.iterrows()
    ]
    about = say("{name}: {definition}", name=counted.name, definition=counted.definition)
    table = Table(
        "kallor",
        "Register som antalen kommer ur",
        [Column(heading, "text") for heading in ("Register", "Förs av", "Anmärkning")],
        names,
    )
    return Blocks([Paragraphs([about]), table])


def remake(report: Sjukfall) -> Block:
    """Return what is needed to make the same report again, and to check this one."""
    return Recorded(
        [
            Paragraphs(
                [
                    say(
                        "Rapporten är gjord av programmet vgstats, version {version}. Samma rapport görs om med "
                        "{render} och en parameterfil, här kallad rapport.yaml, med de här raderna. {verify} visar om "
                        "filen har ändrats sedan dess.",
                        version=vgstats_version(),
                        render=Code("vgstats render rapport.yaml"),
                        verify=Code("vgstats verify"),
                    )
                ]
            ),
            Preformatted(yaml.safe_dump(_job(report), allow_unicode=True, sort_keys=False)),
        ],
        _record(report),
        index_row(report),
    )


def _job(report: Sjukfall) -> dict[str, Any]:
    values = report.parameters.model_dump(mode="json", exclude={"disclosure"})
    rule = {key: str(value) for key, value in report.parameters.disclosure.model_dump().items()}
    return {"report": NAME, **values, "lan": [report.parameters.lan], "disclosure": rule}


def _record(report: Sjukfall) -> dict[str, Any]:
    return record_of(
        title(report),
        place=report.area_name,
        code=report.parameters.lan,
        between=report.months,
        job=_job(report),
        figures=report.figures_digest,
        retrieved=report.vintages,
    )
