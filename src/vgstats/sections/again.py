"""Hur vet vi det? How the report is made again and checked, and its record of itself."""

from __future__ import annotations

import yaml

from vgstats.blocks.blocks import Block, Paragraphs, Preformatted
from vgstats.blocks.record import Recorded
from vgstats.facts.text import Code, say
from vgstats.reports.report import Report
from vgstats.software import vgstats_version


def remake(report: Report) -> Block:
    """Return what is needed to make the same report again, and to check this one."""
    made = say(
        "Rapporten är gjord av programmet vgstats, version {version}, ur källorna ovan. "
        "Procent räknas på källornas tal och avrundas en gång, när de skrivs ut. Samma "
        "rapport görs om med {render} och en parameterfil, här kallad rapport.yaml, med de "
        "här raderna:",
        version=vgstats_version(),
        render=Code("vgstats render rapport.yaml"),
    )
    checked = say(
        "Den som vill veta om filen har ändrats, eller om siffrorna har reviderats sedan "
        "rapporten gjordes, kör {verify} på filen. Raderna ovan finns också i filens "
        "huvud, i en form som program kan läsa.",
        verify=Code("vgstats verify"),
    )
    lines = yaml.safe_dump(report.job(), allow_unicode=True, sort_keys=False)
    blocks = [Paragraphs([made]), Preformatted(lines), Paragraphs([checked])]
    return Recorded(blocks, report.record(), report.index_row())
