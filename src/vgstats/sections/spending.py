"""Vad kostade det? Försäkringskassan's costs before and after, with their real years."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure as MplFigure

from vgstats.blocks.blocks import Block, Blocks, Paragraphs, missing
from vgstats.blocks.figures import Figure
from vgstats.blocks.words import from_to, noise_words, period_words, rule_month
from vgstats.catalogue.measures import AGED_16_TO_64, POPULATION
from vgstats.catalogue.measures import measure as measure_of
from vgstats.drawing import bars
from vgstats.facts.facts import Fact, key, scale_of, value_fact
from vgstats.facts.text import Code, Text, direction, join, say
from vgstats.methods.before_after import Change, change_facts
from vgstats.methods.money import KPI, fixed_prices, per_person, price_index
from vgstats.methods.result import NotComputable
from vgstats.reports.report import Report
from vgstats.sections.change_tables import ChangeRow, change_table
from vgstats.sections.words import remark_text

BENEFITS = ("kostnad_sjukpenning", "kostnad_sa")


def costs(report: Report, measures: Sequence[str] | None = None) -> Block:
    """Return the costs in sentences, a figure and a table.

    Args:
        report: the report.
        measures: those to show, in order; the report's own when left out.
    """
    found = [change for m in measures or report.costs if (change := report.change(m))]
    if not found:
        return missing(
            "Försäkringskassans kostnader för länet finns inte bland uppgifterna för rapportens perioder.",
            report.where_to_get("kostnad_sjukpenning"),
        )
    table = change_table(
        (
            ChangeRow(f"{measure_of(c.after.measure).name} ({scale_of(c.after).unit})", c)
            for c in found
        ),
        id="kostnader",
        caption=say("Försäkringskassans kostnader i {area}, löpande priser", area=report.area_name),
        note=report.cite(c.after.source for c in found),
    )
    drawn = _in_one_unit(found)
    figure = Figure(
        _drawing(drawn),
        say("Försäkringskassans kostnader i {area}", area=report.area_name),
        join([say("Staplar före och efter."), *(_in_words(change) for change in drawn)]),
        table,
        table_open=True,
    )
    sentences = [*_benefits_together(report), *_cost_and_recipients(report)]
    sentences += [remark_text(report, remark) for remark in report.remarks("kostnader")]
    return Blocks([Paragraphs([*sentences, *_caveats(report, found)]), figure])


def _in_one_unit(found: list[Change]) -> list[Change]:
    """Return the changes that share the unit of the most, so that they fit on one axis."""
    units = [scale_of(c.after).unit for c in found]
    commonest = max(units, key=units.count)
    return [c for c, unit in zip(found, units, strict=True) if unit == commonest]


def _drawing(drawn: list[Change]) -> MplFigure:
    rows = []
    for change in drawn:
        facts = change_facts(change)
        name = measure_of(change.after.measure).name
        broken = name.replace(" till ", "\ntill ").replace("Sjuk- och ", "Sjuk- och\n")
        when = (period_words(change.before), period_words(change.after))
        rows.append((broken, facts.before.value, facts.after.value, *when))
    columns = ["name", "before", "after", "before_label", "after_label"]
    unit = scale_of(drawn[0].after).unit
    return bars.costs(pd.DataFrame(rows, columns=columns), unit=f"{unit}, löpande priser")


def _in_words(change: Change) -> Text:
    facts = change_facts(change)
    return say(
        "{name} {moved} från {before} till {after} {unit}.",
        name=measure_of(change.after.measure).name,
        moved=facts.moved(fell="sjönk", rose="steg", same="låg stilla inom avrundningen,"),
        before=facts.before,
        after=facts.after,
        unit=facts.after.unit,
    )


def _benefits_together(report: Report) -> list[Text]:
    changes = [change for m in BENEFITS if (change := report.change(m))]
    if len(changes) != len(BENEFITS) or changes[0].after.period != changes[1].after.period:
        return []
    scale = scale_of(changes[0].after)
    facts = [change_facts(change) for change in changes]
    bands = [change.difference_band for change in changes]
    inputs = tuple(f.difference for f in facts)

    def together(what: str, value: float, operation: str) -> Fact:
        name = f"{what}|{'+'.join(BENEFITS)}|{report.area}"
        return Fact(name, value * scale.factor, scale.unit, scale.decimals, operation, inputs)

    total = together("skillnad", sum(change.difference for change in changes), "sum")
    ends = [
        together("skillnad lägst", sum(band.low for band in bands), "band"),
        together("skillnad högst", sum(band.high for band in bands), "band"),
    ]
    low, high = sorted(ends, key=lambda fact: abs(fact.value))
    sentences = [_in_words(change) for change in changes]
    sentences.append(
        say(
            "Tillsammans {moved} de två med {total:abs} {unit}, {periods}; med källans avrundning kan det vara "
            + (
                "mellan {low:signed} och {high:signed}."
                if low.printed() * high.printed() < 0
                else "mellan {low:abs} och {high:abs}."
            ),
            moved="ändrades"
            if low.printed() * high.printed() <= 0
            else direction(total, fell="sjönk", rose="steg", same="ändrades"),
            total=total,
            unit=total.unit,
            periods=from_to(changes[0]),
            low=low,
            high=high,
        )
    )
    return [join(sentences)]


def _cost_and_recipients(report: Report) -> list[Text]:
    cost, people = report.change("kostnad_sa"), report.change("sa_mottagare")
    if cost is None or people is None or cost.difference * people.difference >= 0:
        return []
    if cost.within_rounding or people.within_rounding:
        return []
    c, p = change_facts(cost), change_facts(people)
    return [
        say(
            "Kostnaden för sjuk- och aktivitetsersättning {c_moved} med {c:abs} procent medan antalet "
            "som har ersättningen {p_moved} med {p:abs} procent. Talen kan inte jämföras rakt av: "
            "kostnaden gäller {c_years} och antalet {p_years}, och kostnaden är i löpande priser.",
            c_moved=direction(c.percent, fell="sjönk", rose="steg", same="låg stilla"),
            c=c.percent,
            p_moved=direction(p.percent, fell="sjönk", rose="steg", same="låg stilla"),
            p=p.percent,
            c_years=from_to(cost),
            p_years=from_to(people),
        )
    ]


def _in_fixed_prices(report: Report, found: list[Change]) -> list[Text]:
    """Return the benefits in the later year's prices, or what that takes."""
    said: list[Text] = []
    why: Text | str = ""
    for change in found:
        if change.after.measure not in BENEFITS:
            continue
        name = measure_of(change.after.measure).name
        try:
            early, late = (
                price_index(report.observations, value.period[:4])
                for value in (change.before, change.after)
            )
            said.append(fixed_prices(change, early, late, name).sentence())
        except NotComputable as reason:
            why = reason.reason
    if said:
        return [join(said)]
    return [_lacking("Kostnaderna i fasta priser", why, report, KPI)] if why else []


def _lacking(what: str, why: Text | str, report: Report, measure: str) -> Text:
    command = report.how_to_get(measure, years_of=report.costs[0])
    how = say("")
    if "--discover" in command:
        how = say(" SCB:s tabell är inte bekräftad; den söks med: {command}", command=Code(command))
    elif command:
        how = say(" Hämtas med: {command}", command=Code(command))
    return say("{what} går inte att beräkna eftersom {why}.{how}", what=what, why=why, how=how)


def _per_person(report: Report, found: list[Change]) -> list[Text]:
    """Return the benefits per inhabitant of 16-64, or what that takes."""
    said, used = [], []
    for change in found:
        if change.after.measure not in BENEFITS:
            continue
        people = {
            value.period: report.value(POPULATION, value.period[:4], AGED_16_TO_64)
            for value in (change.before, change.after)
        }
        unknown = [period for period, persons in people.items() if persons is None]
        if unknown:
            why = f"länets folkmängd 16–64 år för {unknown[0]} saknas"
            return [_lacking("Kostnaderna per person", why, report, POPULATION)]
        used += [persons for persons in people.values() if persons]
        before, after = (
            Fact(
                f"per person|{key(value)}",
                per_person(value, persons),
                "kronor",
                -2,
                "model",
                (value_fact(value), value_fact(persons)),
            )
            for value in (change.before, change.after)
            if (persons := people[value.period])
        )
        said.append(
            say(
                "{name} per invånare 16–64 år: omkring {before} kronor {then} och {after} kronor {now}, "
                "i löpande priser.",
                name=measure_of(change.after.measure).name,
                before=before,
                after=after,
                then=period_words(change.before),
                now=period_words(change.after),
            )
        )
    return [join([*said, *noise_words(*used)])] if said else []


def _caveats(report: Report, found: list[Change]) -> list[Text]:
    sentences = [
        say("Beloppen i figuren och tabellen är i löpande priser."),
        *_in_fixed_prices(report, found),
        *_per_person(report, found),
    ]
    pair = report.periods("kostnad_sjukpenning")
    if pair is None:
        return sentences
    rules = report.law_changes("kostnad_sjukpenning", pair)
    if rules:
        listed = "; ".join(f"{rule.name} ({rule_month(rule)})" for rule in rules)
        sentences.append(
            say(
                "Under åren som talen täcker ändrades sådant som kan påverka kostnaden för sjukpenning: {rules}.",
                rules=listed,
            )
        )
    return sentences
