"""Page one of requirements: how many are met, what the source counts, and what was paid."""

from __future__ import annotations

from vgstats.blocks.blocks import Block, Bullets
from vgstats.facts.text import Text, say
from vgstats.reports.base.judged import Judged
from vgstats.reports.report import Report
from vgstats.sections.all_areas import alike_sentence, counted_sentences
from vgstats.sections.paid import payment_sentence
from vgstats.sections.requirements import about_requirements, followed, standing_sentence
from vgstats.sections.words import front_part


@about_requirements
def standing(report: Report, rows: list[Judged]) -> Block:
    """Return *Det viktigaste*: how many requirements are met, what is said of all areas, and what was paid.

    Args:
        report: the report.
        rows: its requirements with their judgements, such as `report.judged`.
    """
    of = followed(report)
    said: list[Text | None] = [
        say("{s}.", s=standing_sentence(report, rows)),
        alike_sentence(report),
        *counted_sentences(of)[:_MOST],
        payment_sentence(report),
    ]
    return front_part("Det viktigaste", Bullets([one for one in said if one]))


_MOST = 2  # counts that page one has room for
