"""What every result of an analysis has in common: its band, and what to say when there can be none."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from string import Formatter
from typing import TypedDict

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from vgstats.catalogue.words import area_words
from vgstats.errors import VgstatsError as VgstatsError
from vgstats.facts.facts import Fact, count_fact
from vgstats.facts.text import Text, as_text, say
from vgstats.observations import SYNTHETIC
from vgstats.observations import Value as Value
from vgstats.observations import one as one
from vgstats.observations import select as select

_FIGURES = 14  # no published number has so many; binary noise begins beyond the fifteenth


class NotComputable(VgstatsError):  # noqa: N818 - a stated reason, not a fault of the program
    """There is no answer in these figures. `reason` says why in Swedish, for a report to print.

    `because` is the same in plain words. Its gaps, where there are any, are filled with the counts,
    facts and names given, so that a report prints the numbers as facts.
    """

    def __init__(self, because: str, **parts: float | str | Fact) -> None:
        filling = {
            name: part
            if isinstance(part, (str, Fact))
            else count_fact(f"skäl, {name}|{because}", part)
            for name, part in parts.items()
        }
        self.reason = say(because, **filling) if parts else as_text(because)
        self.because = self.reason.plain()
        super().__init__(f"Går inte att beräkna eftersom {self.because}.")

    def __reduce__(self) -> tuple[type[VgstatsError], tuple[str]]:
        return type(self), (self.because,)


ENDS = ("lägst", "högst")  # what the two ends of a band are called in the ids of their facts


@dataclass(frozen=True)
class Band:
    """The lowest and the highest value that rounded figures leave open."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Return whether a value lies inside, the ends counted."""
        return self.low <= value <= self.high


@dataclass(frozen=True)
class Interval(Band):
    """An interval of confidence or of prediction; the result's `method` says which."""

    level: float = 0.95


class Labels(TypedDict, total=False):
    """What a result is told about its numbers, and does not work out."""

    unit: str
    source: str
    decimals: int
    about: str


class Shown:
    """What has a sentence and a frame shows both: in JupyterLab as they are, in a terminal as text."""

    def sentence(self) -> Text:
        """Return what was found in plain Swedish."""
        raise NotImplementedError

    def to_frame(self) -> pd.DataFrame:
        """Return the numbers."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        said, frame = self.sentence(), self.to_frame()
        return {
            "text/html": f"<p>{said.html()}</p>\n{frame.to_html(index=False)}",
            "text/plain": f"{said.plain()}\n\n{frame.to_string(index=False)}",
        }


@dataclass(frozen=True, kw_only=True)
class Result(Shown):
    """An estimate with its interval, and what a reader needs to judge it.

    `method` names the method and where it is described; `n` is how many areas, persons or years it
    rests on; `decimals` is how exactly it is printed; `about` tells its numbers from those of other
    results on the same page.
    """

    estimate: float
    method: str
    n: int
    interval: Band | None = None
    unit: str = ""
    source: str = ""
    decimals: int = 1
    about: str = ""

    def to_frame(self) -> pd.DataFrame:
        """Return the result as one row: estimate, low, high, level, method, n, unit, source."""
        ends = {"low": None, "high": None, "level": None}
        ends |= asdict(self.interval) if self.interval else {}
        return pd.DataFrame([{"estimate": self.estimate, **ends, **self._about()}])

    def _about(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in ("method", "n", "unit", "source")}

    def fact(
        self, what: str, value: float, unit: str | None = None, decimals: int | None = None
    ) -> Fact:
        """Return one of the result's numbers for a sentence or a table."""
        return Fact(
            f"{what}|{self.about}",
            float(value),
            self.unit if unit is None else unit,
            self.decimals if decimals is None else decimals,
            "model",
            made_up=self.source in SYNTHETIC,
        )

    def count(self, what: str, value: float) -> Fact:
        """Return a number of things for a sentence, printed without decimals."""
        return self.fact(what, value, "antal", 0)

    def counted(self, what: str, value: float, unit: str = "antal") -> Fact:
        """Return a number that is printed without decimals if it is whole, else with one."""
        return self.fact(what, value, unit, 0 if float(value).is_integer() else 1)

    def level_fact(self, level: float) -> Fact:
        """Return a level as a number of per cent: 95 or 99,8."""
        percent = round(100 * level, 6)
        return self.counted(f"nivå {percent:g}", percent, "procent")

    def both_ends(
        self, what: str, band: Band, unit: str | None = None, decimals: int | None = None
    ) -> dict[str, Fact]:
        """Return the `low` and `high` end of a band for a sentence; `what` has a gap for lägst and högst."""
        low, high = (what.replace("{}", end) for end in ENDS)
        return {
            "low": self.fact(low, band.low, unit, decimals),
            "high": self.fact(high, band.high, unit, decimals),
        }

    @property
    def spaced_unit(self) -> str:
        """The unit with the space before it, empty without a unit."""
        return spaced(self.unit)

    def say(self, template: str, **parts: Fact | str | Text) -> Text:
        """Return a Text; a gap that no part fills is filled with what the result calls so: {unit}, {kind}."""
        gaps = {gap for _, gap, _, _ in Formatter().parse(template) if gap}
        return say(template, **{gap: getattr(self, gap) for gap in gaps - parts.keys()}, **parts)


@dataclass(frozen=True, kw_only=True)
class ResultOfAreas(Result):
    """A result about one area among others, or about all; `kind` is what they are, in the plural."""

    kind: str = "områden"

    @property
    def all_areas(self) -> str:
        """All of them, in definite form: länen."""
        return area_words(self.kind).all

    @property
    def the_area(self) -> str:
        """The one, in definite form: länet."""
        return area_words(self.kind).the_one


def spaced(unit: str) -> str:
    """Return a unit with the space before it, empty without a unit."""
    return f" {unit}" if unit else ""


def places_that_agree(agree: Callable[[int], bool], fewest: int, most: int) -> int:
    """Return the fewest decimals with which printed numbers agree on a calculator, `most` if none do."""
    return next((places for places in range(fewest, most) if agree(places)), most)


def tidy(number: float, *of: float) -> float:
    """Return a number without the noise that binary fractions leave in sums: 36.8 - 42.9 is -6.1.

    What is left is right to fourteen figures of the largest of the numbers `of` which it was made, so
    that a difference of nothing is 0.
    """
    largest = max(map(abs, (number, *of)))
    if not (largest and math.isfinite(largest)):
        return float(number)
    return round(float(number), _FIGURES - math.ceil(math.log10(largest))) + 0.0


def rounded_from(value: float, unit: float, lowest: float = 0.0, highest: float = math.inf) -> Band:
    """Return the exact numbers that a number rounded to `unit` may stand for.

    A number that is possible stands for possible ones: what lies within `lowest` and `highest` was
    not rounded from beyond them.
    """
    value, unit = float(value), float(unit)
    low, high = (tidy(value + half, value, unit) for half in (-unit / 2, unit / 2))
    return Band(
        max(low, lowest) if value >= lowest else low,
        min(high, highest) if value <= highest else high,
    )


def difference_of(before: Band, after: Band) -> Band:
    """Return the differences, after minus before, that two bands allow."""
    return Band(
        tidy(after.low - before.high, after.low, before.high),
        tidy(after.high - before.low, after.high, before.low),
    )


def percent(before: float, after: float) -> float:
    """Return the change from `before` to `after` in per cent; NaN when `before` is zero."""
    return tidy(100 * (after / before - 1), 100) if before else math.nan


def percent_band(before: Band, after: Band) -> Band:
    """Return the changes in per cent that two bands of positive values allow.

    NaN when the band before reaches zero: the per cent has no bound then.
    """
    if before.low <= 0:
        return Band(math.nan, math.nan)
    return Band(percent(before.high, after.low), percent(before.low, after.high))


def lowest_change(unit: str, changes: ArrayLike) -> float:
    """Return the lowest change that is possible: nothing falls by more than 100 per cent.

    Changes that go lower show that the numbers may be negative, and then there is no lowest.
    """
    possible = (
        unit.strip().casefold() in ("procent", "%")
        and np.min(np.asarray(changes, dtype=float)) >= -100
    )
    return -100.0 if possible else -math.inf
