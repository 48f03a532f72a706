"""För vilka? Shares with the counts behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from vgstats.blocks.blocks import Block, Folded, SideBySide, paragraphs, together
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import Column, Table
from vgstats.blocks.words import (
    WOMEN_AND_MEN,
    capitalised,
    low_to_high,
    sex_words,
    told,
    uncapitalised,
)
from vgstats.catalogue.measures import LONG_CASES, PSYCHIATRIC, SHARES
from vgstats.catalogue.words import dimensions as all_dimensions
from vgstats.catalogue.words import group_name, parse_group
from vgstats.drawing import bars
from vgstats.errors import VgstatsError
from vgstats.facts.facts import value_fact
from vgstats.facts.text import SectionLink, Text, say, swedish_list
from vgstats.methods.before_after import Change
from vgstats.methods.guards import demand_same_coding
from vgstats.methods.result import NotComputable
from vgstats.methods.shares import ShareChange, ShareFacts, share_facts
from vgstats.observations import rows_of
from vgstats.reports.report import Report
from vgstats.sections.words import left_out, sum_fact

_GROUPS = {
    "diagnos": ("F00-F99", "M00-M99", "övriga"),
    "grad": ("hel", "partiell"),
    "sysselsättning": ("anställd", "arbetslös"),
}
_DIMENSIONS = {"kön": "Kön"} | {d: all_dimensions()[d].name for d in _GROUPS}


def _not_open(report: Report) -> str:
    """Return what no open source has of the long cases, in the same words from each section."""
    return f"Hur de långa sjukfallen i {report.place} fördelar sig och vem som skrev intygen (inte öppen statistik)."


@dataclass(frozen=True)
class _Part:
    """One group's share and count of the long cases: what they divide by there, and its name."""

    dimension: str
    name: str
    change: ShareChange

    @property
    def facts(self) -> ShareFacts:
        return share_facts(self.change)

    @property
    def share(self) -> Change:
        return self.change.share


def _parts(report: Report) -> list[_Part]:
    total = report.change(LONG_CASES)
    if total is None:
        return []
    found = [
        ("kön", sex_words(sex).capitalize(), report.change(SHARES, sex)) for sex in WOMEN_AND_MEN
    ]
    for dimension, values in _GROUPS.items():
        for group in (f"{dimension}={value}" for value in values):
            found.append((dimension, group_name(group), report.change(SHARES, group=group)))
    return [_Part(d, name, ShareChange(change, total)) for d, name, change in found if change]


def _chosen(dimensions: Sequence[str] | None) -> list[str]:
    """Return the dimensions to show; an empty list stands for all of them too."""
    given = [*_DIMENSIONS] if dimensions is None else dimensions
    if isinstance(given, str) or not isinstance(given, Sequence) or {*given} - {*_DIMENSIONS}:
        raise VgstatsError(
            f"dimensions: {dimensions!r} will not do. Expected a list of {', '.join(map(repr, _DIMENSIONS))}."
        )
    return list(dict.fromkeys(given)) or [*_DIMENSIONS]


def shares(report: Report, dimensions: Sequence[str] | None = None) -> Block:
    """Return how the long cases divide, the count beside each share.

    Args:
        report: the report.
        dimensions: what they divide by, in order: kön, diagnos, grad, sysselsättning; all of them when left out.
    """
    shown = _chosen(dimensions)
    found = sorted(
        (one for one in _parts(report) if one.dimension in shown),
        key=lambda one: shown.index(one.dimension),
    )
    if not found:
        return left_out(
            report,
            _not_open(report),
        )
    some = found[0].share
    before, after = some.before.period, some.after.period
    rows = [
        (_DIMENSIONS[p.dimension], p.name, p.share.before.value, p.share.after.value) for p in found
    ]
    drawing = bars.shares(
        pd.DataFrame(rows, columns=["dimension", "group", "before", "after"]),
        labels=(before, after),
    )
    columns = [
        Column("Grupp", "text", of="name"),
        Column(f"Andel {before}", of=lambda p: p.facts.share.before, form="{x} %"),
        Column(f"Andel {after}", of=lambda p: p.facts.share.after, form="{x} %"),
        Column("Ändring, procentenheter", of=_points),
        Column(f"Antal {before}, omkring", of=lambda p: p.facts.count_before),
        Column(f"Antal {after}, omkring", of=lambda p: p.facts.count_after),
        Column(
            "Ändring av antalet",
            of=lambda p: low_to_high(p.facts.percent_low, p.facts.percent_high, unit=" %"),
        ),
    ]
    table = Table.from_frame(
        found,
        columns,
        id="andelar",
        caption="Andelar och antal",
        note="Källans procent är hela tal, så ändringarna står som spann.",
    )
    figure = Figure(
        drawing,
        _title(found),
        _share_alt(found),
        table,
        say(
            "Här antas att andelarna avser sjukfall på 60 dagar eller mer; källan säger det inte. Antalen är andelen "
            "gånger länets antal sjukfall. {sources}",
            sources=report.cite([some.after.source]),
        ),
    )
    return together(paragraphs(map(_psychiatric, found), _grew(found)), figure)


def _title(found: list[_Part]) -> Text:
    """Return which group's share moved the most, where one moved beyond rounding."""
    widest = max(found, key=lambda part: abs(part.share.difference))
    if widest.share.within_rounding:
        return say("Ingen andel ändrades mer än avrundningen")
    return told(
        widest.share,
        "Störst ändring: {name}, från {before} till {after} procent",
        name=uncapitalised(widest.name),
    )


def _points(part: _Part) -> Text:
    share = part.facts.share
    return low_to_high(share.difference_low, share.difference_high)


def _psychiatric(part: _Part) -> Text | None:
    """Say what the psychiatric diagnoses' share and count did; nothing of other groups."""
    if part.share.after.group != PSYCHIATRIC:
        return None
    facts = part.facts
    low, high = sorted((facts.percent_low, facts.percent_high), key=lambda f: abs(f.value))
    kind = "minskning" if high.value < 0 else "ökning" if low.value > 0 else "ändring"
    return told(
        part.share,
        "Andelen med {name} gick från {before} till {after} procent. Antalet gick från omkring {n0} "
        "till omkring {n1}, en {kind} med mellan {low:abs} och {high:abs} procent.",
        name=uncapitalised(part.name),
        n0=facts.count_before,
        n1=facts.count_after,
        kind=kind,
        low=low,
        high=high,
    )


def _grew(found: list[_Part]) -> Text | None:
    """Say which groups' shares grew while their counts fell."""
    grew = [
        uncapitalised(p.name)
        for p in found
        if p.share.difference_band.low > 0 > p.change.percent_band.high
    ]
    if not grew:
        return None
    form = "Andelen växte fast antalet minskade för {names}."
    return say(form, names=swedish_list(grew))


def _share_alt(found: list[_Part]) -> Text:
    widest = max(found, key=lambda part: abs(part.share.difference))
    return told(
        widest.share,
        "Staplar före och efter för {drawn}. Den största förskjutningen gäller {name}, från {before} till "
        "{after} procent.",
        drawn=swedish_list(list(dict.fromkeys(_DIMENSIONS[p.dimension].lower() for p in found))),
        name=uncapitalised(widest.name),
    )


def instances(report: Report) -> Block:
    """Return who certified, one table a year, since the codes changed in between."""
    pair = report.periods(SHARES)
    rows = rows_of(report.observations, measure=SHARES, area=report.area, sex="alla")
    rows = rows[rows["group"].str.startswith("instans=")]
    if pair is None or rows.empty:
        return left_out(report, _not_open(report))
    before, after = (map(_instance, rows.loc[rows["period"] == period, "group"]) for period in pair)
    tables = SideBySide([_instance_table(report, period) for period in pair])
    folded = Folded([tables], "Visa tabellerna")
    try:
        demand_same_coding(before, after)
    except NotComputable:
        warning = say(
            "Tabellerna kan inte jämföras: grupperna är inte desamma (se {why}).",
            why=SectionLink("Det som inte går ihop i källan"),
        )
        return together(paragraphs(warning), folded)
    return folded


def _instance(group: str) -> str:
    return parse_group(group)["instans"]


def _instance_table(report: Report, period: str) -> Table:
    rows = rows_of(report.observations, measure=SHARES, area=report.area, sex="alla", period=period)
    values = [
        value
        for group in rows["group"]
        if group.startswith("instans=") and (value := report.value(SHARES, period, group))
    ]
    most = max(value.value for value in values)
    total = sum_fact(f"instans|{period}", map(value_fact, values), "procent")
    columns = [
        Column("Instans", "text", of=lambda v: _instance(v.group).capitalize()),
        Column("Andel", of=value_fact, form="{x} %"),
    ]
    return Table.from_frame(
        values,
        columns,
        id=f"instans-{period}",
        caption=say(
            "{largest} skrev flest intyg {year}",
            largest=capitalised(
                swedish_list([_instance(v.group) for v in values if v.value == most])
            ),
            year=period,
        ),
        note=say("Tillsammans {total} procent.", total=total),
    )
