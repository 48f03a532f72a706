"""Money: in fixed prices, per person, and the agreement's grants."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from vgstats.catalogue import areas
from vgstats.facts.facts import Fact, scale_of
from vgstats.facts.text import Text, say
from vgstats.methods.arguments import above_zero, number_of
from vgstats.methods.before_after import Change, exact_band
from vgstats.methods.result import (
    Band,
    NotComputable,
    Result,
    difference_of,
    percent,
    percent_band,
    tidy,
)
from vgstats.observations import Value, newest, one, rows_of

KPI = "kpi"
MONTHS_OF_YEAR = 12
GUARANTEED = "del=garanterad"


@dataclass(frozen=True, kw_only=True)
class PriceChange(Result):
    """A change in money with the earlier amount lifted to the later year's prices.

    `estimate` is the difference in the later year's prices and `interval` the band that rounding of
    the amounts leaves. `before` and `after` are both in those prices; `percent` is their change.
    """

    what: str
    prices_of: str
    before: float
    after: float
    percent: float
    percent_band: Band

    def to_frame(self) -> pd.DataFrame:
        """Return one row: as `Result.to_frame`, both amounts and per cent."""
        return super().to_frame().assign(before=self.before, after=self.after, percent=self.percent)

    def sentence(self) -> Text:
        """Return both amounts in the later year's prices, and the band of the change in per cent."""
        amounts = self.say(
            "{what} i {prices_of} års priser: från {before} till {after} {unit}",
            before=self.fact("före, fasta priser", self.before),
            after=self.fact("efter, fasta priser", self.after),
        )
        if self.way:
            return say("{amounts}, en {by}.", amounts=amounts, by=self.by("minskning", "ökning"))
        low, high = self._ends()
        return say(
            "{amounts}. Avrundningen i källan lämnar mellan {low:signed} och {high:signed} procent, "
            "så det går inte att säga åt vilket håll det gick.",
            amounts=amounts,
            low=low,
            high=high,
        )

    @property
    def way(self) -> int:
        """-1 for a fall and 1 for a rise beyond what rounding leaves open, else 0."""
        low, high = (end.printed() for end in self._ends())
        return 0 if low * high <= 0 else -1 if high < 0 else 1

    def by(self, fell: str, rose: str) -> Text:
        """Return the word for the way it went with the band in per cent, such as `sjönk med mellan 27 och 29 procent`.

        Args:
            fell: the word for a fall.
            rose: that for a rise.
        """
        near, far = sorted(self._ends(), key=lambda fact: abs(fact.printed()))
        word = fell if self.way < 0 else rose
        if near.text() == far.text():
            return say("{word} med {far:abs} procent", word=word, far=far)
        form = "{word} med mellan {near:abs} och {far:abs} procent"
        return say(form, word=word, near=near, far=far)

    def _ends(self) -> tuple[Fact, Fact]:
        low, high = self.both_ends(
            "procent {}, fasta priser", self.percent_band, "procent", 0
        ).values()
        return low, high


def price_index(frame: pd.DataFrame, year: str) -> float:
    """Return the KPI of a year: its published value, or the mean of its twelve months.

    Args:
        frame: observations with the measure `kpi` for riket.
        year: four digits.

    Raises:
        NotComputable: the year has no value and not all of its months.

    >>> months = [("kpi", "riket", f"2004-{m:02}", "alla", "", 278.0 + m, 0.01, "ok", "scb-kpi", "")
    ...           for m in range(1, 13)]
    >>> from vgstats.observations import COLUMNS
    >>> price_index(pd.DataFrame(months, columns=COLUMNS), "2004")
    284.5
    """
    whole = one(frame, KPI, areas.RIKET, year)
    if whole and whole.value > 0:
        return whole.value
    months = [one(frame, KPI, areas.RIKET, f"{year}-{m:02}") for m in range(1, MONTHS_OF_YEAR + 1)]
    known = [value.value for value in months if value and value.value > 0]
    if len(known) < MONTHS_OF_YEAR:
        raise NotComputable(f"konsumentprisindex för {year} saknas")
    return sum(known) / MONTHS_OF_YEAR


def fixed_prices(change: Change, index_before: float, index_after: float, what: str) -> PriceChange:
    """Return a change in money in the later year's prices.

    before · index_after / index_before, where the index is SCB's konsumentprisindex (KPI), yearly
    mean of the fixed figures. The index is taken as exact.

    Args:
        change: the change in running prices.
        index_before: the index of the earlier year.
        index_after: the index of the later year.
        what: what the money is, for the sentence.

    Raises:
        NotComputable: an index is not above zero, or the earlier amount may have been zero.

    >>> from vgstats import published
    >>> from vgstats.methods.observed import change
    >>> cost = change(published(), "kostnad_sa", "lan:14", "2004", "2007")
    >>> fixed_prices(cost, 100, 105, "Kostnaden").prices_of
    '2007'
    """
    index_before, index_after = (
        above_zero(index, "prisindex") for index in (index_before, index_after)
    )
    scale, lift = scale_of(change.after), index_after / index_before
    early, late = exact_band(change.before), exact_band(change.after)
    if early.low <= 0:
        raise NotComputable("beloppet före är noll eller mindre än sin egen avrundning")
    lifted = Band(early.low * lift, early.high * lift)
    moved = difference_of(lifted, late)
    before, after = change.before.value * lift, change.after.value
    return PriceChange(
        estimate=tidy(after - before, after, before) * scale.factor,
        interval=Band(moved.low * scale.factor, moved.high * scale.factor),
        method="konsumentprisindex, beloppet före räknat upp till det senare årets priser; spannet är avrundning",
        n=1,
        unit=scale.unit,
        source=change.after.source,
        decimals=scale.decimals,
        about=f"{change.after.measure}|{change.after.area}|{change.before.period}|{change.after.period}",
        what=what,
        prices_of=change.after.period[:4],
        before=before * scale.factor,
        after=after * scale.factor,
        percent=percent(before, after),
        percent_band=percent_band(lifted, late),
    )


def per_person(amount: Value, persons: Value, *, factor: float = 1_000_000) -> float:
    """Return an amount per person, in kronor when the amount is in millions.

    Args:
        amount: the money, in the unit of its measure.
        persons: the persons of the same area, year and sex.
        factor: how many kronor one unit of the amount is.

    Raises:
        NotComputable: the persons are not of the same area, year and sex, or there are none.

    >>> key = ("lan:14", "2007", "alla", "")
    >>> money = Value("kostnad_sa", *key, 100.0, 1.0, "ok", "eget")
    >>> per_person(money, Value("forsakrade", *key, 50_000.0, 1.0, "ok", "eget"))
    2000.0
    """
    if persons.area != amount.area or persons.period[:4] != amount.period[:4]:
        raise NotComputable(
            f"antalet personer gäller {persons.area} {persons.period} och beloppet {amount.area} "
            f"{amount.period}"
        )
    if persons.sex != amount.sex:
        raise NotComputable(f"antalet personer gäller {persons.sex} och beloppet {amount.sex}")
    money = number_of(amount.value, "beloppet") * number_of(factor, "faktorn (factor)")
    return money / above_zero(persons.value, "antalet personer")


@dataclass(frozen=True)
class Grant:
    """What a county earned in one year, in the unit of the measure, and when it was paid out."""

    total: Value
    guaranteed: Value
    paid: int

    @property
    def earned(self) -> int:
        """The calendar year in which the grant was earned."""
        return int(self.total.period)

    @property
    def variable(self) -> float:
        """The part that depended on the outcome, total minus guaranteed."""
        return tidy(self.total.value - self.guaranteed.value, self.total.value)


def grants(frame: pd.DataFrame, measure: str, area: str, paid_years_later: int) -> list[Grant]:
    """Return a county's grants by year earned, oldest first.

    Years without both the total and the guaranteed part are left out.
    """
    values = newest(rows_of(frame, measure=measure, area=area, sex="alla"))
    totals = sorted(key[2] for key in values if key[4] == "")
    found = []
    for year in totals:
        total = values[measure, area, year, "alla", ""]
        guaranteed = values.get((measure, area, year, "alla", GUARANTEED))
        if guaranteed:
            found.append(Grant(total, guaranteed, int(year) + paid_years_later))
    return found
