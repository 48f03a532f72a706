"""Hade det hänt ändå? The short answer, how the comparison behind it is made, and what else happened."""

from __future__ import annotations

from collections.abc import Iterable

from vgstats.blocks.blocks import Block, Bullets, paragraphs, together
from vgstats.blocks.tables import Column, Table
from vgstats.blocks.words import as_written, both_did, rule_month, told
from vgstats.catalogue import areas
from vgstats.facts.facts import count_fact
from vgstats.facts.text import Text, join, say
from vgstats.methods.before_after import Change
from vgstats.methods.comparison import Comparison
from vgstats.reports.report import Report
from vgstats.sections.words import left_out


def answer(report: Report, *, verdict: bool = True) -> Block:
    """Return the short answer to the section's question: one comparison, and one interval where there is one.

    Args:
        report: the report.
        verdict: whether the comparison is said; False where page one says it, and only the interval is left.
    """
    if not report.compared and not _beside_riket(report):
        what = "Om det hade hänt ändå går inte att säga: jämförbara värden för landet saknas."
        return left_out(report, what)
    usual = [usual_between(found) for found in _leading(report)]
    first = (verdict_sentence(report) or _alone(report)) if verdict else _moved(report)
    said = [text for text in (first, *usual) if text] if verdict or any(usual) else []
    return paragraphs(
        join(said) if said else None,
        _all_had_the_grant(report),
        _evaluation(report),
    )


def verdict_sentence(report: Report) -> Text | None:
    """Return in one sentence whether the county stands out from the others, None where they are not compared.

    Counties are never called alike: what lies inside the usual variation cannot be told from it. Where there are
    figures by sex only, a sentence for each.
    """
    said = [_verdict(found) for found in _leading(report)]
    return join(said) if said else None


def _leading(report: Report) -> list[Comparison]:
    """Return the comparison in the first measure, or those of women and men where there is none of both."""
    first = report.compared[0].county.after if report.compared else None
    alone = first is not None and first.sex != "alla"
    return report.compared if alone else report.compared[:1]


def _verdict(found: Comparison) -> Text:
    both = both_did(found.county, found.riket, ("länet", "riket"))
    form = "{lead}: {what} {both} {years}, {how}."
    lead, how = "Det går inte att se", "och länen brukar skilja sig åt mer än så"
    others = found.others
    if others is None or others.usual is None:
        lead = "Det går inte att säga"
        how = "och vad som är vanligt för ett sådant län går inte att räkna ut"
    elif found.stands_out:
        lead = f"Länet avviker {'nedåt' if others.estimate < 0 else 'uppåt'}"
        how = "mer än länen brukar skilja sig åt, men om det hade hänt ändå går inte att säga"
    elif others.where != "innanför":
        lead = "Det går inte att avgöra"
        how = "precis på gränsen för hur mycket länen brukar skilja sig åt"
    return told(found.county, form, lead=lead, both=both, how=how)


def usual_between(found: Comparison) -> Text | None:
    """Return which changes are usual between counties, None without limits."""
    others = found.others
    if others is None or others.usual is None:
        return None
    return others.say(
        "Ändringar mellan {low:signed} och {high:signed} {unit} är vanliga, med de andra länen som måttstock.",
        **others.both_ends("vanlig variation {}", others.usual),
    )


def _alone(report: Report) -> Text | None:
    """Say what the county and riket did, where there are no figures for the other counties."""
    alone = _beside_riket(report)
    if alone is None:
        return None
    both = both_did(*alone, ("länet", "riket"))
    form = "Det går inte att säga: {what} {both} {years}, och tal för de andra länen saknas."
    return told(alone[0], form, both=both)


def _beside_riket(report: Report) -> tuple[Change, Change] | None:
    """Return the county's and riket's change, where there are no figures for the other counties."""
    for measure in report.compared_measures:
        own, riket = report.change(measure), report.change(measure, area=areas.RIKET)
        if own and riket:
            return own, riket
    return None


def _moved(report: Report) -> Text:
    """Say what moved in the county, for the usual changes to stand beside."""
    form = "I länet ändrades {what} med {percent:signed} procent {years}."
    return join(told(found.county, form) for found in _leading(report))


def _all_had_the_grant(report: Report) -> str | None:
    followed = report.agreement
    if followed is None or not followed.met_all_counties:
        return None
    return (
        "Alla län fick statsbidraget. Jämförelsen visar om länet skiljer sig från andra län, inte vad statsbidraget "
        "har gett."
    )


def _evaluation(report: Report) -> Text | None:
    followed = report.agreement
    if followed is None or not followed.evaluation:
        return None
    text = as_written(followed.evaluation.text, followed)
    return say("{text} {source}", text=text, source=report.cite([followed.evaluation.source]))


def rules(report: Report) -> Block:
    """Return the rules that changed between before and after, for the measures they touch."""
    changed = report.law_changes_touching()
    if not changed:
        none = paragraphs("Inga kända regeländringar ligger i den tid som talen täcker.")
        return together(none, _agreements(report))
    all_alike = len({_touched(touched) for _, touched in changed}) == 1
    columns = [
        Column("Ändring", "text", of=lambda one: one[0].name),
        Column("Från", "text", of=lambda one: rule_month(one[0])),
        Column("Innebörd", "text", of=lambda one: one[0].text),
    ]
    if not all_alike:
        columns.append(Column("Berör", "text", of=lambda one: _touched(one[1])))
    table = Table.from_frame(
        changed,
        columns,
        id="regler",
        caption=say(
            "{n} {changes} rörde hela landet medan talen räknades",
            changes="ändring" if len(changed) == 1 else "ändringar",
            n=count_fact("ändrade regler och händelser", len(changed)),
        ),
        note=say(
            "Om {they} har påverkat talen, och hur mycket, går inte att säga. Arbetsmarknaden är inte med i "
            "uppgifterna. {sources}",
            they="den" if len(changed) == 1 else "de",
            sources=report.cite(rule.source for rule, _ in changed),
        ),
    )
    return together(table, _agreements(report))


_KINDS = {"sa_": "sjukersättning", "kostnad_": "kostnader"}  # of measures, by how their ids begin


def _touched(measures: list[str]) -> str:
    """Return in a few words what a rule touches."""
    kinds = (
        next((words for start, words in _KINDS.items() if id_.startswith(start)), "sjukfrånvaro")
        for id_ in measures
    )
    return ", ".join(dict.fromkeys(kinds))


def _agreements(report: Report) -> Iterable[Block]:
    """Tell the agreements that all counties had during the report, besides the one followed up."""
    found = report.other_agreements()
    if found:
        yield paragraphs("Alla län hade också överenskommelser med staten om sjukskrivning:")
        yield Bullets([say("{name}. {text}", name=a.short_name, text=a.text) for a in found])
        yield paragraphs(report.cite(agreement.source for agreement in found))
