"""What a difference in differences says: both groups' changes and the difference between them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from vgstats.facts.facts import Fact
from vgstats.facts.numbers import rounded
from vgstats.facts.text import Text, join, say
from vgstats.methods.result import Interval, Result

EXTRA_DECIMALS = 3


@dataclass(frozen=True)
class GroupChange:
    """The change of one group's mean: its size, its variance and the units it rests on."""

    name: str
    before: float
    after: float
    variance: float
    n_before: int
    n_after: int
    n_both: int

    @property
    def change(self) -> float:
        """The mean after minus the mean before."""
        return self.after - self.before


@dataclass(frozen=True, kw_only=True)
class DifferenceInDifferences(Result):
    """The change of the treated group's mean minus that of the other group's.

    `n` is the number of units that are used; `incomplete` units lack a value before or after: they
    are left out when `balanced`, and otherwise used with the value that they have.
    """

    interval: Interval
    treated: GroupChange
    other: GroupChange
    standard_error: float
    p: float
    balanced: bool
    incomplete: int

    def to_frame(self) -> pd.DataFrame:
        """Return one row: the columns of `Result.to_frame`, the standard error, p, both changes."""
        row = self._row() | {
            "standard_error": self.standard_error,
            "p": self.p,
            "treated_change": self.treated.change,
            "other_change": self.other.change,
        }
        return pd.DataFrame([row])

    def sentence(self) -> Text:
        """Return both changes, the difference between them and its interval.

        The numbers have as many decimals as it takes for the two changes to give the difference on
        a calculator. "Går inte att skilja från noll" stands where the printed interval holds zero.
        """
        return join([self._changes(), self._difference(), self._units()])

    def _changes(self) -> Text:
        own, others = self._both()
        return say(
            "Medelvärdet ändrades med {own:signed}{unit} i {treated} och med {others:signed}{unit} "
            "i {other}.",
            own=own,
            others=others,
            treated=self.treated.name,
            other=self.other.name,
            unit=f" {self.unit}" if self.unit else "",
        )

    def _both(self) -> tuple[Fact, Fact]:
        decimals = self._decimals()
        return (
            self.fact("ändring i gruppen", self.treated.change, decimals=decimals),
            self.fact("ändring i den andra", self.other.change, decimals=decimals),
        )

    def _difference(self) -> Text:
        low, high = (
            self.fact(f"{what} skillnad", value, decimals=self._decimals())
            for what, value in (("lägsta", self.interval.low), ("högsta", self.interval.high))
        )
        own, others = self._both()
        difference = float(own.printed() - others.printed())
        holds_zero = low.printed() <= 0 <= high.printed()
        return say(
            "Skillnaden mellan ändringarna är {x:signed}{unit} ({level} procents "
            "konfidensintervall {low:signed} till {high:signed}); {verdict}.",
            x=self.fact("skillnad mellan ändringar", difference, decimals=self._decimals()),
            unit=f" {self.unit}" if self.unit else "",
            level=self.fact("konfidensnivå", 100 * self.interval.level, "procent", 0),
            low=low,
            high=high,
            verdict="den går inte att skilja från noll" if holds_zero else "noll ligger utanför",
        )

    def _units(self) -> Text:
        rest = (
            "{k} saknar värde före eller efter och är inte med."
            if self.balanced
            else "{k} av dem saknar värde före eller efter och är med där värde finns."
        )
        return say(
            "{n} enheter ingår; " + rest,
            n=self.fact("enheter", self.n, "antal", 0),
            k=self.fact("enheter utan värde", self.incomplete, "antal", 0),
        )

    def _decimals(self) -> int:
        numbers = (self.treated.change, self.other.change, self.estimate)
        for decimals in range(self.decimals, self.decimals + EXTRA_DECIMALS):
            own, others, difference = (rounded(number, decimals) for number in numbers)
            if own - others == difference:
                return decimals
        return self.decimals + EXTRA_DECIMALS
