"""A region's own words, where an analyst wants to see them or to place them by hand."""

from __future__ import annotations

from vgstats.blocks.blocks import Block, Blocks, Heading, LeftOut
from vgstats.catalogue.texts import ASSESSMENT
from vgstats.errors import VgstatsError, nearest
from vgstats.facts.text import say
from vgstats.reports.report import Report


def own_words(report: Report, heading: str = "") -> Block:
    """Return the region's own words of one heading, or all of them, each below the heading that it belongs to.

    A page puts each text last under its heading by itself. One that a cell shows stands there instead.

    Raises:
        VgstatsError: the region has written nothing under the heading.
    """
    there = {text.passage.section: text for text in report.own_words()}
    if heading and heading not in there:
        raise VgstatsError(
            f"own_words: nothing is written under {heading!r}.{nearest(heading, there)} There is: "
            f"{', '.join(there) or 'nothing'}."
        )
    if heading:
        return there[heading]
    if not there:
        return LeftOut(say("Regionen har inga egna ord i rapporten."))
    blocks: list[Block] = []
    for section, text in there.items():
        blocks += [text] if section == ASSESSMENT else [Heading(section), text]
    return Blocks(blocks)
