"""A follow-up as the sections of the report read it: the parameters and the released figures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from vgstats.catalogue import areas
from vgstats.methods.before_after import Change
from vgstats.methods.over_areas import pair_among
from vgstats.methods.comparing.comparison import Comparison, compare
from vgstats.methods.prices import KPI
from vgstats.methods.counting.per_inhabitants import per_inhabitants
from vgstats.reports.bundle import Bundle, open_measures
from vgstats.catalogue.agreements import Agreement, Remark, agreements_between
from vgstats.catalogue.law_changes import LawChange, law_changes_between
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.texts import Texts
from vgstats.observations import SEXES, SYNTHETIC, Value, newest
from vgstats.catalogue.periods import Period, window_start
from vgstats.reports.kinds import given_or_gathered
from vgstats.reports.needs import how_to_get, periods_in_use
from vgstats.reports.parameters import checked
from vgstats.reports.uppfoljning import (
    BORDER_CHANGES,
    BOUNDARIES,
    COSTS,
    COUNTY_COMPARISONS,
    FEWEST_COUNTIES,
    HEADLINE,
    KOMMUN_MEASURE,
    NAME,
    ONGOING,
    ONGOING_RATE,
    OUTCOMES,
    SERIES,
    Parameters,
)


class Followup:
    """A follow-up's parameters together with the released figures: what the sections read."""

    def __init__(self, parameters: Parameters, bundle: Bundle) -> None:
        self.parameters = parameters
        self._bundle = bundle
        rates = per_inhabitants(bundle.observations, ONGOING, ONGOING_RATE)
        self.observations: pd.DataFrame = pd.concat([bundle.observations, rates], ignore_index=True)
        self.sources: pd.DataFrame = bundle.sources
        self.texts: Texts = bundle.texts
        self.differences: pd.DataFrame = bundle.differences
        self.mixed: pd.DataFrame = bundle.mixed
        self.area = parameters.area
        self.area_name = areas.name(parameters.area)
        self._values = newest(self.observations)
        self._periods = _periods_of(self.observations)
        self._series: dict[tuple[str, str], list[Value]] = {}
        for key in sorted(key for key in self._values if key[3:] == ("alla", "")):
            self._series.setdefault(key[:2], []).append(self._values[key])
        self._comparisons: dict[str, Comparison] | None = None

    @property
    def figures_digest(self) -> str:
        """The digest of the figures that the report is made from (see `Bundle.digest`)."""
        return self._bundle.digest()

    def shown_and_hidden(self) -> tuple[int, int]:
        """Return how many of the region's own counts are shown, and how many are hidden."""
        return self._bundle.shown_and_hidden()

    @property
    def vintages(self) -> dict[str, str]:
        """When the newest number of each source read was retrieved."""
        return self._bundle.vintages

    @property
    def synthetic(self) -> bool:
        """Whether the figures are made up."""
        return bool(self.observations["source"].isin(SYNTHETIC).any())

    @property
    def has_own_figures(self) -> bool:
        """Whether any of the figures are a region's own, not published by an authority."""
        own = self.sources.index[~self.sources["kind"].isin(["published", "demo"])]
        return bool(self.observations["source"].isin(own).any())

    def kommun_changes(self) -> dict[str, Change]:
        """Return how the ohälsotal changed in the county's kommuner that have figures, the largest fall first."""
        places = areas.kommuner(self.area)
        found = {area: self.change(KOMMUN_MEASURE, area=area) for area in places}
        known = {area: change for area, change in found.items() if change}
        return dict(sorted(known.items(), key=lambda item: item[1].difference))

    @property
    def preliminary(self) -> list[Value]:
        """One of the later numbers of each measure whose source calls them preliminary."""
        return self.preliminary_among(self.change(m, sex) for m in OUTCOMES for sex in SEXES)

    def preliminary_among(self, compared: Iterable[Change | None]) -> list[Value]:
        """Return one of the later numbers of each measure compared whose source calls them preliminary."""
        later = [change.after for change in compared if change]
        found = {(v.measure, v.period): v for v in later if self._is_preliminary(v)}
        return [found[key] for key in sorted(found)]

    def _is_preliminary(self, value: Value) -> bool:
        return str(self.sources.loc[value.source, "place"]).startswith("preliminär")

    def how_to_get(
        self,
        measure: str,
        *,
        all_counties: bool = False,
        years_before: int = 0,
        years_of: str = "",
    ) -> str:
        """Return the command that fetches a measure for this report, empty when no source has it."""
        if self.synthetic:
            return ""
        return how_to_get(
            measure,
            self.parameters,
            all_counties=all_counties,
            years_before=years_before,
            years_of=years_of,
        )

    @property
    def intervention(self) -> Agreement | None:
        """The agreement or project that is followed up."""
        named = self.parameters.intervention
        return next((one for one in self.texts.agreements if one.id == named), None)

    def own_plans(self) -> list[Agreement]:
        """Return the county's own plans that are part of the agreement that is followed up."""
        followed = self.intervention
        return [
            plan
            for plan in self.texts.agreements
            if followed and plan.part_of == followed.id and plan.area == self.area
        ]

    def law_changes(self, measure: str, pair: tuple[str, str]) -> list[LawChange]:
        """Return the changes that touch a measure and took effect inside a comparison, oldest first."""
        before, after = map(Period.parse, pair)
        return law_changes_between(measure_of(measure), before, after, self.texts.law_changes)

    def periods(self, measure: str, area: str | None = None) -> tuple[str, str] | None:
        """Return the two periods that the report compares for a measure, None without figures."""
        before, after = self.parameters.periods.get(
            measure, [self.parameters.before, self.parameters.after]
        )
        return pair_among(
            self._periods.get((measure, area or self.area), ()), measure, before, after
        )

    def change(
        self, measure: str, sex: str = "alla", group: str = "", area: str | None = None
    ) -> Change | None:
        """Return the change of a measure over the report's periods, None without figures."""
        pair = self.periods(measure, area)
        if pair is None:
            return None
        place = area or self.area
        first, last = (self._values.get((measure, place, period, sex, group)) for period in pair)
        return Change(first, last) if first and last else None

    def hides(self, measure: str, area: str | None = None) -> bool:
        """Return whether a number of a measure that would be compared is hidden, here or by its source."""
        rows = self.observations
        rows = rows[(rows["measure"] == measure) & (rows["area"] == (area or self.area))]
        compared = rows["period"].isin(periods_in_use(self.parameters, measure))
        return bool((rows["status"][compared] == "suppressed").any())

    def has(self, measure: str, area: str | None = None) -> bool:
        """Return whether a measure has both values, for both sexes together or for women."""
        return any(self.change(measure, sex, area=area) for sex in ("alla", "kvinnor"))

    def rules(self) -> list[tuple[LawChange, list[str]]]:
        """Return the rules that changed between the values compared, and the measures they touch."""
        touched: dict[str, tuple[LawChange, list[str]]] = {}
        for measure in [*OUTCOMES, *COSTS]:
            pair = self.periods(measure)
            if pair is None or not self.has(measure):
                continue
            for rule in self.law_changes(measure, pair):
                touched.setdefault(rule.id, (rule, []))[1].append(measure)
        return sorted(touched.values(), key=lambda entry: entry[0].date)

    def border_moves(self) -> list[areas.Move]:
        """Return the kommuner that the county gained or lost between values that are compared."""
        pairs = [(self.parameters.before, self.parameters.after), *self.parameters.periods.values()]
        spans = [
            (window_start(first, rolling12=True), last.end)
            for first, last in (map(Period.parse, pair) for pair in pairs)
        ]
        return [
            move
            for move in areas.moves()
            if self.area in (move.left, move.joined)
            and any(first < move.date <= last for first, last in spans)
        ]

    def other_agreements(self) -> list[Agreement]:
        """Return the agreements for the whole country during the report, besides what is followed up."""
        before, after = self.parameters.before, self.parameters.after
        followed = self.intervention
        return [
            agreement
            for agreement in agreements_between(
                Period.parse(before), Period.parse(after), self.texts.agreements
            )
            if followed is None or agreement.id not in (followed.id, followed.part_of)
        ]

    def named_sources(self) -> set[str]:
        """Return the sources of the figures, rules, agreement and boundaries that the report names."""
        named = {BOUNDARIES, *self._read["source"], *(r.source for r, _ in self.rules())}
        named |= {r.source for kind in ("regel", "definition") for r in self.series_rules(kind)}
        named |= {agreement.source for agreement in self.other_agreements()}
        named |= {BORDER_CHANGES} if self.border_moves() else set()
        named |= {r.source for r in self.texts.remarks if r.own and r in self.remarks(r.topic)}
        return named | (self.intervention.sources if self.intervention else set())

    @property
    def _read(self) -> pd.DataFrame:
        """The figures without those that nothing in the report is worked out from.

        Such are measures with a number for one of the two times, a price index without costs, and
        other counties' series where those are too few to compare with.
        """
        figures = self.observations
        alone = {m for m in [*OUTCOMES, *COSTS] if m != SERIES and not self.has(m)}
        alone |= {KPI} if alone.issuperset(COSTS) else set()
        figures = figures[~figures["measure"].isin(alone)]
        of_others = (figures["measure"] == SERIES) & figures["area"].isin(areas.lan())
        of_others &= figures["area"] != self.area
        enough = figures.loc[of_others, "area"].nunique() + 1 >= FEWEST_COUNTIES
        return figures if enough else figures[~of_others]

    def yearly(self) -> list[Value]:
        """Return the county's December values of the series, none when too few or none from before."""
        values = [value for value in self.series(SERIES) if value.period.endswith("-12")]
        start = Period.parse(self.parameters.before).end
        begun = bool(values) and Period.parse(values[0].period).end <= start
        return values if begun and len(values) >= 3 else []

    def series_rules(self, kind: str) -> list[LawChange]:
        """Return the rules of a kind that touch the series and changed during it, oldest first."""
        if not self.yearly():
            return []
        first, last = (Period.parse(self.yearly()[i].period).end for i in (0, -1))
        return [
            rule
            for rule in self.texts.law_changes
            if SERIES in rule.measures and rule.kind == kind and first < rule.date <= last
        ]

    @property
    def comparisons(self) -> dict[str, Comparison]:
        """The county beside the country and the counties, by sex; empty without figures for most.

        In the first of `COUNTY_COMPARISONS` that has figures for both sexes together, else in the
        first that has them for women; women and men in the same measure as both together.
        """
        if self._comparisons is None:
            self._comparisons = self._compared_by_sex()
        return self._comparisons

    def _compared_by_sex(self) -> dict[str, Comparison]:
        for first in ("alla", "kvinnor"):
            for measure in COUNTY_COMPARISONS:
                if one := self._compared(measure, first):
                    others = {s: self._compared(measure, s) for s in SEXES if s != first}
                    found = {s: one if s == first else others[s] for s in SEXES}
                    return {sex: one for sex, one in found.items() if one}
        return {}

    def comparison(self) -> Comparison | None:
        """Return the comparison for both sexes together, or for women where there is only by sex."""
        return next(iter(self.compared), None)

    @property
    def compared(self) -> list[Comparison]:
        """What the counties are compared in: the headline measures that have figures, each for both sexes.

        Where there is none, the comparison of `comparisons` for both sexes together, or one for each.
        """
        found = self.comparisons
        both = [self._compared(measure, "alla") for measure in HEADLINE]
        of_cases = self._compared(ONGOING_RATE, "alla") or found.get("alla")
        named = [one for one in both if one]
        if of_cases and of_cases.county.after.measure not in HEADLINE:
            named.append(of_cases)
        return named or list(found.values())

    def _compared(self, measure: str, sex: str) -> Comparison | None:
        pair = self.periods(measure)
        found = compare(self.observations, measure, self.area, *pair, sex=sex) if pair else None
        return found if found and found.counties >= FEWEST_COUNTIES else None

    def remarks(self, topic: str) -> list[Remark]:
        """Return the remarks on a topic about the county's figures, without those of other years' series."""
        rows = self.observations
        of_the_report = rows["period"].isin(periods_in_use(self.parameters, SERIES))
        rows = rows[(rows["measure"] != SERIES) | of_the_report]
        read, measures = (set(rows[name]) for name in ("source", "measure"))
        return [
            remark
            for remark in self.texts.remarks
            if remark.topic == topic
            and remark.area == self.area
            and (remark.own or remark.source in read)
            and (remark.measure is None or remark.measure in measures)
        ]

    def value(
        self, measure: str, period: str, group: str = "", area: str | None = None
    ) -> Value | None:
        """Return one number for both sexes, None when it is not there."""
        return self._values.get((measure, area or self.area, period, "alla", group))

    def series(self, measure: str, area: str | None = None) -> list[Value]:
        """Return all numbers of a measure for both sexes, without groups, oldest first."""
        return list(self._series.get((measure, area or self.area), ()))


def _periods_of(observations: pd.DataFrame) -> dict[tuple[str, str], set[str]]:
    """Return the periods that each measure in each area has rows for."""
    found: dict[tuple[str, str], set[str]] = {}
    columns = (observations[name].tolist() for name in ("measure", "area", "period"))
    for measure, area, period in zip(*columns, strict=True):
        found.setdefault((measure, area), set()).add(period)
    return found


def open_report(
    lan: str,
    before: str,
    after: str,
    periods: dict[str, list[str]] | None = None,
    intervention: str = "",
    disclosure: dict[str, Any] | None = None,
    bundle: str = "",
) -> Followup:
    """Return the follow-up that a notebook shows.

    Args:
        lan: the county's two-digit code, as text.
        before: the earlier period, such as `2005-12`.
        after: the later period.
        periods: a measure's own two periods, where they differ.
        intervention: the id of the agreement or project.
        disclosure: the rule for small numbers in counts that a region keeps itself (see `Disclosure`).
        bundle: the folder that a batch wrote the figures to; empty to gather them here and now.

    Raises:
        VgstatsError: the parameters are not valid, there are no figures for them, or the bundle was
            made for others.
    """
    open_measures(bundle)
    values = {
        "lan": lan,
        "before": before,
        "after": after,
        "periods": periods or {},
        "intervention": intervention,
        "disclosure": disclosure or {},
    }
    parameters = checked(Parameters, values)
    return Followup(parameters, given_or_gathered(NAME, parameters, bundle))
