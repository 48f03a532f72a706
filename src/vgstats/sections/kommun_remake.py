"""Hur vet vi det? How the report is made again, and its record of itself."""

from __future__ import annotations

from typing import Any

import yaml

from vgstats.blocks.blocks import Block, Paragraphs, Preformatted
from vgstats.blocks.record import Recorded, record_of
from vgstats.facts.text import Code, say
from vgstats.reports.kommun import NAME
from vgstats.reports.of_kommun import OfKommun
from vgstats.sections.kommun_first_screen import title
from vgstats.sections.kommun_index import index_row
from vgstats.software import vgstats_version


def remake(report: OfKommun) -> Block:
    """Return what is needed to make the same report again, and to check this one."""
    said = say(
        "Rapporten är gjord av programmet vgstats, version {version}, ur källorna ovan. Samma rapport görs om med "
        "{render} och en parameterfil, här kallad rapport.yaml, med raderna nedan. {verify} visar om filen eller "
        "siffrorna har ändrats sedan dess.",
        version=vgstats_version(),
        render=Code("vgstats render rapport.yaml"),
        verify=Code("vgstats verify"),
    )
    lines = yaml.safe_dump(_job(report), allow_unicode=True, sort_keys=False)
    return Recorded([Paragraphs([said]), Preformatted(lines)], _record(report), index_row(report))


def _job(report: OfKommun) -> dict[str, Any]:
    parameters = report.parameters
    values = parameters.model_dump(mode="json", exclude_defaults=True)
    return {"report": NAME, **values, "lan": [parameters.lan], "kommun": [parameters.kommun]}


def _record(report: OfKommun) -> dict[str, Any]:
    parameters = report.parameters
    return record_of(
        title(report),
        place=report.area_name,
        code=parameters.kommun,
        between=(parameters.before, parameters.after),
        job=_job(report),
        figures=report.county.figures_digest,
        retrieved=report.county.vintages,
    )
