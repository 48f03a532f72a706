"""För vilka? Shares with the counts behind them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from vgstats.blocks.blocks import Block, Blocks, Paragraphs, SideBySide, missing
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.blocks.words import sex_words
from vgstats.catalogue.measures import LONG_CASES, PSYCHIATRIC, SHARES
from vgstats.catalogue.words import dimensions as all_dimensions
from vgstats.catalogue.words import group_name, parse_group
from vgstats.drawing import bars
from vgstats.facts.facts import Fact, value_fact
from vgstats.facts.text import Text, say, swedish_list
from vgstats.methods.before_after import Change, change_facts
from vgstats.methods.guards import demand_same_coding
from vgstats.methods.result import NotComputable
from vgstats.methods.shares import ShareChange, share_facts
from vgstats.observations import select
from vgstats.reports.report import Report

_GROUPS = (
    "diagnos=F00-F99",
    "diagnos=M00-M99",
    "diagnos=övriga",
    "grad=hel",
    "grad=partiell",
    "sysselsättning=anställd",
    "sysselsättning=arbetslös",
)
_DIMENSIONS = {"kön": "Kön"} | {
    d: all_dimensions()[d].name for d in ("diagnos", "grad", "sysselsättning")
}


def _share_changes(report: Report) -> list[tuple[str, str, ShareChange]]:
    total = report.change(LONG_CASES)
    if total is None:
        return []
    found: list[tuple[str, str, Change | None]] = [
        ("kön", sex_words(sex).capitalize(), report.change(SHARES, sex))
        for sex in ("kvinnor", "män")
    ]
    found += [
        (group.split("=")[0], group_name(group), report.change(SHARES, group=group))
        for group in _GROUPS
    ]
    return [(d, name, ShareChange(change, total)) for d, name, change in found if change]


def shares(report: Report, dimensions: Sequence[str] | None = None) -> Block:
    """Return how the long cases divide, the count beside each share.

    Args:
        report: the report.
        dimensions: what they divide by, in order: kön, diagnos, grad, sysselsättning; all of them when left out.
    """
    found = [one for one in _share_changes(report) if dimensions is None or one[0] in dimensions]
    if not found:
        return missing(
            "Hur sjukfallen på 60 dagar eller mer fördelar sig på kön, diagnos, grad och "
            "sysselsättning finns inte bland rapportens uppgifter för länet.",
            report.where_to_get(SHARES),
        )
    before, after = found[0][2].share.before.period, found[0][2].share.after.period
    drawing = bars.shares(
        pd.DataFrame(
            [
                (_DIMENSIONS[d], name, c.share.before.value, c.share.after.value)
                for d, name, c in found
            ],
            columns=["dimension", "group", "before", "after"],
        ),
        labels=(before, after),
    )
    caption = say("Sjukfall på 60 dagar eller mer: andelar {a} och {b}", a=before, b=after)
    return Blocks(
        [
            Paragraphs(_share_sentences(found)),
            Figure(
                drawing,
                caption,
                _share_alt(found),
                _share_table(found, before, after),
                say(
                    "Andelarna antas avse sjukfall på 60 dagar eller mer; källan säger det inte. "
                    "Antalen är andelen gånger länets antal sjukfall. {sources}",
                    sources=report.cite([found[0][2].share.after.source]),
                ),
                table_open=True,
            ),
        ]
    )


def _share_sentences(found: list[tuple[str, str, ShareChange]]) -> list[Text]:
    sentences = []
    for _, name, change in found:
        if change.share.after.group != PSYCHIATRIC:
            continue
        facts = share_facts(change)
        low, high = sorted((facts.percent_low, facts.percent_high), key=lambda f: abs(f.value))
        kind = "minskning" if high.value < 0 else "ökning" if low.value > 0 else "ändring"
        sentences.append(
            say(
                "Andelen med {name} gick från {s0} till {s1} procent. Antalet gick från omkring {n0} "
                "till omkring {n1}, en {kind} med mellan {low:abs} och {high:abs} procent.",
                name=name[0].lower() + name[1:],
                s0=facts.share.before,
                s1=facts.share.after,
                n0=facts.count_before,
                n1=facts.count_after,
                kind=kind,
                low=low,
                high=high,
            )
        )
    grew = [name for _, name, c in found if c.share.difference_band.low > 0 > c.percent_band.high]
    if grew:
        sentences.append(
            say(
                "En andel kan växa fast antalet minskar. Så är det för {names}.",
                names=swedish_list([name[0].lower() + name[1:] for name in grew]),
            )
        )
    return sentences


def _share_alt(found: list[tuple[str, str, ShareChange]]) -> Text:
    widest = max(found, key=lambda item: abs(item[2].share.difference))
    facts = change_facts(widest[2].share)
    return say(
        "Staplar före och efter för {drawn}. Den största förskjutningen gäller {name}, från {before} till "
        "{after} procent.",
        drawn=swedish_list(list(dict.fromkeys(_DIMENSIONS[d].lower() for d, _, _ in found))),
        name=widest[1][0].lower() + widest[1][1:],
        before=facts.before,
        after=facts.after,
    )


def _share_table(found: list[tuple[str, str, ShareChange]], before: str, after: str) -> Table:
    rows: list[list[Cell]] = []
    for _, name, change in found:
        facts = share_facts(change)
        rows.append(
            [
                name,
                say("{s} %", s=facts.share.before),
                say("{s} %", s=facts.share.after),
                say(
                    "{low:signed} till {high:signed}",
                    low=facts.share.difference_low,
                    high=facts.share.difference_high,
                ),
                facts.count_before,
                facts.count_after,
                say(
                    "{low:signed} till {high:signed} %",
                    low=facts.percent_low,
                    high=facts.percent_high,
                ),
            ]
        )
    return Table(
        "andelar",
        "Andelar och ungefärliga antal, sjukfall på 60 dagar eller mer",
        [
            Column("Grupp", "text"),
            Column(f"Andel {before}"),
            Column(f"Andel {after}"),
            Column("Ändring, procentenheter"),
            Column(f"Antal {before}, omkring"),
            Column(f"Antal {after}, omkring"),
            Column("Ändring av antalet"),
        ],
        rows,
        "Procenten är hela tal i källan. Därför står ändringarna som spann: allt däremellan är möjligt.",
    )


def instances(report: Report) -> Block:
    """Return who certified, one table a year, since the codes changed in between."""
    pair = report.periods(SHARES)
    rows = select(report.observations, measure=SHARES, area=report.area, sex="alla")
    rows = rows[rows["group"].str.startswith("instans=")]
    if pair is None or rows.empty:
        return missing(
            "Vilka som skrev sjukintygen finns inte bland rapportens uppgifter. Uppgiften ingår inte i öppen statistik."
        )
    blocks: list[Block] = []
    before, after = (rows.loc[rows["period"] == period, "group"] for period in pair)
    try:
        demand_same_coding(*(map(_instance, groups) for groups in (before, after)))
    except NotComputable:
        warning = say(
            "Tabellerna kan inte jämföras med varandra: grupperna är inte desamma de två åren. "
            "Avsnittet Hur vet vi det? säger varför."
        )
        blocks.append(Paragraphs([warning]))
    blocks.append(SideBySide([_instance_table(report, period) for period in pair]))
    return Blocks(blocks)


def _instance(group: str) -> str:
    return parse_group(group)["instans"]


def _instance_table(report: Report, period: str) -> Table:
    rows = select(report.observations, measure=SHARES, area=report.area, sex="alla", period=period)
    values = [
        value
        for group in rows["group"]
        if group.startswith("instans=") and (value := report.value(SHARES, period, group))
    ]
    total = Fact(
        f"summa|instans|{period}",
        sum(v.value for v in values),
        "procent",
        0,
        "sum",
        tuple(value_fact(v) for v in values),
    )
    cells: list[list[Cell]] = [
        [_instance(v.group).capitalize(), say("{s} %", s=value_fact(v))] for v in values
    ]
    return Table(
        f"instans-{period}",
        f"Sjukskrivande instans {period}",
        [Column("Instans", "text"), Column("Andel")],
        cells,
        say("Andelarna blir tillsammans {total} procent.", total=total),
    )
