"""The follow-up (uppföljning) of a county: what changed, beside the country, around an agreement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

import pandas as pd
from pydantic import AfterValidator, Field

from vgstats.blocks.blocks import Title
from vgstats.blocks.record import IndexRow
from vgstats.blocks.tables import Cell
from vgstats.blocks.words import as_written, from_to, period_words
from vgstats.catalogue import areas
from vgstats.catalogue.agreements import all_agreements
from vgstats.catalogue.measures import (
    BY_BRANCH,
    INSURED,
    LONG_CASES,
    ONGOING,
    ONGOING_RATE,
    ONGOING_SHARE,
    POPULATION,
    PSYCHIATRIC_SHARE,
    SHARES,
    STARTED,
)
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period, PeriodText
from vgstats.errors import VgstatsError, nearest
from vgstats.facts.facts import value_fact
from vgstats.facts.text import say
from vgstats.methods.before_after import Change, change_facts, year_words
from vgstats.methods.money import KPI
from vgstats.methods.observed import period_pair, with_worked_out
from vgstats.observations import SEXES, SYNTHETIC
from vgstats.reports.base.gathering import NoFiguresError, in_any_period, periods_there
from vgstats.reports.base.parameters import BetweenPeriods, MeasureId, out_of_order
from vgstats.reports.base.surroundings import told_with
from vgstats.reports.report import Report, series_months
from vgstats.store.store import Store, Wanted

OUTCOMES = (
    "ohalsotal", "ohalsotal_sjukpenning", "ohalsotal_sa", "sjukpenningtal", LONG_CASES, ONGOING, "sa_mottagare",
    "sa_nya",
)  # fmt: skip
COSTS = (
    "kostnad_sjukpenning", "kostnad_sa", "sa_belopp", "kostnad_rehabiliteringstjanster", "transfereringar",
)  # fmt: skip


def two_periods(periods: list[str]) -> list[str]:
    """Return two periods.

    Raises:
        ValueError: they are not two, or not in their order.
    """
    if len(periods) != 2:
        raise ValueError(f"{len(periods)} periods stand there. Expected two, before and after.")
    if wrong := out_of_order("first", periods[0], "second", periods[1]):
        raise ValueError(wrong)
    return periods


def _followed(intervention: str) -> str:
    if intervention and intervention not in all_agreements():
        raise ValueError(
            f"{intervention!r} is unknown. Known: {', '.join(all_agreements())}."
            + nearest(intervention, all_agreements())
            + " For one of your own, name its file with own, such as own: overenskommelse.yaml."
        )
    return intervention


BY_PART = (ONGOING_SHARE, STARTED, BY_BRANCH)  # told by diagnosis, age and the like alone


class Parameters(BetweenPeriods):
    """What one follow-up report is about; the notebook's parameters cell has the same names.

    `periods` gives a measure two periods of its own, where the source has other years or the report would not show
    it. `intervention` is the agreement or project that is followed up, or empty.
    """

    periods: dict[MeasureId, Annotated[list[PeriodText], AfterValidator(two_periods)]] = Field(
        default={}
    )
    intervention: Annotated[str, AfterValidator(_followed)] = ""

    def at_odds(self) -> Iterator[str]:
        """Yield what does not go together, such as an agreement of another county or time."""
        yield from super().at_odds()
        if not self.intervention:
            return
        followed = all_agreements()[self.intervention]
        inside_county = areas.all_areas().loc[followed.area, "lan"] == self.area
        if followed.area not in (areas.RIKET, self.area) and not inside_county:
            remedy = (
                f"If it is of {areas.name(self.area)}, change area in the file that own names to {self.lan!r}; else "
                "correct lan, or leave the intervention out."
                if followed.own
                else "Name one of that county or of riket, or leave it out."
            )
            yield (
                f"intervention: {self.intervention!r} belongs to {areas.name(followed.area)}, not "
                f"to {areas.name(self.area)}. {remedy}"
            )
        before, after = Period.parse(self.before), Period.parse(self.after)
        if followed.dates is None:
            yield (
                f"intervention: no source says when {self.intervention!r} began and ended, so nothing can be compared "
                "before and after it. Leave it out."
            )
        elif before.start > followed.dates[1] or after.end < followed.dates[0]:
            yield (
                f"intervention: {self.intervention!r} ran from {followed.start} to {followed.end}, "
                f"which does not lie between before {self.before!r} and after {self.after!r}. Choose "
                "periods around it, or leave the intervention out."
            )

    @property
    def further(self) -> list[str]:
        """The measures that the report shows besides those of its kind: what `periods` and `measures` name."""
        return sorted({*self.periods, *self.measures} - {*OUTCOMES, *COSTS, SHARES})

    def pair(self, measure: str) -> tuple[str, str]:
        """Return the two periods that a measure is compared in."""
        before, after = self.periods.get(measure, (self.before, self.after))
        return before, after

    @classmethod
    def time_at(cls, path: Sequence[str | int]) -> Literal["", "first", "last"]:
        """Return whether a value of a parameter file is an earlier or a later time, those of `periods` too."""
        if list(path[-3:-2]) == ["periods"]:
            return "last" if path[-1] else "first"
        return super().time_at(path)

    @classmethod
    def keeps_first(cls, content: Mapping[str, Any]) -> bool:
        """Return whether an agreement is followed up: its reports go on comparing with the year before it."""
        return bool(content.get("intervention"))

    def pairs(self) -> list[tuple[str, str]]:
        """Return every two periods that something is compared in."""
        return [*super().pairs(), *(self.pair(measure) for measure in self.periods)]


class Uppfoljning(Report):
    """The follow-up of a county."""

    name = "uppfoljning"
    model = Parameters
    shown = OUTCOMES
    costs = COSTS
    headline = ("sjukpenningtal", "ohalsotal")
    rate = ONGOING_RATE
    compared_measures = (ONGOING, "ohalsotal", "sjukpenningtal")

    @classmethod
    def wants(cls, parameters: Parameters) -> Iterable[Wanted]:
        """Return what the report reads.

        The measures compared, in the report's periods, for the county and riket; the ohälsotal and the sjukpenningtal
        month by month and the ongoing cases year by year for their series (see `series_months`), and the ohälsotal
        each December up to the report's last for the other counties; the county's kommuner and the other counties;
        and in all periods what the agreement's money and actions are told with.
        """
        own, riket = parameters.area, areas.RIKET
        kommuner, others = areas.kommuner(own), [area for area in areas.lan() if area != own]
        when = parameters.periods_in_use
        months = series_months(parameters)
        last = Period.parse(parameters.after).end.year
        decembers = tuple(m for m in months if m.endswith("-12") and int(m[:4]) <= last)
        # The series first: of several wishes for a measure and area, the last says which periods are compared.
        for area in (own, riket):
            yield from (Wanted(area, measure, months) for measure in (cls.main, "sjukpenningtal"))
            yield from (Wanted(area, measure, _years(months)) for measure in (ONGOING, POPULATION))
        yield from (Wanted(area, cls.main, decembers) for area in others)
        for measure in (*OUTCOMES, *COSTS, SHARES, *parameters.further):
            yield from (Wanted(area, measure, when(measure)) for area in (own, riket))
        yield from (Wanted(own, measure, when(measure)) for measure in BY_PART)
        if parts := areas.parts(own):
            for measure in cls.headline:
                yield from (Wanted(area, measure, when(measure)) for area in (*parts, *kommuner))
        yield from (Wanted(kommun, cls.main, when(cls.main)) for kommun in kommuner)
        for measure in cls.compared_measures:
            yield from (Wanted(lan, measure, when(measure)) for lan in others)
        yield from (Wanted(area, INSURED, when(cls.main)) for area in (own, riket, *kommuner))
        yield from (Wanted(kommun, POPULATION, _years(when(cls.main))) for kommun in kommuner)
        # The population at the end of the year before is that of the beginning of a year.
        earlier = tuple(str(int(year) - 1) for year in _years(when(ONGOING)))
        yield from (Wanted(area, POPULATION, earlier) for area in (riket, *areas.lan()))
        for cost in COSTS:
            years = _years(when(cost))
            months = tuple(p for y in years for p in (y, *(f"{y}-{m:02}" for m in range(1, 13))))
            yield from (Wanted(riket, KPI, months), Wanted(own, POPULATION, years))
        followed = all_agreements().get(parameters.intervention)
        if followed and (picked := followed.chosen_for_high):
            yield from (Wanted(kommun, picked, when(picked)) for kommun in kommuner)
        told = told_with(parameters.intervention, own, apart=(SHARES,))
        yield from (Wanted(own, measure) for measure in told)
        if followed:
            places = dict.fromkeys((followed.area, own))
            yield from (Wanted(area, m) for m in followed.figures for area in places)
            aims = [(goal.area or own, goal.measure) for goal in followed.goals if goal.measure]
            read = {*OUTCOMES, *COSTS, SHARES, *told}
            aimed_at = dict.fromkeys(
                (area, m) for area, m in aims if area not in (own, riket) or m not in read
            )
            yield from (Wanted(area, m) for area, m in aimed_at)

    @classmethod
    def check(cls, parameters: Parameters, observations: pd.DataFrame, store: Store | None) -> None:
        """Refuse a report that would have nothing to compare.

        Raises:
            VgstatsError: no measure has figures for the county in both periods, a measure that `periods`
                names has none, or a real agreement would be told with synthetic figures.
        """
        if parameters.intervention and observations["source"].isin(SYNTHETIC).any():
            raise VgstatsError(
                f"intervention: {parameters.intervention!r} is real and the store's figures are made up. "
                "Leave the intervention out, or use a store of real figures."
            )
        area = parameters.area
        name = f"{parameters.area_name} (lan {parameters.lan!r})"
        hidden = observations["status"] == "suppressed"
        for measure, (before, after) in parameters.periods.items():
            if period_pair(observations, measure, area, before, after) is None:
                figures = in_any_period(parameters, [measure], store)
                raise NoFiguresError(
                    f"periods: {measure} has no figures for {name} in {before} and {after}. "
                    f"There are figures for: {periods_there(figures, measure, area)}. "
                    "Correct the periods or leave the measure out.",
                    measure,
                    parameters,
                )
        before, after = parameters.before, parameters.after
        shown = observations[~hidden]
        if any(period_pair(shown, m, area, before, after) for m in OUTCOMES):
            return
        figures = in_any_period(parameters, list(OUTCOMES), store)
        found = ((m, periods_there(figures, m, area)) for m in OUTCOMES)
        there = "; ".join(f"{m}: {periods}" for m, periods in found if periods != "none")
        if hidden.any() and not there:
            raise VgstatsError(
                f"before {before!r}, after {after!r}: all numbers of this report's measures for {name} are hidden, "
                "since they are small or would give small ones away. Choose other periods."
            )
        raise NoFiguresError(
            f"before {before!r}, after {after!r}: no measure of this report has figures for {name} in "
            f"both. {_to_choose(there)}",
            cls.main,
            parameters,
        )

    def work_out(self, observations: pd.DataFrame) -> pd.DataFrame:
        """Return the released figures with ongoing cases per inhabitant, and the share of psychiatric diagnoses."""
        made = (ONGOING_RATE, PSYCHIATRIC_SHARE)
        self._asked |= {(one, area) for one in made for area in (areas.RIKET, *areas.lan())}
        return with_worked_out(observations)

    def title(self) -> Title:
        """Return the report's heading and the line that says what it follows up."""
        told = self._first_change()
        followed = self.agreement
        line = (
            say(
                "Uppföljning av {name}, {start}–{end}",
                name=as_written(followed.name[0].lower() + followed.name[1:], followed),
                start=str(followed.dates[0].year),
                end=str(followed.dates[1].year),
            )
            if followed and followed.dates
            else say("Övning på påhittade siffror")
            if self.synthetic
            else say("Uppföljning av officiella och egna siffror, utan någon namngiven insats")
            if self.has_own_figures
            else say("Uppföljning av officiella siffror, utan någon namngiven insats")
        )
        then, now = year_words(told.before), year_words(told.after)
        return self.headed(f"Sjukfrånvaron i {self.area_name}, {then} och {now}", line)

    def index_row(self) -> IndexRow:
        """Return the county's level and change in the measure that the counties are compared in, and its mark."""
        compared = self.compared
        told = compared[0].county if compared else self._first_change()
        measure, sex = told.after.measure, told.after.sex
        others = [s for s in SEXES if s != sex and self.change(measure, s)] if sex != "alla" else []
        riket = self.change(measure, sex, area=areas.RIKET) if compared else None
        of_riket = [riket, *(self.change(measure, s, area=areas.RIKET) for s in others)]
        return self.row(
            heading=f"Sjukfrånvaron, {period_words(told.before)} och {period_words(told.after)}",
            about=f"{measure_of(measure).name}, förändring {from_to(told)}",
            level=value_fact(told.after),
            percent=change_facts(told).percent,
            unchanged=told.within_rounding,
            mark=compared[0].mark() if compared else None,
            drawn="" if sex == "alla" else sex,
            columns=tuple(f"Ändring, {s}" for s in others),
            cells=tuple(_percent(self.change(measure, s)) for s in others),
            riket=(value_fact(riket.after), *map(_percent, of_riket)) if riket else (),
        )

    def _first_change(self) -> Change:
        """Return the change of the first measure that the report has."""
        changes = (self.change(m, sex) for m in OUTCOMES for sex in SEXES)
        return next(change for change in changes if change)


def _to_choose(there: str) -> str:
    if not there:
        return "There are no figures of them for any period here."
    return f"There are figures for: {there}. Choose two of those periods."


def _years(periods: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(period[:4] for period in periods))


def _percent(change: Change | None) -> Cell:
    return say("{p:signed} %", p=change_facts(change).percent) if change else None
