"""Så har det gått: the table of indicators of page one, a row for each measure, women and men beneath."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from vgstats.blocks.blocks import Block, together
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.blocks.words import WOMEN_AND_MEN, low_to_high
from vgstats.catalogue.measures import ONGOING, ONGOING_RATE, PSYCHIATRIC_SHARE
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.words import sexes
from vgstats.facts.facts import Fact, count_fact, scale_of
from vgstats.facts.text import Text, join, say
from vgstats.methods.before_after import Change, change_facts, year_words
from vgstats.methods.indicator import Indicator, way_words
from vgstats.methods.money import PriceChange, fixed_prices, price_index
from vgstats.methods.result import NotComputable
from vgstats.reports.report import Report
from vgstats.sections.words import chosen_measures, front_part

ROWS = (
    "sjukpenningtal", "ohalsotal", ONGOING, ONGOING_RATE, "sjukfall_60_dagar", PSYCHIATRIC_SHARE, "sa_mottagare",
    "kostnad_sjukpenning",
)  # fmt: skip


def rows_of(
    report: Report, given: Sequence[str] | None, otherwise: Sequence[str] = ROWS
) -> list[str]:
    """Return the measures that are given, else those of page one that the report asks for, and its own main one."""
    asked = [m for m in otherwise if (m, report.area) in report.asked]
    return chosen_measures(given, asked or [report.main])


def indicators_of(report: Report, measures: Sequence[str]) -> list[Indicator]:
    """Return a result for each measure that changed, both sexes together, else one for each sex.

    Counties that grew differently are not compared in plain counts where there is the rate.
    """
    rated = report.rate in measures and report.has(report.rate)
    found = []
    for measure in measures:
        whole = report.indicator(measure)
        by_sex = (report.indicator(measure, sex) for sex in WOMEN_AND_MEN)
        shown = [one for one in ([whole] if whole else by_sex) if one]
        found += [_in_counts(one) if rated and measure == ONGOING else one for one in shown]
    return found


def _in_counts(one: Indicator) -> Indicator:
    return replace(one, compared=None)


@dataclass(frozen=True)
class _Row:
    """A row: what is known of a measure; `beneath` one of both sexes, `usual` in the years of the others."""

    found: Indicator
    beneath: bool = False
    usual: bool = True

    @property
    def own(self) -> Change:
        return self.found.own

    @property
    def direction(self) -> int:
        return self.found.direction

    @property
    def label(self) -> Cell:
        value = self.own.after
        sex = sexes()[value.sex].text
        measure, unit = measure_of(value.measure), self._unit
        return "".join(
            [
                measure.short_name,
                f", {sex}" if value.sex != "alla" else "",
                f" ({unit})"
                if not self.beneath and (unit in ("dagar", "procent") or measure.money)
                else "",
                ""
                if self.usual or self.beneath
                else f", {year_words(self.own.before)} och {year_words(value)}",
            ]
        )

    @property
    def _unit(self) -> str:
        return scale_of(self.own.after).unit

    @property
    def before(self) -> Cell:
        return change_facts(self.own).before

    @property
    def after(self) -> Cell:
        return change_facts(self.own).after

    @property
    def change(self) -> Cell:
        return _moved(self.own)

    @property
    def beside(self) -> Cell:
        return _moved(self.found.beside) if self.found.beside else ""

    @property
    def gap(self) -> Cell:
        if self.found.gaps is None:
            return ""
        before, after = self.found.gaps
        return say("{a:signed} → {b:signed}", a=before, b=after)

    @property
    def latest(self) -> Cell:
        return _moved(self.found.latest) if self.found.latest else ""

    @property
    def mark(self) -> Cell:
        stands_out = self.found.compared is not None and self.found.compared.stands_out
        return self.found.mark() if stands_out or not self.beneath else self.found.way()


@dataclass(frozen=True, kw_only=True)
class _PriceRow(_Row):
    """A row of money in the later year's prices."""

    price: PriceChange

    @property
    def _unit(self) -> str:
        return f"{super()._unit}, {self.price.prices_of} års priser"

    @property
    def before(self) -> Cell:
        return self.price.fact("före, fasta priser", self.price.before)

    @property
    def change(self) -> Cell:
        band = self.price.percent_band
        low, high = self.price.both_ends("procent {}, fasta priser", band, "procent", 0).values()
        if low.text() == high.text():
            return say("{p:signed} %", p=low)
        return low_to_high(low, high, unit=" %")

    @property
    def direction(self) -> int:
        band = self.price.percent_band
        return 0 if band.holds(0) else -1 if band.high < 0 else 1

    @property
    def latest(self) -> Cell:
        return ""  # in running prices it would be of another kind

    @property
    def mark(self) -> Cell:
        return way_words(self.direction)


def _moved(change: Change) -> Text:
    """Return a change in per cent; that of a share, or from nothing, in its own unit."""
    facts = change_facts(change)
    if _is_share(change):
        ends, exact = (facts.before, facts.after), facts.after.value - facts.before.value
        name, decimals = f"ändring före avrundning|{facts.percent.id}", facts.after.decimals
        return say(
            "{d:signed}", d=Fact(name, exact, "procentenheter", decimals, "exact difference", ends)
        )
    if not change.before.value:
        return say("{d:signed}", d=facts.difference)
    return say("{p:signed} %", p=facts.percent)


def _is_share(change: Change) -> bool:
    return scale_of(change.after).unit == "procent"


def indicators(report: Report, measures: Sequence[str] | None = None) -> Block:
    """Return *Så har det gått*: a row for each measure with figures, women and men beneath where they are known.

    Args:
        report: the report.
        measures: the rows, in order.
    """
    found = indicators_of(report, rows_of(report, measures))
    rows = [row for one in found for row in _rows(report, one)]
    if not rows:
        return together()
    first = next((row.own for row in rows if row.usual), rows[0].own)
    where = next((one.where for one in found if one.beside), "riket")
    columns = [
        Column("Mått", "text", of="label"),
        Column(first.before.period[:4], of="before"),
        Column(first.after.period[:4], of="after"),
        Column("Ändring", of="change"),
        Column(f"I {where}", of="beside"),
        Column(f"Mot {where}, före → efter", of="gap"),
        Column("Senaste året", of="latest"),
        Column(
            "Bland länen" if any(one.compared for one in found) else "Riktning", "text", of="mark"
        ),
    ]
    shown = [
        column for column in columns if any(column.cell(row) not in ("", None) for row in rows)
    ]
    meant = dict.fromkeys(measure_of(one.own.after.measure).brief for one in found)
    note = say(
        "{meant} Ändring i procent{shares}, räknad före avrundning.{gap} {sources}",
        shares=" (andelar i procentenheter)" if any(_is_share(one.own) for one in found) else "",
        meant=" ".join(filter(None, meant)),
        gap=f" Mot {where}: talet minus {where}s." if columns[5] in shown else "",
        sources=report.cite(row.own.after.source for row in rows),
    )
    table = Table.from_frame(
        rows,
        shown,
        id="indikatorer",
        caption=_ways([row for row in rows if not row.beneath]),
        note=note,
    )
    return front_part("Så har det gått", replace(table, stacked=True))


def _rows(report: Report, one: Indicator) -> Iterator[_Row]:
    pair, asked = (
        (one.own.before, one.own.after),
        (report.parameters.before, report.parameters.after),
    )
    usual = all(value.period[:4] == period[:4] for value, period in zip(pair, asked, strict=True))
    yield (
        _priced(report, one, usual)
        if measure_of(one.own.after.measure).money
        else _Row(one, usual=usual)
    )
    if one.own.after.sex == "alla":
        for sex in WOMEN_AND_MEN:
            if beneath := report.indicator(one.own.after.measure, sex):
                yield _Row(
                    beneath if one.compared else _in_counts(beneath), beneath=True, usual=usual
                )


def _priced(report: Report, one: Indicator, usual: bool) -> _Row:
    years = (value.period[:4] for value in (one.own.before, one.own.after))
    try:
        early, late = (price_index(report.observations, year) for year in years)
        price = fixed_prices(one.own, early, late, measure_of(one.own.after.measure).name)
    except NotComputable:
        return _Row(one, usual=usual)
    return _PriceRow(one, usual=usual, price=price)


def _ways(rows: Sequence[_Row]) -> Text:
    """Return how many measures rose and fell, money in fixed prices."""
    if len(rows) == 1 and not isinstance(rows[0], _PriceRow):
        return rows[0].found.moved()
    ways = [row.direction for row in rows]
    forms = ((1, "ökade {n}"), (-1, "minskade {n}"), (0, "ändrades {n} inte mer än avrundningen"))
    if len(set(ways)) == 1:
        return say(_ALL[ways[0]], n=count_fact("mått i tabellen", len(ways)))
    *first, last = (
        say(form, n=count_fact(f"mått|{form}", ways.count(way)))
        for way, form in forms
        if way in ways
    )
    return say(
        "Av {all} mått {first}{och}{last}",
        all=count_fact("mått i tabellen", len(ways)),
        first=join(first, ", "),
        och=" och " if first else "",
        last=last,
    )


_ALL = {
    1: "Alla {n} mått ökade",
    -1: "Alla {n} mått minskade",
    0: "Inget av {n} mått ändrades mer än avrundningen",
}
