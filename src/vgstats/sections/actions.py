"""Vad gjordes? The plan's actions, field by field, with the volume that the source gives."""

from __future__ import annotations

from vgstats.blocks.blocks import Block, Blocks, Heading, Paragraphs, Quote, missing
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.catalogue import areas
from vgstats.catalogue.measures import measure as measure_of
from vgstats.facts.facts import value_fact
from vgstats.facts.text import Name, say
from vgstats.observations import newest
from vgstats.reports.followup import Followup
from vgstats.sections.words import as_written, filled, period_words, source_list


def plan(report: Followup) -> Block:
    """Return what was done, field by field, with the volume that the source gives, and the region's own words."""
    return Blocks([*_done(report), *_own_words(report)])


def _done(report: Followup) -> list[Block]:
    followed = report.intervention
    about = [say("{text}", text=as_written(followed.text, followed))] if followed else []
    if followed is None or not followed.actions:
        return [Paragraphs(about), *_own_figures(report), *_elsewhere(report)]
    rows: list[list[Cell]] = [
        [
            as_written(action.action, followed),
            filled(action.volume, report, followed) if action.volume else "volym saknas",
            as_written(action.field, followed),
        ]
        for action in followed.actions
    ]
    return [
        Paragraphs(about),
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


def _own_words(report: Followup) -> list[Block]:
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


def _own_figures(report: Followup) -> list[Block]:
    """Return the figures that the agreement's or project's source gives, in the months it gives them for."""
    followed = report.intervention
    if followed is None or not followed.figures:
        return []
    found = [
        value
        for value in newest(report.observations).values()
        if value.measure in followed.figures and value.source == followed.source
    ]
    rows: list[list[Cell]] = [
        [
            measure_of(v.measure).name,
            areas.name(v.area),
            period_words(v),
            value_fact(v),
            measure_of(v.measure).unit,
        ]
        for v in sorted(found, key=lambda v: (followed.figures.index(v.measure), v.area, v.period))
    ]
    return [
        Table(
            "insatsens-siffror",
            say("{name}: siffror som källan ger", name=followed.short_name),
            [
                *(Column(name, "text") for name in ("Mått", "Var", "När")),
                Column("Värde"),
                Column("Enhet", "text"),
            ],
            rows,
            source_list(report, [followed.source]),
        )
    ]


def _elsewhere(report: Followup) -> list[Block]:
    """Say where the county's own actions are told, or that they are not known here."""
    own = report.own_plans()
    if own:
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
