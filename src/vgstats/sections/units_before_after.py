"""Units that began something beside units that did not, before and after, and which changed more than chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from vgstats.blocks.blocks import Block, Folded, paragraphs, together
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import Column, Table
from vgstats.blocks.words import low_to_high
from vgstats.catalogue import areas
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period
from vgstats.catalogue.units import Unit, all_units
from vgstats.drawing import charts
from vgstats.facts.facts import Fact, count_fact
from vgstats.facts.text import Name, Text, join, say, swedish_list
from vgstats.methods.change_funnel import FunnelOfChanges
from vgstats.methods.result import NotComputable
from vgstats.methods.unit_changes import funnel_of_unit_changes
from vgstats.methods.units_effect import EffectInUnits, effect_by_year
from vgstats.methods.units_effect import effect_in_units as effect_of
from vgstats.reports.report import Report
from vgstats.sections.case_cells import of_listed
from vgstats.sections.units_in_funnel import CASES, LISTED
from vgstats.sections.words import SO_COUNTED, left_out, nearest_value, not_computable

PER_LISTED = "per 1 000 listade"
_PER = 1000
_BY_CHANCE = 0.05  # the share of the named units that may be so by chance
_WHAT = "En jämförelse mellan enheter som började med något och de andra"


@dataclass(frozen=True)
class _Followed:
    """The units that are compared: a row a unit and period, from which to which period, and who is left out."""

    rates: pd.DataFrame
    before: str
    after: str
    first: Unit
    last: Unit
    chosen: int
    left: int

    @property
    def both(self) -> pd.DataFrame:
        """A row a unit with its cases, persons and rates before and after."""
        ends = [self.rates[self.rates["period"] == when] for when in (self.before, self.after)]
        found = ends[0].merge(
            ends[1].drop(columns="began"), on="unit", suffixes=("_before", "_after")
        )
        past = self.rates[self.rates["period"] < self.before].groupby("unit")["value"].mean()
        found = found.assign(earlier=found["unit"].map(past))
        return found.rename(columns={"value_before": "before", "value_after": "after"})


def effect_in_units(report: Report, measure: str = CASES) -> Block:
    """Return how units that began something changed beside the others; nothing where no unit began anything.

    From the last period before the first of them began to the newest, in cases per 1 000 listed. Units chosen for being
    high are compared from the same starting level.

    Args:
        report: the report on the county.
        measure: the count: ongoing cases of a day, or those started in twelve months.
    """
    units = all_units(report.county)
    if not any(one.started for one in units.values()):
        return together()
    try:
        followed = _followed(report, measure, units)
    except NotComputable as reason:
        return left_out(report, not_computable(_WHAT, reason.reason))
    who, apart = _who(measure, followed, followed.both), _apart(report, measure, followed)
    try:
        found = _effect(report, measure, followed)
    except NotComputable as reason:  # few that began, say, of which each can be told by itself
        left = left_out(report, not_computable(_WHAT, reason.reason))
        return together(left, paragraphs(who), apart)
    sources = report.cite([found.source])
    said = paragraphs([who, found.sentence()])
    return together(said, _years(report, followed, found, sources), apart)


def effect_words(report: Report, measure: str = CASES) -> Text | None:
    """Return in a line whether units that began something changed beside the others, None where it is not known."""
    units = all_units(report.county)
    if not any(one.started for one in units.values()):
        return None
    try:
        found = _effect(report, measure, _followed(report, measure, units))
    except NotComputable:
        return None
    but = ". Det är mer än slumpen brukar ge, men visar inte varför" if found.stands_out else ""
    return say("{finding}{but}.", finding=_finding(found), but=but)


def _effect(report: Report, measure: str, followed: _Followed) -> EffectInUnits:
    both = followed.both
    return effect_of(
        both,
        chosen_high=followed.chosen > 0,
        chosen=followed.chosen,
        earlier="earlier" if both["earlier"].notna().all() else "",
        measured=PER_LISTED,
        source=_source(report, measure, followed),
        about=_about(report, measure),
    )


def _about(report: Report, measure: str) -> str:
    return f"enheter|{measure}|{report.county}"


def _followed(report: Report, measure: str, units: dict[str, Unit]) -> _Followed:
    if not of_listed(report):
        raise NotComputable(
            "ett sjukfall här räknas till enheten som skrev intyget, och de listade är andra personer"
        )
    rows = [row for area in units for row in _rates(report, measure, area)]
    rates = pd.DataFrame(rows, columns=["unit", "period", "cases", "persons", "value"])
    if rates.empty:
        raise NotComputable("inga enheter har både sjukfall och listade som visas")
    periods = sorted(rates["period"].unique())
    first, last = (Period.parse(periods[place]).end for place in (0, -1))
    began = {a: one for a, one in units.items() if one.started and first <= one.started < last}
    if not began:
        raise NotComputable(
            "ingen enhet började mellan den första och den sista tidpunkten som det finns tal för"
        )
    in_time = sorted(began.values(), key=lambda one: str(one.started))
    before = max(p for p in periods if str(Period.parse(p).end) <= str(in_time[0].started))
    others = {area for area, one in units.items() if not one.started or one.started >= last}
    used = rates[rates["unit"].isin([*began, *others])]
    there = used.groupby("unit")["period"].agg(set)
    whole = [unit for unit, found in there.items() if {before, periods[-1]} <= found]
    if not set(whole) & set(began):
        raise NotComputable("ingen enhet som började har tal som visas både före och efter")
    used = used[used["unit"].isin(whole)].assign(
        began=lambda frame: frame["unit"].isin(list(began))
    )
    chosen = sum(began[unit].chosen_high for unit in whole if unit in began)
    ends = (in_time[0], in_time[-1])
    return _Followed(used, before, periods[-1], *ends, chosen, len(units) - len(whole))


def _rates(report: Report, measure: str, area: str) -> list[tuple[str, str, float, float, float]]:
    """Return an area's periods up to the end of the report with cases, listed persons and cases per 1 000 of them."""
    if not {(measure, area), (LISTED, area)} <= report.asked:
        return []
    found = []
    for value in report.series(measure, area):
        persons = nearest_value(report, LISTED, area, value.period)
        if persons and persons.value and value.period <= report.parameters.after:
            rate = _PER * value.value / persons.value
            found.append((area, value.period, value.value, persons.value, rate))
    return found


def _source(report: Report, measure: str, followed: _Followed) -> str:
    found = report.value(measure, followed.after, area=str(followed.rates["unit"].iloc[0]))
    return found.source if found else ""


def _when(period: str) -> str:
    return Period.parse(period).swedish()


def _at(measure: str, period: str) -> str:
    if measure_of(measure).rolling12:
        return f"under tolv månader till och med {_when(period)}"
    return f"den {_when(period)}"


def _who(measure: str, followed: _Followed, both: pd.DataFrame) -> Text:
    """Return which units are compared, in what and between which times."""
    own = int(both["began"].sum())
    first, last = (
        Period.parse(str(one.started)).swedish() for one in (followed.first, followed.last)
    )
    return say(
        "{n} började med något nytt {when}. {They} jämförs här med {m} som inte gjorde det: {what} per 1 000 listade "
        "{before} och {after}.{left}",
        n=_units("började", own),
        They="Den" if own == 1 else "De",
        when=f"den {first}" if first == last else f"mellan den {first} och den {last}",
        m=_units("började inte", len(both) - own),
        what=measure_of(measure).name.lower(),
        before=_at(measure, followed.before),
        after=_at(measure, followed.after),
        left=say(
            " Enheter som inte är med, för att de började tidigare eller saknar tal som visas: {k}.",
            k=_many("utelämnade", followed.left),
        )
        if followed.left
        else "",
    )


def _units(what: str, n: int) -> Text:
    return say("{n} {units}", n=_many(what, n), units="enhet" if n == 1 else "enheter")


def _many(what: str, n: int) -> Fact:
    return count_fact(f"enheter, {what}", n)


def _years(report: Report, followed: _Followed, found: EffectInUnits, sources: Text) -> Block:
    """Return the difference since the base year for every year, or why the years before are not there."""
    try:
        years = effect_by_year(
            followed.rates, base=followed.before, chosen_high=followed.chosen > 0
        )
    except NotComputable as reason:
        what = "Skillnaden år för år mellan enheter som började med något och de andra"
        return left_out(report, not_computable(what, reason.reason))
    label = say(
        "Sjukfall per 1 000 listade, enheterna som började mot de andra, sedan {when}",
        when=_when(followed.before),
    )
    figure = charts.gap_over_years(
        years.assign(period=years["period"].str[:4]),
        unit="skillnad, per 1 000 listade",
        start=int(followed.before[:4]) + 1,
        end=int(followed.after[:4]),
        axis="",
    )
    alone = "före" not in set(years["side"])
    note = say(
        "{label}. Enheter som har tal alla år. Det grå fältet är vad slumpen och vanliga skillnader mellan enheter kan "
        "ge ({level} procent).{alone} {sources}",
        label=label,
        level=found.level_fact(found.interval.level),
        alone=" Inga tidigare år finns, så det går inte att se om skillnaden var på väg redan före."
        if alone
        else "",
        sources=sources,
    )
    return Figure(figure, _finding(found), label, _by_year(years, found, label), note)


def _by_year(years: pd.DataFrame, found: EffectInUnits, caption: Text) -> Table:
    """Return both groups' means and the difference, which of printed means is that of them."""
    if not found.same_start:
        means = years[["own", "others"]].round(found.decimals)
        gap = means["own"] - means["others"]
        at_base = gap[years["side"] == "bas"].iloc[0]
        years = years.assign(change=(gap - at_base).round(found.decimals))

    def fact(what: str, row: Any, column: str) -> Fact:
        return found.fact(f"{what}|{row.period}", getattr(row, column))

    def usual(row: Any) -> Text | str:
        ends = (fact(f"vanligt {column}", row, column) for column in ("usual_low", "usual_high"))
        return low_to_high(*ends) if row.side != "bas" else ""

    change = "Skillnad vid samma utgångsläge" if found.same_start else "Skillnad sedan före"
    columns = [
        Column("När", "text", of=lambda row: _when(row.period)),
        Column("De som började", of=lambda row: fact("de som började", row, "own")),
        Column("De andra", of=lambda row: fact("de andra", row, "others")),
        Column(change, of=lambda row: fact("skillnad", row, "change"), form="{x:signed}"),
        Column("Vanlig variation", of=usual),
    ]
    rows = list(years.itertuples(index=False))
    return Table.from_frame(rows, columns, id="enheter-ar", caption=caption)


def _finding(found: EffectInUnits) -> Text:
    if not found.stands_out:
        return say(
            "Enheterna som började med något nytt skiljer sig inte från de andra mer än slumpen kan ge"
        )
    return say(
        "Enheterna som började med något nytt har fått {x:abs} {way} sjukfall per 1 000 listade, jämfört med de andra",
        way="färre" if found.difference < 0 else "fler",
        x=found.fact("skillnad mellan ändringar", found.difference),
    )


def _apart(report: Report, measure: str, followed: _Followed) -> Block:
    """Return which single units changed more than chance and usual differences make them, so many as are compared."""
    both, source = followed.both, _source(report, measure, followed)
    try:
        found = funnel_of_unit_changes(
            both, units="enheter", source=source, about=f"ändring|{_about(report, measure)}"
        )
    except NotComputable as reason:
        what = "Vilka enheter som ändrats mer än vanligt"
        return left_out(report, not_computable(what, reason.reason))
    how = Folded([paragraphs(found.sentence())], SO_COUNTED)
    return together(paragraphs(_named(found, both)), how)


def _named(found: FunnelOfChanges, both: pd.DataFrame) -> Text:
    began = set(both.loc[both["began"], "unit"])
    outside = found.table["label"].isin(["Low (0.001)", "High (0.001)"])
    far = found.table[outside & (found.table["p_adjusted"] < _BY_CHANCE)]
    n, own = found.count("antal enheter", found.n), set(far["area"]) & began
    if far.empty:
        return say(
            "Var för sig har ingen av de {n} enheterna ändrats mer än slump och vanliga skillnader ger, när så många "
            "jämförs.",
            n=n,
        )
    parts = [
        say("{names} ({who})", who=who, names=Name(swedish_list(sorted(map(areas.name, members)))))
        for who, members in (
            ("bland dem som började", own),
            ("bland de andra", set(far["area"]) - own),
        )
        if members
    ]
    return say(
        "Var för sig har enheter ändrats klart mer än slump och vanliga skillnader ger, också när {n} jämförs: "
        "{parts}.",
        n=n,
        parts=join(parts, " och "),
    )
