"""Vad gjordes och vad kostade det? The plan, Försäkringskassan's costs, the agreement's money."""

from __future__ import annotations

import pandas as pd

from vgstats.analysis.grants import grants
from vgstats.interventions import rules_between
from vgstats.measures import measure as measure_of
from vgstats.observations import one, select
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
from vgstats.presentation.uppfoljning.words import filled, from_to, period_words, source_list
from vgstats.report_kinds.uppfoljning import COSTS, Followup


def plan(report: Followup) -> Block:
    """Return what was done, field by field, with the volume that the source gives."""
    followed = report.intervention
    if followed is None or not followed.actions:
        return missing(
            "Vad som gjordes i länet finns inte bland de uppgifter som rapporten bygger på."
        )
    rows: list[list[Cell]] = [
        [
            action.action,
            filled(action.volume, report) if action.volume else "volym saknas",
            action.field,
        ]
        for action in followed.actions
    ]
    return Blocks(
        [
            Paragraphs([say("{text}", text=followed.text)]),
            Table(
                "insatser",
                say("{name}: vad som gjordes", name=followed.short_name),
                [Column(n, "text") for n in ("Insats", "Volym enligt källan", "Område")],
                rows,
                say(
                    "Volym saknas: källan nämner insatsen men säger inte hur mycket. Vad var och en av "
                    "insatserna har betytt för sjukfrånvaron går inte att se i siffrorna. {sources}",
                    sources=source_list(report, [followed.source]),
                ),
            ),
        ]
    )


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


def money(report: Followup) -> Block:
    """Return the grant by the year it was earned and paid, beside the region's own money."""
    followed = report.intervention
    if followed is None or followed.grant_measure is None:
        return missing("Vad länet fick i statsbidrag finns inte bland rapportens uppgifter.")
    table = grants(
        report.observations, followed.grant_measure, report.area, followed.paid_years_later
    )
    if table.empty:
        return missing("Vad länet fick i statsbidrag finns inte bland rapportens uppgifter.")
    own = select(
        report.observations, measure=followed.own_money_measure or "", area=report.area, group=""
    )
    own = pd.DataFrame({"year": own["period"].astype(int), "value": own["value"]}).sort_values(
        "year"
    )
    drawing = charts.grants(table, own, unit="miljoner kronor")
    own_by_year = dict(zip(own["year"], own["value"], strict=True))
    rows: list[list[Cell]] = []
    for row in table.itertuples(index=False):
        total = one(report.observations, followed.grant_measure, report.area, str(row.earned))
        fixed = one(
            report.observations,
            followed.grant_measure,
            report.area,
            str(row.earned),
            "alla",
            "del=garanterad",
        )
        assert total and fixed  # noqa: S101 - rows of the table have both
        mine = one(
            report.observations, followed.own_money_measure or "", report.area, str(row.earned)
        )
        rows.append(
            [
                str(row.earned),
                str(row.paid),
                value_fact(fixed),
                Fact(
                    f"rörlig del|{row.earned}",
                    row.variable,
                    "miljoner kronor",
                    0,
                    "difference",
                    (value_fact(total), value_fact(fixed)),
                ),
                value_fact(total),
                value_fact(mine) if row.earned in own_by_year and mine else "inga angivna",
            ]
        )
    sums = {
        name: Fact(f"summa|{name}", float(table[name].sum()), "miljoner kronor", 0, "sum")
        for name in ("guaranteed", "variable", "total")
    }
    rows.append(
        [
            "Summa",
            "",
            sums["guaranteed"],
            sums["variable"],
            sums["total"],
            Fact("summa|egna", float(own["value"].sum()), "miljoner kronor", 0, "sum"),
        ]
    )
    parts = {
        f"y{r.earned}": value_fact(v)
        for r in table.itertuples()
        if (v := one(report.observations, followed.grant_measure, report.area, str(r.earned)))
    }
    listed = Text(" + ".join(f"{{{name}}}" for name in parts), dict(parts))
    sentence = say(
        "Regionen (då landsting) tjänade in {parts} = {total} miljoner kronor i statsbidrag {first}–{last}. Av dem var "
        "{fixed} miljoner garanterade och {variable} miljoner rörliga. Den rörliga delen berodde på hur mycket "
        "Försäkringskassans utbetalningar minskade i länet. Varje års bidrag betalades ut året efter.",
        parts=listed,
        total=sums["total"],
        first=str(table["earned"].min()),
        last=str(table["earned"].max()),
        fixed=sums["guaranteed"],
        variable=sums["variable"],
    )
    return Blocks(
        [
            Paragraphs([sentence, *_own_money(own, followed.own_money_measure, report)]),
            Figure(
                drawing,
                say("Statsbidrag efter det år det tjänades in, och regionens egna medel"),
                say(
                    "Staplar per år. Statsbidraget var {parts} miljoner kronor, tillsammans {total}. Den "
                    "garanterade delen är lika stor varje år; resten är rörlig.",
                    parts=listed,
                    total=sums["total"],
                ),
                Table(
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
                    source_list(report, [measure_of(followed.grant_measure).source]),
                ),
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


def _own_money(own: pd.DataFrame, measure: str | None, report: Followup) -> list[Text]:
    values = [
        v
        for year in own["year"]
        if (v := one(report.observations, measure or "", report.area, str(year)))
    ]
    if not values or len({v.value for v in values}) != 1:
        return []
    return [
        say(
            "Dessutom avsatte regionen {amount} miljoner kronor om året {years} i sin egen budget.",
            amount=value_fact(values[0]),
            years=swedish_list([v.period for v in values]),
        )
    ]
