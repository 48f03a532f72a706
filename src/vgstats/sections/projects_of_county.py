"""Page one of a county's projects: which are known, and when they ran."""

from __future__ import annotations

from vgstats.blocks.blocks import Block, paragraphs, together
from vgstats.blocks.words import as_written, ran_words
from vgstats.catalogue.agreements import Agreement
from vgstats.facts.facts import count_fact
from vgstats.facts.text import join, say
from vgstats.reports.report import Report
from vgstats.sections.words import front_part


def projects_here(report: Report) -> Block:
    """Return for page one which projects are known in the county, and that the register does not say if they helped."""
    found: list[Agreement] = getattr(report, "projects", [])
    if not found:
        return together()
    named = join(
        [say("{p} ({when})", p=as_written(p.name, p), when=ran_words(p)) for p in found], "; "
    )
    n = count_fact("projekt i länet", len(found))
    said = say(
        "{n} projekt är {known} i länet: {named}. Registret säger inte om de hjälpte.",
        n=n,
        known="känt" if len(found) == 1 else "kända",
        named=named,
    )
    return front_part("Projekt i länet", paragraphs(said))
