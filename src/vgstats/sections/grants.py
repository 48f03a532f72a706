"""The money of the agreement: what was earned and paid, and the region's own."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure as MplFigure

from vgstats.blocks.blocks import Block, paragraphs, together
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import Cell, Column, Table, text_columns
from vgstats.blocks.words import as_written, period_words
from vgstats.catalogue.agreements import Agreement
from vgstats.catalogue.measures import measure as measure_of
from vgstats.drawing import bars
from vgstats.facts.facts import Fact, value_fact
from vgstats.facts.text import Text, join, say, swedish_list
from vgstats.methods.money import Grant, grants
from vgstats.observations import Value
from vgstats.reports.report import Report
from vgstats.sections.spending import cost_clause
from vgstats.sections.words import left_out, plan_unknown, sum_fact

MILLIONS = "miljoner kronor"


def _earned(report: Report) -> list[Grant]:
    """Return the grants of the agreement that is followed up, none where its source does not divide them."""
    followed = report.agreement
    if followed is None or followed.grant_measure is None:
        return []
    later = followed.paid_years_later
    return grants(report.observations, followed.grant_measure, report.area, later)


def money_sentence(report: Report) -> Text | None:
    """Return what the county got in state grants and how the cost of sjukpenning moved; None where neither is known."""
    followed, earned = report.agreement, _earned(report)
    said = []
    if followed and earned:
        form = "{who} tjänade in {total} miljoner kronor i statsbidrag {first}–{last}"
        said.append(
            say(
                form,
                who=as_written(followed.recipient, followed),
                total=_Sums(earned, []).total,
                first=str(earned[0].earned),
                last=str(earned[-1].earned),
            )
        )
    elif values := _totals(report):
        form = "länet fick {amount} {unit} i statsbidrag {year}"
        last = values[-1]
        unit = measure_of(last.measure).unit
        said.append(say(form, amount=value_fact(last), unit=unit, year=period_words(last)))
    if cost := cost_clause(report):
        said.append(cost)
    return say("{said}.", said=join(said, ", och ").capitalised()) if said else None


def _totals(report: Report) -> list[Value]:
    followed = report.agreement
    return report.series(followed.grant_measure) if followed and followed.grant_measure else []


def money(report: Report) -> Block:
    """Return the grant by the year it was earned and paid, beside the region's own money."""
    followed, earned = report.agreement, _earned(report)
    if not (followed and earned):
        return _totals_only(report)
    own = report.series(followed.own_money_measure) if followed.own_money_measure else []
    sums = _Sums(earned, own)
    figure = Figure(
        _grant_drawing(earned, own),
        say(
            "Av {total} miljoner kronor i statsbidrag var {variable} rörliga",
            total=sums.total,
            variable=sums.variable,
        ),
        say(
            "Staplar per år. Statsbidraget var {parts} miljoner kronor, tillsammans {total}, "
            "varav {fixed} garanterade och {variable} rörliga.",
            parts=_listed(earned),
            total=sums.total,
            fixed=sums.guaranteed,
            variable=sums.variable,
        ),
        _grant_table(report, earned, own, sums),
        "Statsbidraget efter intjänandeår" + (", och regionens egna medel." if own else "."),
    )
    said = paragraphs(
        _grant_sentence(followed, earned, sums), _own_sentence(followed, own, sums) if own else None
    )
    left_out(
        report,
        "Vad varje insats, och därmed en minskad sjukdag, har kostat.",
    )
    return together(said, figure)


def _totals_only(report: Report) -> Block:
    """Say what the county got where the source does not tell guaranteed from variable."""
    values = _totals(report)
    if not values:
        return left_out(report, plan_unknown(report))
    return paragraphs(
        say(
            "{name}, {year}: {amount} {unit}. {source}",
            name=measure_of(value.measure).name,
            year=period_words(value),
            amount=value_fact(value),
            unit=measure_of(value.measure).unit,
            source=report.cite([value.source]),
        )
        for value in values
    )


class _Sums:
    """The sums over the years, as facts."""

    def __init__(self, earned: list[Grant], own: list[Value]) -> None:
        self.total = sum_fact("statsbidrag", (value_fact(g.total) for g in earned), MILLIONS)
        fixed = (value_fact(g.guaranteed) for g in earned)
        self.guaranteed = sum_fact("garanterat", fixed, MILLIONS)
        self.variable = sum_fact("rörligt", map(_variable_fact, earned), MILLIONS)
        self.own = sum_fact("egna medel", map(value_fact, own), MILLIONS)


def _variable_fact(earned: Grant) -> Fact:
    ends = (value_fact(earned.guaranteed), value_fact(earned.total))
    return Fact(f"rörlig del|{earned.earned}", earned.variable, MILLIONS, 0, "difference", ends)


def _listed(earned: list[Grant]) -> Text:
    return join((say("{year}", year=value_fact(grant.total)) for grant in earned), " + ")


def _grant_sentence(followed: Agreement, earned: list[Grant], sums: _Sums) -> Text:
    return say(
        "{recipient} tjänade in {parts} = {total} miljoner kronor i statsbidrag {first}–{last}. {terms} Varje års "
        "bidrag betalades ut {paid}.",
        recipient=as_written(followed.recipient, followed),
        parts=_listed(earned),
        total=sums.total,
        first=str(earned[0].earned),
        last=str(earned[-1].earned),
        terms=as_written(followed.grant_terms, followed),
        paid="året efter" if followed.paid_years_later == 1 else "samma år",
    )


def _own_sentence(followed: Agreement, own: list[Value], sums: _Sums) -> Text:
    yearly = len({v.value for v in own}) == 1
    return say(
        "I sin egen budget avsatte regionen {amount} miljoner kronor {each}{years}. {terms}",
        amount=value_fact(own[0]) if yearly else sums.own,
        each="om året " if yearly else "sammanlagt ",
        years=swedish_list([v.period for v in own]),
        terms=as_written(followed.own_money_terms, followed),
    )


def _grant_drawing(earned: list[Grant], own: list[Value]) -> MplFigure:
    return bars.grants(
        pd.DataFrame(
            [(g.earned, g.paid, g.guaranteed.value, g.variable) for g in earned],
            columns=["earned", "paid", "guaranteed", "variable"],
        ),
        pd.DataFrame([(int(v.period), v.value) for v in own], columns=["year", "value"]),
        unit=MILLIONS,
    )


def _grant_table(report: Report, earned: list[Grant], own: list[Value], sums: _Sums) -> Table:
    mine = {int(v.period): value_fact(v) for v in own}
    rows: list[list[Cell]] = [
        [
            str(g.earned),
            str(g.paid),
            value_fact(g.guaranteed),
            _variable_fact(g),
            value_fact(g.total),
            mine.get(g.earned, "inga angivna"),
        ]
        for g in earned
    ]
    rows.append(["Summa", "", sums.guaranteed, sums.variable, sums.total, sums.own])
    amounts = map(Column, ("Garanterat", "Rörligt", "Statsbidrag", "Egna medel"))
    return Table(
        "statsbidrag",
        "Miljoner kronor",
        [*text_columns("Intjänat", "Betalt"), *amounts],
        rows,
        report.cite([earned[0].total.source]),
    )
