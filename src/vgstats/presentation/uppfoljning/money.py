"""Vad kostade det? Försäkringskassan's costs, and the money of the agreement."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure as MplFigure

from vgstats.analysis.grants import Grant, grants
from vgstats.interventions import rules_between
from vgstats.measures import measure as measure_of
from vgstats.observations import Value
from vgstats.periods import Period
from vgstats.presentation import charts
from vgstats.presentation.blocks import (
    Block,
    Blocks,
    Cell,
    Column,
    Figure,
    Paragraphs,
    Table,
    missing,
)
from vgstats.presentation.facts import ChangeFacts, Fact, change_facts, value_fact
from vgstats.presentation.text import Text, direction, say, swedish_list
from vgstats.presentation.uppfoljning.summary import CHANGE_COLUMNS, change_row
from vgstats.presentation.uppfoljning.words import from_to, period_words, source_list
from vgstats.report_kinds.uppfoljning import COSTS, Followup

MILLIONS = "miljoner kronor"


def costs(report: Followup) -> Block:
    """Return Försäkringskassan's costs before and after, with their real years."""
    found = {m: change for m in COSTS if (change := report.change(m))}
    if not found:
        return missing(
            "Försäkringskassans kostnader för länet finns inte bland rapportens uppgifter.",
            measure_of("kostnad_sa").available,
        )
    facts = {m: change_facts(change) for m, change in found.items()}
    large = [m for m in found if facts[m].after.unit == "miljarder kronor"]
    drawing = charts.costs(
        pd.DataFrame(
            [
                (
                    measure_of(m)
                    .name.replace(" till ", "\ntill ")
                    .replace("Sjuk- och ", "Sjuk- och\n"),
                    facts[m].before.value,
                    facts[m].after.value,
                    period_words(found[m].before),
                    period_words(found[m].after),
                )
                for m in large
            ],
            columns=["name", "before", "after", "before_label", "after_label"],
        ),
        unit="miljarder kronor, löpande priser",
    )
    rows = [
        change_row(f"{measure_of(m).name} ({facts[m].after.unit})", change)
        for m, change in found.items()
    ]
    return Blocks(
        [
            Paragraphs([*_cost_sentences(report), *_cost_caveats(report)]),
            Figure(
                drawing,
                say("Försäkringskassans kostnader i {area}", area=report.area_name),
                say(
                    "Staplar före och efter. {sentences}",
                    sentences=say("{s}", s=_cost_summary(facts)),
                ),
                Table(
                    "kostnader",
                    say(
                        "Försäkringskassans kostnader i {area}, löpande priser",
                        area=report.area_name,
                    ),
                    CHANGE_COLUMNS,
                    rows,
                    source_list(report, [c.after.source for c in found.values()]),
                ),
                table_open=True,
            ),
        ]
    )


def _cost_summary(facts: dict[str, ChangeFacts]) -> Text:
    pieces = {
        f"p{i}": say(
            "{name} gick från {b} till {a} {unit}",
            name=measure_of(m).name,
            b=f.before,
            a=f.after,
            unit=f.after.unit,
        )
        for i, (m, f) in enumerate(facts.items())
    }
    return Text("; ".join(f"{{{name}}}" for name in pieces) + ".", dict(pieces))


def _cost_sentences(report: Followup) -> list[Text]:
    sentences = []
    pension, recipients = report.change("kostnad_sa"), report.change("sa_mottagare")
    if pension and recipients and (pension.difference > 0) != (recipients.difference > 0):
        cost, people = change_facts(pension), change_facts(recipients)
        sentences.append(
            say(
                "Kostnaden för sjuk- och aktivitetsersättning {c_moved} med {c:abs} procent medan "
                "antalet som har ersättningen {p_moved} med {p:abs} procent. Det ena motsäger inte det andra: "
                "kostnaden gäller {c_years} och antalet {p_years}, och kostnaden är i löpande "
                "priser.",
                c_moved=direction(cost.percent, fell="sjönk", rose="steg", same="var oförändrad"),
                c=cost.percent,
                p_moved=direction(people.percent, fell="sjönk", rose="steg", same="var oförändrat"),
                p=people.percent,
                c_years=from_to(pension),
                p_years=from_to(recipients),
            )
        )
    return sentences


def _cost_caveats(report: Followup) -> list[Text]:
    pair = report.periods("kostnad_sjukpenning")
    if pair is None:
        return []
    rules = rules_between(
        measure_of("kostnad_sjukpenning"), *(Period.parse(period) for period in pair)
    )
    words = [f"{rule.name} ({Period.parse(rule.date.isoformat()[:7]).swedish()})" for rule in rules]
    sentences = [
        say(
            "Beloppen är i löpande priser. Fasta priser kräver konsumentprisindex, som inte ingår bland "
            "rapportens uppgifter."
        )
    ]
    if words:
        sentences.append(
            say(
                "Mellan åren ändrades regler som påverkar kostnaden för sjukpenning: {rules}.",
                rules="; ".join(words),
            )
        )
    return sentences


def grant(report: Followup) -> Block:
    """Return the grant by the year it was earned and paid, beside the region's own money."""
    followed = report.intervention
    measure = followed.grant_measure if followed else None
    if followed is None or measure is None:
        return _no_grant()
    earned = grants(report.observations, measure, report.area, followed.paid_years_later)
    if not earned:
        return _no_grant()
    own = report.series(followed.own_money_measure) if followed.own_money_measure else []
    sums = _Sums(earned, own)
    return Blocks(
        [
            Paragraphs([_grant_sentence(earned, sums), *_own_sentence(own)]),
            Figure(
                _grant_drawing(earned, own),
                "Statsbidrag efter det år det tjänades in, och regionens egna medel",
                say(
                    "Staplar per år. Statsbidraget var {parts} miljoner kronor, tillsammans {total}, "
                    "varav {fixed} garanterade och {variable} rörliga.",
                    parts=_listed(earned),
                    total=sums.total,
                    fixed=sums.guaranteed,
                    variable=sums.variable,
                ),
                _grant_table(report, earned, own, sums),
                table_open=True,
            ),
            Paragraphs(
                [
                    say(
                        "Vad pengarna användes till, insats för insats, framgår inte av källan. Det går "
                        "därför inte att säga vad en minskad sjukdag har kostat."
                    )
                ],
                kind="missing",
            ),
        ]
    )


def _no_grant() -> Paragraphs:
    return missing("Vad länet fick i statsbidrag finns inte bland rapportens uppgifter.")


class _Sums:
    """The sums over the years, as facts."""

    def __init__(self, earned: list[Grant], own: list[Value]) -> None:
        self.total = _sum_fact("statsbidrag", [g.total.value for g in earned])
        self.guaranteed = _sum_fact("garanterat", [g.guaranteed.value for g in earned])
        self.variable = _sum_fact("rörligt", [g.variable for g in earned])
        self.own = _sum_fact("egna medel", [v.value for v in own])


def _sum_fact(name: str, values: list[float]) -> Fact:
    return Fact(f"summa|{name}", sum(values), MILLIONS, 0, "sum")


def _listed(earned: list[Grant]) -> Text:
    parts: dict[str, Fact | str | Text] = {f"y{g.earned}": value_fact(g.total) for g in earned}
    return Text(" + ".join(f"{{{name}}}" for name in parts), parts)


def _grant_sentence(earned: list[Grant], sums: _Sums) -> Text:
    return say(
        "Regionen (då landsting) tjänade in {parts} = {total} miljoner kronor i statsbidrag "
        "{first}–{last}. Av dem var {fixed} miljoner garanterade och {variable} miljoner rörliga. Den "
        "rörliga delen berodde på hur mycket Försäkringskassans utbetalningar minskade i länet. "
        "Varje års bidrag betalades ut {paid}.",
        parts=_listed(earned),
        total=sums.total,
        first=str(earned[0].earned),
        last=str(earned[-1].earned),
        fixed=sums.guaranteed,
        variable=sums.variable,
        paid="året efter" if earned[0].paid == earned[0].earned + 1 else "samma år",
    )


def _own_sentence(own: list[Value]) -> list[Text]:
    if not own:
        return []
    years = swedish_list([v.period for v in own])
    if len({v.value for v in own}) == 1:
        return [
            say(
                "Dessutom avsatte regionen {amount} miljoner kronor om året {years} i sin egen budget.",
                amount=value_fact(own[0]),
                years=years,
            )
        ]
    total = _sum_fact("egna medel", [v.value for v in own])
    return [
        say(
            "Dessutom avsatte regionen tillsammans {total} miljoner kronor {years} i sin egen budget.",
            total=total,
            years=years,
        )
    ]


def _grant_drawing(earned: list[Grant], own: list[Value]) -> MplFigure:
    return charts.grants(
        pd.DataFrame(
            [(g.earned, g.paid, g.guaranteed.value, g.variable) for g in earned],
            columns=["earned", "paid", "guaranteed", "variable"],
        ),
        pd.DataFrame([(int(v.period), v.value) for v in own], columns=["year", "value"]),
        unit=MILLIONS,
    )


def _grant_table(report: Followup, earned: list[Grant], own: list[Value], sums: _Sums) -> Table:
    own_by_year = {int(v.period): value_fact(v) for v in own}
    rows: list[list[Cell]] = []
    for g in earned:
        ends = (value_fact(g.guaranteed), value_fact(g.total))
        variable = Fact(f"rörlig del|{g.earned}", g.variable, MILLIONS, 0, "difference", ends)
        mine = own_by_year.get(g.earned, "inga angivna")
        rows.append([str(g.earned), str(g.paid), ends[0], variable, ends[1], mine])
    rows.append(["Summa", "", sums.guaranteed, sums.variable, sums.total, sums.own])
    return Table(
        "statsbidrag",
        "Statsbidrag och egna medel, miljoner kronor",
        [
            Column("Intjänat", "text"),
            Column("Betalt", "text"),
            Column("Garanterat"),
            Column("Rörligt"),
            Column("Statsbidrag"),
            Column("Egna medel"),
        ],
        rows,
        source_list(report, [earned[0].total.source]),
    )
