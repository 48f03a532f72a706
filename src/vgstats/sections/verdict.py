"""Hade det hänt ändå? The short answer, how the comparison behind it is made, and what else happened."""

from __future__ import annotations

from collections.abc import Iterable

from vgstats.blocks.blocks import Block, Bullets, paragraphs, together
from vgstats.blocks.tables import Column, Table
from vgstats.blocks.words import as_written, rule_month, told
from vgstats.catalogue import areas
from vgstats.catalogue.calibration import NOMINAL, rates_of, year_of_sizes
from vgstats.facts.facts import Fact, count_fact
from vgstats.facts.text import Text, direction, join, say
from vgstats.methods.before_after import Change, change_facts
from vgstats.methods.comparison import Comparison
from vgstats.reports.report import Report
from vgstats.sections.words import same_way


def answer(report: Report) -> Block:
    """Return the short answer to the section's question, as far as the figures carry it."""
    if report.compared:
        said = join(_verdict(one) for one in report.compared)
    elif alone := _beside_riket(report):
        said = _both(*alone, "riket")
    else:
        return paragraphs("Det går inte att veta: jämförbara värden för landet saknas.")
    return paragraphs(say("Det går inte att veta säkert. {said}", said=said), _evaluation(report))


def _verdict(found: Comparison) -> Text:
    """Say what the county and the country did, the county's effect, and where it started from."""
    said = [_both(found.county, found.beside, "övriga landet" if found.rest else "riket")]
    if found.others is None:
        form = "Skillnaden mot de andra länen går inte att bedöma eftersom {why}."
        said.append(say(form, why=found.why_no_spread))
    else:
        said.append(found.others.verdict())
    return join([*said, *([found.start.short()] if found.start else [])])


def _both(county: Change, others: Change, where: str) -> Text:
    """Say what the county and others did, as a fall or a rise where both did the same."""
    theirs = change_facts(others).percent
    if not same_way(county, others):
        form = "{What} ändrades med {percent:signed} procent i länet och {theirs:signed} procent i {where}."
        return told(county, form, theirs=theirs, where=where)
    form = "{What} {moved} med {percent:abs} procent i länet och {theirs:abs} procent i {where}."
    moved = direction(change_facts(county).percent, fell="minskade", rose="ökade", same="")
    return told(county, form, theirs=theirs, where=where, moved=moved)


def _beside_riket(report: Report) -> tuple[Change, Change] | None:
    """Return the county's and riket's change, where there are no figures for the other counties."""
    for measure in report.compared_measures:
        own, riket = report.change(measure), report.change(measure, area=areas.RIKET)
        if own and riket:
            return own, riket
    return None


def _evaluation(report: Report) -> Text | None:
    followed = report.agreement
    if followed is None or not followed.evaluation:
        return None
    text = as_written(followed.evaluation.text, followed)
    return say("{text} {source}", text=text, source=report.cite([followed.evaluation.source]))


def how_compared(report: Report) -> Block:
    """Return how the usual variation is worked out and what simulations say of it."""
    compared = report.comparison()
    if compared is None:
        return paragraphs("Ingen jämförelse mellan länen är gjord i den här rapporten.")
    year = int(compared.county.before.period[:4])
    rates = rates_of(report.area, year)

    def fact(what: str, value: float, unit: str = "procent", decimals: int = 0) -> Fact:
        return Fact(f"{what}|{report.area}", value, unit, decimals, "model")

    low, high = (
        fact("falska utslag, minst", rates.lowest),
        fact("falska utslag, mest", rates.highest),
    )
    often = say("ungefär {low} gånger av hundra", low=low)
    if low.text() != high.text():
        often = say(
            "mellan {low} och {high} gånger av hundra, beroende på hur slumpen fördelar sig mellan stora "
            "och små län",
            low=low,
            high=high,
        )
    widened = say(
        " Gränserna är vidgade {times} gånger, för att de annars skulle peka ut länet för ofta.",
        times=fact("vidgning", rates.widen, "gånger", 2),
    )
    return paragraphs(
        say(
            "Vanlig variation mellan län räknas ur hur de andra länen ändrades, länet självt "
            "borträknat (prediktionsintervall med t-fördelning). Är det oklart om små län svänger "
            "mer än stora används de vidaste gränserna. Som mått på länets storlek används antalet "
            "pågående sjukfall {year}.{widened}",
            year=str(year_of_sizes(year)),
            widened=widened if rates.widen > 1 else "",
        ),
        say(
            "I simuleringar där ingenting alls skiljer länen åt pekas {area} ändå ut {often}; avsett är "
            "{aim}. {printed}",
            area=report.area_name,
            often=often,
            aim=fact("falska utslag, avsett", NOMINAL),
            printed="Därför skrivs gränserna ut."
            if rates.trusted
            else "Det är för långt från det avsedda, och därför skrivs inga gränser ut för länet.",
        ),
        "Jämförelsen är trubbig: bara skillnader som är stora bredvid länens vanliga svängningar "
        "syns. Att länet ligger innanför betyder inte att ingenting har hänt, bara att det inte "
        "går att se.",
    )


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
            "{n} ändringar rörde hela landet medan talen räknades",
            n=count_fact("ändrade regler och händelser", len(changed)),
        ),
        note=say(
            "De kan förklara en del av ändringarna, och hur stor del går inte att säga. Arbetsmarknaden är inte med i "
            "uppgifterna. {sources}",
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
