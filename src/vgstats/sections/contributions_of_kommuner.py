"""Var hände det? What each kommun gives to the county's change, and which differ from the others."""

from __future__ import annotations

import pandas as pd

from vgstats.blocks.blocks import Block, Blocks, Paragraphs
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.blocks.words import from_to
from vgstats.catalogue import areas
from vgstats.catalogue.measures import AGED_16_TO_64, INSURED, POPULATION
from vgstats.catalogue.measures import measure as measure_of
from vgstats.drawing import charts
from vgstats.facts.text import Code, Text, join, say
from vgstats.methods.before_after import Change
from vgstats.methods.change_funnel import FunnelOfChanges, funnel_of_changes
from vgstats.methods.part_areas import contributions
from vgstats.methods.result import NotComputable
from vgstats.observations import Value
from vgstats.reports.report import Report


def by_size(report: Report) -> Block:
    """Return the kommuner's contributions and the funnel of their changes, or why there are none."""
    kommuner = report.kommuner
    if len(kommuner) == 1:
        return Paragraphs([say("Länet har en enda kommun, så den är länet.")])
    blocks: list[Block] = []
    reasons: dict[str, Text] = {}
    for what, compute in (
        ("Hur mycket varje kommun bidrar till länets ändring", _contributions),
        ("Vilka kommuner som ändrats mer än vanligt", _funnel),
    ):
        try:
            blocks += compute(report, kommuner)
        except NotComputable as reason:
            reasons[what] = reason.reason
    if reasons:
        blocks.append(Paragraphs(_not_computed(report, reasons), kind="missing"))
    return Blocks(blocks)


def _changes(report: Report, kommuner: list[str]) -> dict[str, Change]:
    found = {kommun: report.change(report.main, area=kommun) for kommun in kommuner}
    known = {kommun: change for kommun, change in found.items() if change}
    if len(known) < len(kommuner):
        name, n = measure_of(report.main).name.lower(), len(kommuner)
        if not known:
            raise NotComputable("{name} saknas för alla länets {n} kommuner", name=name, n=n)
        raise NotComputable(
            "{name} finns för {k} av länets {n} kommuner", name=name, k=len(known), n=n
        )
    return known


def _persons(report: Report, kommun: str, value: Value, measure: str, group: str = "") -> float:
    for period in (value.period, value.period[:4]):
        if found := report.value(measure, period, group, area=kommun):
            return found.value
    raise NotComputable(f"{measure_of(measure).name.lower()} saknas för {areas.name(kommun)}")


def _sizes(report: Report, known: dict[str, Change]) -> dict[str, float]:
    """Return the size of each kommun, of one kind: the insured, or else the inhabitants."""
    for measure, group in ((INSURED, ""), (POPULATION, AGED_16_TO_64)):
        try:
            return {k: _persons(report, k, c.after, measure, group) for k, c in known.items()}
        except NotComputable as reason:
            last = reason
    raise last


def _contributions(report: Report, kommuner: list[str]) -> list[Block]:
    known = _changes(report, kommuner)
    frame = pd.DataFrame(
        [
            (
                areas.name(kommun),
                _persons(report, kommun, change.before, INSURED),
                _persons(report, kommun, change.after, INSURED),
                change.before.value,
                change.after.value,
            )
            for kommun, change in known.items()
        ],
        columns=["area", "weight_before", "weight_after", "rate_before", "rate_after"],
    )
    some = next(iter(known.values()))
    found = contributions(
        frame,
        unit=measure_of(report.main).unit,
        source=some.after.source,
        decimals=2,
        about=f"bidrag|{report.main}|{report.county}",
        kind="kommuner",
    )
    rows: list[list[Cell]] = [
        [
            row.area,
            say("{c:signed}", c=found.fact(f"bidrag|{row.area}", row.contribution, decimals=2)),
            say("{c:signed}", c=found.fact(f"inom|{row.area}", row.rates, decimals=2)),
            say("{c:signed}", c=found.fact(f"andel|{row.area}", row.composition, decimals=2)),
        ]
        for row in found.to_frame().itertuples()
    ]
    table = Table(
        "bidrag",
        say("Kommunernas bidrag till länets ändring {when}, dagar", when=from_to(some)),
        [
            Column("Kommun", "text"),
            Column("Bidrag"),
            Column("Ändrat ohälsotal"),
            Column("Ändrad andel av länets försäkrade"),
        ],
        rows,
        report.cite([some.after.source]),
    )
    return [Paragraphs([found.sentence()]), table]


def _funnel(report: Report, kommuner: list[str]) -> list[Block]:
    known = _changes(report, kommuner)
    sizes = _sizes(report, known)
    frame = pd.DataFrame(
        [
            (areas.name(kommun), change.difference, sizes[kommun])
            for kommun, change in known.items()
        ],
        columns=["area", "change", "size"],
    )
    some = next(iter(known.values()))
    found = funnel_of_changes(
        frame,
        size="size",
        areas="kommuner",
        unit=measure_of(report.main).unit,
        source=some.after.source,
        about=f"tratt|{report.main}|{report.county}",
    )
    return [Paragraphs([found.sentence()]), _funnel_figure(report, found, some)]


def _funnel_figure(report: Report, found: FunnelOfChanges, some: Change) -> Figure:
    table = found.table.sort_values("change")
    caption = say(
        "Ohälsotalets ändring i länets kommuner {when}, efter kommunens storlek", when=from_to(some)
    )
    rows: list[list[Cell]] = [
        [
            row.area,
            found.fact(f"storlek|{row.area}", row.size, "personer", 0),
            say("{c:signed}", c=found.fact(f"ändring|{row.area}", row.change)),
            say(
                "{low:signed} till {high:signed}",
                low=found.fact(f"vanligt lägst|{row.area}", row.low95),
                high=found.fact(f"vanligt högst|{row.area}", row.high95),
            ),
        ]
        for row in table.itertuples()
    ]
    return Figure(
        charts.funnel(table, unit="ändring, dagar", size_unit="försäkrade eller invånare 16–64 år"),
        caption,
        say(
            "Punkter för kommunerna, och gränser som vidgas för små kommuner. {said}",
            said=found.sentence(),
        ),
        Table(
            "tratt",
            caption,
            [
                Column("Kommun", "text"),
                Column("Personer 16–64"),
                Column("Ändring, dagar"),
                Column("Vanligt för storleken"),
            ],
            rows,
        ),
        say(
            "Mellan de streckade linjerna hamnar {usual} av hundra kommuner av den storleken av ren slump, "
            "mellan de heldragna {nearly} av hundra. {sources}",
            usual=found.fact("streckad gräns", 95, "procent", 0),
            nearly=found.fact("heldragen gräns", 99.8, "procent", 1),
            sources=report.cite([some.after.source]),
        ),
    )


def _not_computed(report: Report, reasons: dict[str, Text]) -> list[Text]:
    if len({why.plain() for why in reasons.values()}) < len(reasons):
        what = " och ".join([next(iter(reasons)), *(w[0].lower() + w[1:] for w in [*reasons][1:])])
        reasons = {what: next(iter(reasons.values()))}
    said = [
        say("{what} går inte att beräkna eftersom {why}.", what=what, why=why)
        for what, why in reasons.items()
    ]
    commands = [
        c for m in (report.main, POPULATION) if (c := report.how_to_get(m, years_of=report.main))
    ]
    if commands:
        listed = [say("{command}", command=Code(command)) for command in commands]
        said.append(say("Hämtas med: {commands}", commands=join(listed, " och ")))
    if not any(report.change(report.main, area=k) for k in report.kommuner):
        return said
    said.append(
        say(
            "Små kommuners tal svänger mycket av sig själva. En enskild kommuns ändring säger därför "
            "inte att läget där har blivit bättre eller sämre."
        )
    )
    return said
