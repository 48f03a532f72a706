"""Hade det hänt ändå? The rules and other things that changed for the whole country."""

from __future__ import annotations

from vgstats.blocks.blocks import Block, Blocks, Bullets, Paragraphs
from vgstats.blocks.tables import Column, Table
from vgstats.blocks.words import rule_month
from vgstats.catalogue.measures import measure as measure_of
from vgstats.facts.text import say
from vgstats.reports.report import Report


def rules(report: Report) -> Block:
    """Return the rules that changed between before and after, for the measures they touch."""
    changed = report.law_changes_touching()
    if not changed:
        none = say("Inga kända regeländringar ligger i den tid som talen täcker.")
        return Blocks([Paragraphs([none]), *_agreements(report)])
    columns = [
        Column("Ändring", "text", of=lambda one: one[0].name),
        Column("Från", "text", of=lambda one: rule_month(one[0])),
        Column("Innebörd", "text", of=lambda one: one[0].text),
        Column("Berör", "text", of=lambda one: "; ".join(measure_of(m).name for m in one[1])),
    ]
    intro = say(
        "Under den tid som talen täcker, alltså också de månader som räknas in i det första av dem, hände "
        "även annat som berörde hela landet. Tabellen säger vilka mått. Det kan förklara en del av deras "
        "förändring, och hur stor del går inte att säga. Läget på arbetsmarknaden, som också "
        "kan spela roll, är inte med i uppgifterna."
    )
    table = Table.from_frame(
        changed,
        columns,
        id="regler",
        caption="Ändrade regler och händelser under den tid som talen täcker",
        note=report.cite(rule.source for rule, _ in changed),
    )
    return Blocks([Paragraphs([intro]), table, *_agreements(report)])


def _agreements(report: Report) -> list[Block]:
    """Tell the agreements that all counties had during the report, besides the one followed up."""
    found = report.other_agreements()
    if not found:
        return []
    intro = say("Under tiden hade alla län också överenskommelser med staten om sjukskrivning:")
    items = [
        say("{name}. {text}", name=agreement.short_name, text=agreement.text) for agreement in found
    ]
    sources = report.cite([agreement.source for agreement in found])
    return [Paragraphs([intro]), Bullets(items), Paragraphs([sources])]
