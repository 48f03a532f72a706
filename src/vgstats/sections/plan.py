"""Vad gjordes? The plan's actions, field by field, with the volume that the source gives."""

from __future__ import annotations

from vgstats.blocks.blocks import Block, Blocks, Heading, Paragraphs, Quote, missing
from vgstats.blocks.tables import Column, Table
from vgstats.blocks.words import as_written, period_words
from vgstats.catalogue import areas
from vgstats.catalogue.measures import measure as measure_of
from vgstats.facts.facts import value_fact
from vgstats.facts.text import Name, say
from vgstats.observations import newest
from vgstats.reports.report import Report
from vgstats.sections.words import filled


def actions(report: Report) -> Block:
    """Return what was done, field by field, with the volume that the source gives, and the region's own words."""
    return Blocks([*_done(report), *_own_words(report)])


def _done(report: Report) -> list[Block]:
    followed = report.agreement
    about = [say("{text}", text=as_written(followed.text, followed))] if followed else []
    if followed is None or not followed.actions:
        return [Paragraphs(about), *_own_figures(report), *_elsewhere(report)]
    columns = [
        Column("Insats", "text", of=lambda action: as_written(action.action, followed)),
        Column(
            "Volym enligt källan",
            "text",
            of=lambda action: (
                filled(action.volume, report, followed) if action.volume else "volym saknas"
            ),
        ),
        Column("Område", "text", of=lambda action: as_written(action.field, followed)),
    ]
    note = say(
        "Volym saknas: källan nämner insatsen men säger inte hur mycket. Vad var och en av "
        "insatserna har betytt för sjukfrånvaron går inte att se i siffrorna. {sources}",
        sources=report.cite([followed.source]),
    )
    caption = say("{name}: vad som gjordes", name=followed.short_name)
    table = Table.from_frame(followed.actions, columns, id="insatser", caption=caption, note=note)
    return [Paragraphs(about), table]


def _own_words(report: Report) -> list[Block]:
    """Return what the region itself has written, told apart from what is worked out here."""
    answers = report.texts.answers
    if not answers:
        return []
    about = say(
        "Det här har regionen skrivit själv. Det är inte uträknat eller kontrollerat av vgstats, och tal i det finns "
        "inte bland rapportens siffror."
    )
    quotes: list[Block] = [
        Quote(
            [
                say("{heading}", heading=Name(answer.heading)),
                *(say("{words}", words=Name(part)) for part in answer.text.splitlines() if part),
                say("{author}", author=Name(answer.author)),
            ]
        )
        for answer in answers
    ]
    return [Heading("Regionens egna ord"), Paragraphs([about], kind="note"), *quotes]


def _own_figures(report: Report) -> list[Block]:
    """Return the figures that the agreement's or project's source gives, in the months it gives them for."""
    followed = report.agreement
    if followed is None or not followed.figures:
        return []
    found = [
        value
        for value in newest(report.observations).values()
        if value.measure in followed.figures and value.source == followed.source
    ]
    columns = [
        Column("Mått", "text", of=lambda v: measure_of(v.measure).name),
        Column("Var", "text", of=lambda v: areas.name(v.area)),
        Column("När", "text", of=period_words),
        Column("Värde", of=value_fact),
        Column("Enhet", "text", of=lambda v: measure_of(v.measure).unit),
    ]
    return [
        Table.from_frame(
            sorted(found, key=lambda v: (followed.figures.index(v.measure), v.area, v.period)),
            columns,
            id="insatsens-siffror",
            caption=say("{name}: siffror som källan ger", name=followed.short_name),
            note=report.cite([followed.source]),
        )
    ]


def _elsewhere(report: Report) -> list[Block]:
    """Say where the county's own actions are told, or that they are not known here."""
    if own := report.own_plans():
        return [
            missing(
                f"Länets egna mål, insatser och pengar står i uppföljningen av {plan.short_name.lower()}, "
                "en egen rapport."
            )
            for plan in own
        ]
    return [
        missing("Vad som gjordes i länet finns inte bland de uppgifter som rapporten bygger på.")
    ]
