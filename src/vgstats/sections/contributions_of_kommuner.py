"""Var hände det? What each kommun gives to the county's change, and which differ from the others."""

from __future__ import annotations

from typing import Any

import pandas as pd

from vgstats.blocks.blocks import Block, paragraphs, together
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import Column, Table
from vgstats.blocks.words import low_to_high, told
from vgstats.catalogue import areas
from vgstats.catalogue.measures import AGED_16_TO_64, INSURED, POPULATION
from vgstats.catalogue.measures import measure as measure_of
from vgstats.drawing import charts
from vgstats.facts.text import Text, say
from vgstats.methods.before_after import Change
from vgstats.methods.change_funnel import FunnelOfChanges, funnel_of_changes
from vgstats.methods.part_areas import contributions
from vgstats.methods.result import NotComputable
from vgstats.observations import Value
from vgstats.reports.report import Report
from vgstats.sections.words import left_out, not_computable, result_column

_BOTH = "Kommunernas bidrag och vilka kommuner som ändrats mer än vanligt"


def by_size(report: Report) -> Block:
    """Return the kommuner's contributions and the funnel of their changes; nothing where there are none."""
    blocks: list[Block] = []
    known = sum(report.change(report.main, area=k) is not None for k in report.kommuner)
    if len(report.kommuner) == 1 or not known:  # what `kommuner` says
        return together()
    commands = [report.how_to_get(m, years_of=report.main) for m in (report.main, POPULATION)]
    for what, compute in (
        ("Hur mycket varje kommun bidrar till länets ändring", _contributions),
        ("Vilka kommuner som ändrats mer än vanligt", _funnel),
    ):
        try:
            blocks += compute(report)
        except NotComputable as reason:
            said = not_computable(_BOTH if known < len(report.kommuner) else what, reason.reason)
            blocks.append(left_out(report, said, *commands))
    return together(blocks)


def _changes(report: Report) -> dict[str, Change]:
    found = {kommun: report.change(report.main, area=kommun) for kommun in report.kommuner}
    known = {kommun: change for kommun, change in found.items() if change}
    name, n, k = _what(report), len(found), len(known)
    if not known:
        raise NotComputable("{name} saknas för alla länets {n} kommuner", name=name, n=n)
    if k < n:
        raise NotComputable("{name} finns för {k} av länets {n} kommuner", name=name, k=k, n=n)
    return known


def _what(report: Report) -> str:
    return measure_of(report.main).name.lower()


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


def _contributions(report: Report) -> list[Block]:
    known = _changes(report)
    rows = []
    for kommun, change in known.items():
        ends = (change.before, change.after)
        weights = (_persons(report, kommun, value, INSURED) for value in ends)
        rows.append((areas.name(kommun), *weights, *(value.value for value in ends)))
    some = next(iter(known.values()))
    found = contributions(
        pd.DataFrame(
            rows, columns=["area", "weight_before", "weight_after", "rate_before", "rate_after"]
        ),
        unit=measure_of(report.main).unit,
        source=some.after.source,
        decimals=2,
        about=f"bidrag|{report.main}|{report.county}",
        kind="kommuner",
    )

    two_decimals: dict[str, Any] = {"form": "{x:signed}", "decimals": 2}
    table = Table.from_frame(
        found.to_frame(),
        [
            Column("Kommun", "text", of="area"),
            result_column("Bidrag", (found, "bidrag", "contribution"), **two_decimals),
            result_column(f"Ändrat {_what(report)}", (found, "inom", "rates"), **two_decimals),
            result_column(
                "Ändrad andel av länets försäkrade", (found, "andel", "composition"), **two_decimals
            ),
        ],
        id="bidrag",
        caption=told(some, "Kommunernas bidrag till länets ändring {periods}, dagar"),
        note=report.cite([some.after.source]),
    )
    return [paragraphs(found.sentence()), table]


def _funnel(report: Report) -> list[Block]:
    known = _changes(report)
    sizes = _sizes(report, known)
    rows = [(areas.name(k), change.difference, sizes[k]) for k, change in known.items()]
    some = next(iter(known.values()))
    found = funnel_of_changes(
        pd.DataFrame(rows, columns=["area", "change", "size"]),
        size="size",
        areas="kommuner",
        unit=measure_of(report.main).unit,
        source=some.after.source,
        about=f"tratt|{report.main}|{report.county}",
    )
    return [paragraphs(found.sentence()), _funnel_figure(report, found, some)]


def _funnel_figure(report: Report, found: FunnelOfChanges, some: Change) -> Figure:
    table = found.table.sort_values("change")
    caption = told(some, "{name}: ändring i länets kommuner {periods}, efter kommunens storlek")

    def usual(row: Any) -> Text:
        low = found.fact(f"vanligt lägst|{row.area}", row.low95)
        return low_to_high(low, found.fact(f"vanligt högst|{row.area}", row.high95))

    persons: dict[str, Any] = {"unit": "personer", "decimals": 0}
    columns = [
        Column("Kommun", "text", of="area"),
        result_column("Personer 16–64", (found, "storlek", "size"), **persons),
        result_column("Ändring, dagar", (found, "ändring", "change"), form="{x:signed}"),
        Column("Vanligt för storleken", of=usual),
    ]
    return Figure(
        charts.funnel(table, unit="ändring, dagar", size_unit="försäkrade eller invånare 16–64 år"),
        caption,
        say(
            "Punkter för kommunerna, och gränser som vidgas för små kommuner. {said}",
            said=found.sentence(),
        ),
        Table.from_frame(table, columns, id="tratt", caption=caption),
        say(
            "Mellan de streckade linjerna hamnar {usual} av hundra kommuner av den storleken av ren slump, "
            "mellan de heldragna {nearly} av hundra. {sources}",
            usual=found.fact("streckad gräns", 95, "procent", 0),
            nearly=found.fact("heldragen gräns", 99.8, "procent", 1),
            sources=report.cite([some.after.source]),
        ),
    )
