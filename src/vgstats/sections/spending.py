"""Vad kostade det? Försäkringskassan's costs before and after, with their real years."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure as MplFigure

from vgstats.blocks.blocks import Block, paragraphs, together
from vgstats.blocks.figures import Figure
from vgstats.blocks.words import (
    from_to,
    noise_words,
    period_words,
    told,
    uncapitalised,
)
from vgstats.catalogue.measures import AGED_16_TO_64, POPULATION
from vgstats.catalogue.measures import measure as measure_of
from vgstats.drawing import bars
from vgstats.errors import VgstatsError
from vgstats.facts.facts import Fact, key, scale_of, value_fact
from vgstats.facts.text import Text, direction, join, say
from vgstats.methods.before_after import Change, change_facts
from vgstats.methods.money import KPI, PriceChange, fixed_prices, per_person, price_index
from vgstats.methods.result import NotComputable
from vgstats.reports.report import Report
from vgstats.sections.change_tables import ChangeRow, change_table
from vgstats.sections.words import (
    chosen_measures,
    finding,
    left_out,
    not_computable,
    remark_text,
)

BENEFITS = ("kostnad_sjukpenning", "kostnad_sa")


def costs(report: Report, measures: Sequence[str] | None = None) -> Block:
    """Return the costs in sentences, a figure and a table.

    Args:
        report: the report.
        measures: those to show, in order; the report's own when left out.
    """
    chosen = chosen_measures(measures, report.costs)
    for other in (m for m in chosen if not measure_of(m).money):
        raise VgstatsError(
            f"costs: {other} is counted in {measure_of(other).unit}, not in kronor. Name measures of money, or show "
            "it with changes(report, measures=[...])."
        )
    found = [change for m in chosen if (change := report.change(m))]
    if not found:
        return left_out(
            report,
            f"Försäkringskassans kostnader för {report.place} finns inte för rapportens perioder.",
            measures=chosen,
        )
    drawn = _in_one_unit(found)
    rows = (
        ChangeRow(f"{measure_of(c.after.measure).name} ({scale_of(c.after).unit})", c)
        for c in found
    )
    caption = _title(report, drawn[0])
    sources = report.cite(c.after.source for c in found)
    table = change_table(rows, id="kostnader", caption="Alla kostnader", note=sources)
    alt = join([say("Staplar före och efter."), *map(_in_words, drawn)])
    return together(
        paragraphs(
            _in_fixed_prices(report, found),
            _per_person(report, found),
            _benefits_together(report),
            _cost_and_recipients(report),
            [remark_text(report, remark) for remark in report.remarks("kostnader")],
        ),
        Figure(_drawing(drawn), caption, alt, table, "Löpande priser."),
    )


def _title(report: Report, first: Change) -> Text:
    """Return what the cost of sjukpenning did, in fixed prices where they are known, else what the first cost did."""
    clause = cost_clause(report)
    return clause.capitalised() if clause else finding(first, report.area_name)


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
    moved = change_facts(change).moved(
        fell="sjönk", rose="steg", same="låg stilla inom avrundningen,"
    )
    return told(change, "{name} {moved} från {before} till {after} {unit}.", moved=moved)


def _benefits_together(report: Report) -> Text | None:
    changes = [change for m in BENEFITS if (change := report.change(m))]
    if len(changes) != len(BENEFITS) or changes[0].after.period != changes[1].after.period:
        return None
    scale = scale_of(changes[0].after)
    facts = [change_facts(change) for change in changes]
    bands = [change.difference_band for change in changes]
    inputs = tuple(f.difference for f in facts)

    def summed(what: str, value: float, operation: str) -> Fact:
        name = f"{what}|{'+'.join(BENEFITS)}|{report.area}"
        return Fact(name, value * scale.factor, scale.unit, scale.decimals, operation, inputs)

    total = summed("skillnad", sum(change.difference for change in changes), "sum")
    lowest = summed("skillnad lägst", sum(band.low for band in bands), "band")
    highest = summed("skillnad högst", sum(band.high for band in bands), "band")
    low, high = sorted((lowest, highest), key=lambda fact: abs(fact.value))
    product = low.printed() * high.printed()
    ends = "{low:signed} och {high:signed}" if product < 0 else "{low:abs} och {high:abs}"
    way = direction(total, fell="sjönk", rose="steg", same="ändrades")
    return say(
        "Sjukpenning och sjuk- och aktivitetsersättning {moved} tillsammans med {total:abs} {unit} i löpande priser, "
        f"{{periods}}; med källans avrundning mellan {ends}.",
        moved=way if product > 0 else "ändrades",
        total=total,
        unit=total.unit,
        periods=from_to(changes[0]),
        low=low,
        high=high,
    )


def _cost_and_recipients(report: Report) -> Text | None:
    cost, people = report.change("kostnad_sa"), report.change("sa_mottagare")
    if cost is None or people is None or cost.difference * people.difference >= 0:
        return None
    if cost.within_rounding or people.within_rounding:
        return None
    moved = [
        direction(change_facts(c).percent, fell="sjönk", rose="steg", same="låg stilla")
        for c in (cost, people)
    ]
    return say(
        "Kostnaden för sjuk- och aktivitetsersättning {cost} i löpande priser {c_years}, medan antalet som har "
        "ersättningen {people} {p_years}.",
        cost=told(cost, moved[0] + " med {percent:abs} procent"),
        people=told(people, moved[1] + " med {percent:abs} procent"),
        c_years=from_to(cost),
        p_years=from_to(people),
    )


def cost_clause(report: Report) -> Text | None:
    """Return how the cost of sjukpenning moved, in fixed prices where the index is known; None without figures."""
    change = report.change(BENEFITS[0])
    if change is None:
        return None
    about = {"what": uncapitalised(measure_of(change.after.measure).name), "when": from_to(change)}
    try:
        found = _lifted(report, change)
    except NotComputable:
        way = change_facts(change).moved(fell="sjönk", rose="steg", same="låg stilla")
        by = "" if change.within_rounding else " med {percent:abs} procent"
        form = "kostnaden för {what} {moved}" + by + " i löpande priser {when}"
        return told(change, form, moved=way, **about)
    moved = found.by("sjönk", "steg") if found.way else say("låg stilla inom avrundningen")
    return say("kostnaden för {what} {moved} i fasta priser {when}", moved=moved, **about)


def _lifted(report: Report, change: Change) -> PriceChange:
    """Return a cost in the later year's prices.

    Raises:
        NotComputable: the price index of a year is missing, or the earlier amount may have been zero.
    """
    early, late = (
        price_index(report.observations, value.period[:4])
        for value in (change.before, change.after)
    )
    return fixed_prices(change, early, late, measure_of(change.after.measure).name)


def _in_fixed_prices(report: Report, found: list[Change]) -> Text | None:
    """Return the benefits in the later year's prices, where the index is known."""
    said: list[Text] = []
    for change in _benefits(found):
        try:
            said.append(_lifted(report, change).sentence())
        except NotComputable as reason:
            _lacking("Kostnaderna i fasta priser", reason.reason, report, KPI)
    return join(said) if said else None


def _benefits(found: list[Change]) -> list[Change]:
    return [change for change in found if change.after.measure in BENEFITS]


def _lacking(what: str, why: Text | str, report: Report, measure: str) -> None:
    command = report.how_to_get(measure, years_of=report.costs[0])
    left_out(report, not_computable(what, why), command)


def _per_person(report: Report, found: list[Change]) -> Text | None:
    """Return the benefits per inhabitant of 16-64, where the population is known."""
    said, used = [], []
    for change in _benefits(found):
        ends = []
        for value in (change.before, change.after):
            persons = report.value(POPULATION, value.period[:4], AGED_16_TO_64)
            if persons is None:
                whose = f"{report.place}s"
                why = f"{whose} folkmängd 16–64 år för {value.period} saknas"
                _lacking("Kostnaderna per invånare", why, report, POPULATION)
                return None
            used.append(persons)
            inputs, amount = (value_fact(value), value_fact(persons)), per_person(value, persons)
            ends.append(Fact(f"per person|{key(value)}", amount, "kronor", -2, "model", inputs))
        before, after = ends
        said.append(
            told(
                change,
                "{name} per invånare 16–64 år: omkring {before} kronor {then} och {after} kronor {now}, "
                "i löpande priser.",
                before=before,
                after=after,
            )
        )
    return join([*said, *noise_words(*used)]) if said else None
