"""What a project cost by kind of cost, checked by its sums. Nothing here is divided by what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from vgstats.blocks.blocks import Block, paragraphs, together
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.blocks.words import as_written, capitalised
from vgstats.catalogue.agreements import Agreement, Cost
from vgstats.catalogue.measures import measure as measure_of
from vgstats.facts.facts import Fact, value_fact
from vgstats.facts.text import Name, Text, join, say
from vgstats.reports.base.own_figures import KRONOR, money_series
from vgstats.reports.report import Report
from vgstats.sections.words import left_out, sum_fact

_SUM = Cost(kind="Summa")


def _costs(report: Report) -> list[Cost]:
    followed = report.agreement
    return followed.project.costs if followed and followed.project else []


def _fact(cost: Cost, what: str) -> Fact | None:
    value = getattr(cost, what)
    return None if value is None else Fact(f"kostnad|{cost.kind}|{what}", value, KRONOR, 0)


def _total(costs: Iterable[Cost], what: str) -> Fact | None:
    """Return the sum of the costs, None where one of them is not known: a part is no sum."""
    facts = [_fact(cost, what) for cost in costs]
    known = [fact for fact in facts if fact]
    return (
        sum_fact(f"kostnader, {what}", known, KRONOR)
        if known and len(known) == len(facts)
        else None
    )


def _difference(of: Callable[[str], Fact | None], name: str) -> Fact | None:
    budget, outcome = of("budget"), of("outcome")
    if budget is None or outcome is None:
        return None
    ends = (budget, outcome)
    return Fact(f"skillnad|{name}", outcome.value - budget.value, KRONOR, 0, "difference", ends)


def cost_sentence(report: Report) -> Text | None:
    """Return what the project cost, or else what it was granted; None where neither is known."""
    costs = _costs(report)
    if total := _total(costs, "outcome"):
        only = say(", bara {k}", k=_kind(report, costs[0], small=True)) if len(costs) == 1 else ""
        return say("De redovisade kostnaderna var {total} kronor{only}.", total=total, only=only)
    if total := _total(costs, "budget"):
        return say("Budgeten var {total} kronor; vad insatsen kostade är inte känt.", total=total)
    granted = _granted(report)
    return say("{granted}.", granted=granted[0]) if granted else None


def _kind(report: Report, cost: Cost, *, small: bool = False) -> Name | str:
    followed: Agreement | None = report.agreement
    words = cost.kind[:1].lower() + cost.kind[1:] if small else cost.kind
    return as_written(words, followed) if followed else words


def project_costs(report: Report) -> Block:
    """Return budget, outcome and difference by kind of cost with their sums, beside the money that was granted."""
    costs = _costs(report)
    granted = _granted(report)
    if not costs and not granted:
        return left_out(report, "Insatsens kostnader finns inte bland uppgifterna.")
    return together(_table(report, costs) if costs else None, paragraphs(granted, _check(report)))


def _table(report: Report, costs: list[Cost]) -> Table:
    def cell(cost: Cost, what: str) -> Cell:
        return _total(costs, what) if cost is _SUM else _fact(cost, what)

    def difference(cost: Cost) -> Cell:
        if cost is _SUM:
            return _difference(lambda what: _total(costs, what), "summa")
        return _difference(lambda what: _fact(cost, what), cost.kind)

    columns = [
        Column("Kostnad", "text", of=lambda c: c.kind if c is _SUM else _kind(report, c)),
        Column("Budget", of=lambda c: cell(c, "budget")),
        Column("Utfall", of=lambda c: cell(c, "outcome")),
        Column("Skillnad", of=difference, form="{x:signed}"),
    ]
    followed = report.agreement
    return Table.from_frame(
        [*costs, _SUM] if len(costs) > 1 else costs,
        columns,
        id="kostnader",
        caption=cost_sentence(report) or "Vad insatsen kostade är inte känt",
        note=say("Kronor. {s}", s=report.cite([followed.source] if followed else [])),
    )


def _granted(report: Report) -> list[Text]:
    """Return the money granted, year by year with its sum, a sentence a measure."""
    followed = report.agreement
    found = money_series(report, followed, report.shown) if followed else []
    said = []
    for of in found:
        facts = [value_fact(value) for value in of]
        parts = join(
            (say("{x} ({y})", x=x, y=v.period[:4]) for x, v in zip(facts, of, strict=True)), " + "
        )
        total = sum_fact(of[0].measure, facts, KRONOR)
        name = capitalised(measure_of(of[0].measure).name)
        form = "{name}: {parts} = {total} kronor" if len(of) > 1 else "{name}: {parts} kronor"
        said.append(say(form, name=name, parts=parts, **({"total": total} if len(of) > 1 else {})))
    return said


def _check(report: Report) -> Text | None:
    """Say whether the budget is what was granted, where both are known."""
    followed = report.agreement
    found = money_series(report, followed, report.shown) if followed else []
    budget = _total(_costs(report), "budget")
    if len(found) != 1 or budget is None:
        return None
    granted = sum_fact(found[0][0].measure, map(value_fact, found[0]), KRONOR)
    if granted.printed() == budget.printed():
        return say("Det beviljade är lika mycket som budgeten, {x} kronor.", x=budget)
    form = "Det beviljade, {x} kronor, är inte lika mycket som budgeten, {y} kronor; källan säger inte varför."
    return say(form, x=granted, y=budget)
