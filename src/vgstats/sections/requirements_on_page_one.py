"""Page one of requirements: how many are met, what is left to do, and what cannot be said."""

from __future__ import annotations

from vgstats.blocks.blocks import Block, Bullets
from vgstats.catalogue.requirements import MET
from vgstats.facts.text import Text, say
from vgstats.reports.base.judged import Judged
from vgstats.reports.report import Report
from vgstats.sections.all_areas import alike_sentence
from vgstats.sections.paid import payment_sentence
from vgstats.sections.requirement_actions import acted, actions_sentence
from vgstats.sections.requirements import (
    about_requirements,
    basis_words,
    standing_sentence,
    standing_words,
)
from vgstats.sections.requirements_moved import decisions, largest_gap, moved_sentence, moves
from vgstats.sections.words import front_part


@about_requirements
def standing(report: Report, rows: list[Judged]) -> Block:
    """Return *Det viktigaste*: how many requirements are met, what is said of all counties alike, and what was paid.

    Args:
        report: the report.
        rows: its requirements with their judgements, such as `report.judged`.
    """
    said: list[Text | None] = [
        say("{s}.", s=standing_sentence(report, rows)),
        alike_sentence(report),
        payment_sentence(report),
    ]
    return front_part("Det viktigaste", Bullets([one for one in said if one]))


@about_requirements
def requirements_in_brief(report: Report, rows: list[Judged]) -> Block:
    """Return, for page one, where most is left, what is to be done and decided, and what has moved.

    Args:
        report: the report.
        rows: its requirements with their judgements, such as `report.judged`.
    """
    all_met = all(one.status == MET for one in rows)
    said = [
        None if all_met else say("{said}.", said=standing_words(rows).capitalised()),
        largest_gap(rows),
        *([actions_sentence(report, rows)] if acted(rows) else []),
        *(say("Beslut {what}", what=one) for one in decisions(rows)),
        *([moved_sentence(report, rows)] if moves(report, rows) else []),
    ]
    items = [one for one in said if one]
    return front_part("Vad återstår?", Bullets(items) if items else None)


@about_requirements
def unsaid(report: Report) -> Block:
    """Return *Det här går inte att säga*, for page one: what the judgements rest on, and how counties differ."""
    items = [basis_words(report)]
    if alike_sentence(report):
        items.append(
            say("Hur länen skiljer sig åt, för de bedöms lika hur olika de än har arbetat.")
        )
    return front_part("Det här går inte att säga", Bullets(items))
