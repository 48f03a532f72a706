"""Vad gjordes? The plan's actions, field by field, with the volume that the source gives."""

from __future__ import annotations

from vgstats.presentation.blocks import (
    Block,
    Blocks,
    Cell,
    Column,
    Paragraphs,
    Table,
    missing,
)
from vgstats.presentation.text import say
from vgstats.presentation.uppfoljning.words import filled, source_list
from vgstats.report_kinds.uppfoljning import Followup


def plan(report: Followup) -> Block:
    """Return what was done, field by field, with the volume that the source gives."""
    followed = report.intervention
    if followed is None or not followed.actions:
        return missing(
            "Vad som gjordes i länet finns inte bland de uppgifter som rapporten bygger på."
        )
    rows: list[list[Cell]] = [
        [
            action.action,
            filled(action.volume, report) if action.volume else "volym saknas",
            action.field,
        ]
        for action in followed.actions
    ]
    return Blocks(
        [
            Paragraphs([say("{text}", text=followed.text)]),
            Table(
                "insatser",
                say("{name}: vad som gjordes", name=followed.short_name),
                [Column(n, "text") for n in ("Insats", "Volym enligt källan", "Område")],
                rows,
                say(
                    "Volym saknas: källan nämner insatsen men säger inte hur mycket. Vad var och en av "
                    "insatserna har betytt för sjukfrånvaron går inte att se i siffrorna. {sources}",
                    sources=source_list(report, [followed.source]),
                ),
            ),
        ]
    )
