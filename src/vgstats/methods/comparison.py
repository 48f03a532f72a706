"""A county beside riket, the rest of the country and the other counties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import pandas as pd

from vgstats.catalogue import areas
from vgstats.catalogue.calibration import NOMINAL, IntervalRates, county_sizes, rates_of
from vgstats.catalogue.measures import INSURED
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import demand_order
from vgstats.errors import VgstatsError
from vgstats.facts.facts import Fact
from vgstats.facts.text import Text, join, say
from vgstats.methods.before_after import (
    DIRECTIONS,
    Change,
    change_facts,
    overlap_words,
    place_of,
    table_of,
    whose,
)
from vgstats.methods.guards import demand_same_definition
from vgstats.methods.like_start import LikeStart, far_out
from vgstats.methods.observed import demand_same_population, rest_among
from vgstats.methods.other_areas import AmongOthers, among_others
from vgstats.methods.result import NotComputable, Shown, tidy
from vgstats.observations import Key, Value, newest, rows_of

AT_AN_END = 5  # of the counties
_AT_THE_FALLS, _AT_THE_RISES = (
    f"bland de fem som {words}"
    for words in ("minskade mest eller ökade minst", "ökade mest eller minskade minst")
)
_PLACES = {
    **{(0, direction): "i mitten" for direction in DIRECTIONS},
    **{(-1, direction): _AT_THE_FALLS for direction in DIRECTIONS},
    **{(1, direction): _AT_THE_RISES for direction in DIRECTIONS},
    (-1, -1): "bland de fem största minskningarna",
    (1, 1): "bland de fem största ökningarna",
}


@dataclass(frozen=True)
class Comparison(Shown):
    """The change of a county beside others' over the same time; `n` is the counties with both values.

    `rank` 1 is the county with the largest fall in per cent, among the `counties` that have both
    values; `first_rank` and `last_rank` are the places that the values'
    rounding leaves open. `largest_fall` and `smallest_fall` are the ends of that order. `rest` is the country
    without the county, None when that cannot be worked out. `others` is the county beside the other
    counties' spread, in per cent; None where it cannot be computed, and `why_no_spread` says why.
    `start` is the county beside those of like starting level, where it began far from the others.
    """

    county: Change
    riket: Change
    rest: Change | None
    rank: int
    first_rank: int
    last_rank: int
    counties: int
    largest_fall: Change
    smallest_fall: Change
    others: AmongOthers | None
    why_no_spread: Text | str = ""
    start: LikeStart | None = None
    interval: ClassVar[None] = None  # that of `others` is about the other counties, not the country
    method: ClassVar = (
        "skillnad i procentuell ändring mellan länet och landet, med de andra länen bredvid"
    )
    unit: ClassVar = "procentenheter"

    @property
    def beside(self) -> Change:
        """The rest of the country, or riket where the rest cannot be worked out."""
        return self.rest or self.riket

    @property
    def estimate(self) -> float:
        """The county's change minus that of the rest of the country (or riket), in per cent."""
        return tidy(self.county.percent - self.beside.percent, 100)

    @property
    def direction(self) -> int:
        """-1 for a fall and 1 for a rise beyond what rounding leaves open, else 0."""
        return self.county.direction

    @property
    def end(self) -> int:
        """-1 where at most four other counties fell as much or more, 1 where at most four rose so, else 0.

        Counties that the rounding does not tell from this one count as beyond it.
        """
        if self.last_rank <= AT_AN_END:
            return -1
        return 1 if self.counties - self.first_rank < AT_AN_END else 0

    @property
    def stands_out(self) -> bool:
        """Whether the county lies outside the usual variation, where its limits are calibrated."""
        return self.others is not None and self.others.where == "utanför"

    def mark(self) -> Text:
        """Return direction and place in words, and `avviker mer än vanligt` where it `stands_out`.

        Nothing is called alike: what lies inside the usual variation just is not marked.
        """
        return say("{way}; {place}", way=DIRECTIONS[self.direction], place=self.place())

    def place(self) -> str:
        """Return `i mitten`, or among which five the county is, with `avviker mer än vanligt` where it `stands_out`."""
        words = [_PLACES[self.end, self.direction], *["avviker mer än vanligt"] * self.stands_out]
        return "; ".join(words)

    @property
    def place_words(self) -> str:
        """Return `bland de fem län där ...`, for a sentence on a county at an end."""
        which = (
            ("ökade mest", "minskade minst") if self.end > 0 else ("minskade mest", "ökade minst")
        )
        if self.end == self.direction:
            return f"bland de fem där talet {which[0]}"
        return f"bland de fem där talet {which[0]} eller {which[1]}"

    @property
    def n(self) -> int:
        """The counties with both values."""
        return self.counties

    @property
    def source(self) -> str:
        """The source of the county's later value."""
        return self.county.source

    def to_frame(self) -> pd.DataFrame:
        """Return a row each for the county, riket and the rest, columns as `Change.to_frame`."""
        return table_of([c for c in (self.county, self.riket, self.rest) if c])

    def sentence(self) -> Text:
        """Return the change of the county and the country, and the usual variation if there is one."""
        own, theirs = (change_facts(c).percent for c in (self.county, self.beside))
        country = say(
            "{whose} ändrades med {own:signed} procent i {county} och {theirs:signed} procent i {where}.",
            whose=whose(self.county.after),
            county=place_of(self.county.after),
            own=own,
            theirs=theirs,
            where="övriga landet" if self.rest else "riket",
        )
        first = [country, *overlap_words(self.county)]
        if self.others is None:
            why = say("Vanlig variation går inte att beräkna eftersom {w}.", w=self.why_no_spread)
            return join([*first, why])
        return join([*first, self.others.sentence()])


def county_changes(
    frame: pd.DataFrame, measure: str, before: str, after: str, sex: str = "alla", group: str = ""
) -> pd.DataFrame:
    """Return the change of every county that has both values, largest fall first.

    Columns as `Change.to_frame`, and `rank` (1 = largest fall in per cent; ties share the smaller
    and stand in the order of their codes).
    A county whose value before is zero has no change in per cent and is left out.

    Args:
        frame: observations, in the columns of the tidy table (measure, area, period, sex, group,
            value, resolution, status, source, retrieved).
        measure: the id of a measure in the catalogue.
        before: the earlier period.
        after: the later period.
        sex: alla, kvinnor or män.
        group: the group, such as diagnos=F00-F99; empty for the total.

    Raises:
        VgstatsError: there is no such measure, or `before` does not lie before `after`.

    >>> from vgstats import published
    >>> len(county_changes(published(), "pagaende_sjukfall", "2005", "2008"))
    21
    """
    measure_of(measure)
    demand_order(before, after)
    rows = rows_of(
        frame, measure=measure, area=areas.lan(), period=(before, after), sex=sex, group=group
    )
    return _ranked(newest(rows), measure, before, after, sex, group)


def _ranked(
    values: Mapping[Key, Value], measure: str, before: str, after: str, sex: str, group: str
) -> pd.DataFrame:
    """Return the change of every county from the numbers by their keys (see `county_changes`)."""
    pairs = (
        [values.get((measure, county, period, sex, group)) for period in (before, after)]
        for county in areas.lan()
    )
    table = table_of([Change(first, last) for first, last in pairs if first and last])
    table = table.dropna(subset="percent")
    table["rank"] = table["percent"].rank(method="min").astype(int)
    return table.sort_values(["percent", "area"], ignore_index=True)


def compare(
    frame: pd.DataFrame,
    measure: str,
    area: str,
    before: str,
    after: str,
    sex: str = "alla",
    group: str = "",
) -> Comparison | None:
    """Return a county beside riket, the rest and the other counties, or None without the figures.

    Args:
        frame: observations, in the columns of the tidy table (measure, area, period, sex, group,
            value, resolution, status, source, retrieved).
        measure: the id of a measure in the catalogue.
        area: the id of a county, such as lan:14.
        before: the earlier period.
        after: the later period.
        sex: alla, kvinnor or män.
        group: the group, such as diagnos=F00-F99; empty for the total.

    Raises:
        VgstatsError: there is no such measure, `area` is no county, or `before` does not lie before
            `after`.
        NotComputable: the county's or riket's value before is zero, or the values are rates that are
            counted per different populations (Försäkringskassan's insured, SCB's inhabitants).

    >>> from vgstats import published
    >>> found = compare(published(), "pagaende_sjukfall", "lan:14", "2005", "2008")
    >>> found.rank, found.counties
    (11, 21)
    """
    demand_order(before, after)
    measure_of(measure)
    if area not in areas.lan():
        raise VgstatsError(f"{area!r} is no county. Expected an id such as 'lan:14'.")
    rows = rows_of(frame, measure=(measure, INSURED), period=(before, after))
    values = newest(rows)

    def moved(place: str) -> Change | None:
        first, last = (values.get((measure, place, when, sex, group)) for when in (before, after))
        return Change(first, last) if first and last else None

    county, riket = moved(area), moved(areas.RIKET)
    if county is None or riket is None:
        return None
    if not county.before.value or not riket.before.value:
        raise NotComputable("värdet före är noll")
    if not measure_of(measure).additive:
        demand_same_population(v.source for c in (county, riket) for v in (c.before, c.after))
    first, last = (
        rest_among(values, (measure, area, when, sex, group)) for when in (before, after)
    )
    table = _ranked(values, measure, before, after, sex, group)
    largest, smallest = (moved(table["area"].iloc[place]) for place in (0, -1))
    assert largest and smallest  # noqa: S101 - the table is of those that have both values
    spread, why = _spread(table, county)
    return Comparison(
        county=county,
        riket=riket,
        rest=Change(first, last) if first and last else None,
        rank=int(table.set_index("area").loc[area, "rank"]),
        first_rank=1 + int((table["percent_high"] < county.percent_band.low).sum()),
        last_rank=int((table["percent_low"] <= county.percent_band.high).sum()),
        counties=len(table),
        largest_fall=largest,
        smallest_fall=smallest,
        others=spread,
        why_no_spread=why,
        start=_start(table, county),
    )


def _start(table: pd.DataFrame, county: Change) -> LikeStart | None:
    """Return a county that began far out beside its likes; never in counts, which differ by population."""
    value = county.after
    measure = measure_of(value.measure)
    if measure.additive:
        return None
    return far_out(
        table,
        value.area,
        unit=measure.unit,
        decimals=measure.decimals,
        source=value.source,
        about=_about(county),
    )


def _spread(table: pd.DataFrame, county: Change) -> tuple[AmongOthers | None, Text | str]:
    """Return the county beside the others' spread, its interval only where it can be trusted."""
    area, value = county.after.area, county.after
    year = int(county.before.period[:4])
    try:
        demand_same_definition(value.measure, county.before.period, value.period)
        found = among_others(
            table.assign(size=table["area"].map(county_sizes(year))),
            area,
            change="percent",
            size="size",
            decimals=change_facts(county).percent.decimals,
            source=value.source,
            about=_about(county),
        )
    except NotComputable as reason:
        return None, reason.reason
    if found.n < len(areas.lan()):
        return found.without_interval(_why_not_all(found)), ""
    rates = rates_of(area, year)
    if rates.trusted:
        return found.widened(rates.widen), ""
    return found.without_interval(_why_not(area, rates)), ""


def _about(change: Change) -> str:
    """Return what tells the numbers of one change from those of others on a page."""
    value = change.after
    parts = (value.measure, value.area, change.before.period, value.period, value.sex, value.group)
    return "|".join(parts)


def _why_not_all(found: AmongOthers) -> Text:
    return say(
        "Var gränsen för vanlig variation går skrivs inte ut: den är prövad för alla {all} län, och här "
        "har {n} län värden.",
        all=found.count("alla län", len(areas.lan())),
        n=found.count("län med värden", found.n),
    )


def _why_not(area: str, rates: IntervalRates) -> Text:
    low, high = (
        Fact(f"falska utslag, {what}|{area}", rate, "procent", 0, "model")
        for what, rate in (("minst", rates.lowest), ("mest", rates.highest))
    )
    return say(
        "Var gränsen för vanlig variation går skrivs inte ut för {area}: länets storlek skiljer sig så "
        "mycket från de andras att gränsen i simuleringar pekar ut länet mellan {low} och {high} gånger "
        "av hundra när ingenting skiljer länen åt, mot avsedda {aim}.",
        area=areas.name(area),
        low=low,
        high=high,
        aim=Fact("falska utslag|avsedda", NOMINAL, "procent", 0, "model"),
    )
