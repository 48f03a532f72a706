"""What every result of an analysis has in common, and what to say when there can be none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from vgstats.errors import VgstatsError
from vgstats.observations import DEMO
from vgstats.wording.facts import Fact
from vgstats.wording.text import Text


class NotComputable(VgstatsError):  # noqa: N818 - a stated reason, not a fault of the program
    """There is no answer in these figures. `because` says why in Swedish, for a report to print."""

    def __init__(self, because: str) -> None:
        super().__init__(f"Går inte att beräkna eftersom {because}.")
        self.because = because


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


class Sayable(Protocol):
    """What every result can do: be read as numbers, as a frame and as a sentence."""

    @property
    def estimate(self) -> float: ...  # noqa: D102
    @property
    def interval(self) -> Band | None: ...  # noqa: D102
    @property
    def method(self) -> str: ...  # noqa: D102
    @property
    def n(self) -> int: ...  # noqa: D102
    @property
    def unit(self) -> str: ...  # noqa: D102
    @property
    def source(self) -> str: ...  # noqa: D102

    def to_frame(self) -> pd.DataFrame: ...  # noqa: D102
    def sentence(self) -> Text: ...  # noqa: D102


@dataclass(frozen=True, kw_only=True)
class Result:
    """An estimate with its interval, and what a reader needs to judge it.

    `method` names the method and where it is described; `n` is how many areas, persons or years it
    rests on; `decimals` is how exactly it is printed; `about` tells its numbers from those of other
    results on the same page.
    """

    estimate: float
    interval: Band | None
    method: str
    n: int
    unit: str = ""
    source: str = ""
    decimals: int = 1
    about: str = ""

    def sentence(self) -> Text:
        """Return the result in plain Swedish."""
        raise NotImplementedError

    def to_frame(self) -> pd.DataFrame:
        """Return the result as one row: estimate, low, high, level, method, n, unit, source."""
        return pd.DataFrame([self._row()])

    def _row(self) -> dict[str, object]:
        ends = asdict(self.interval) if self.interval else {}
        return {
            "estimate": self.estimate,
            "low": ends.get("low"),
            "high": ends.get("high"),
            "level": ends.get("level"),
            "method": self.method,
            "n": self.n,
            "unit": self.unit,
            "source": self.source,
        }

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
            made_up=self.source == DEMO,
        )


def spaced(unit: str) -> str:
    """Return a unit with the space before it, empty without a unit."""
    return f" {unit}" if unit else ""


def numeric_columns(
    frame: pd.DataFrame, numbers: Sequence[str], *, key: Sequence[str] = ()
) -> pd.DataFrame:
    """Return the named columns of `frame`, the `numbers` as floats, rows numbered from 0.

    Raises:
        NotComputable: a column is missing, a number is missing, hidden or infinite, or two rows
            have the same key.
    """
    absent = [column for column in [*key, *numbers] if column not in frame.columns]
    if absent:
        raise NotComputable(
            f"kolumnen {absent[0]!r} saknas; kolumner: {', '.join(map(str, frame.columns))}"
        )
    found = frame.loc[:, list(dict.fromkeys([*key, *numbers]))].reset_index(drop=True)
    for column in numbers:
        values = pd.to_numeric(found[column], errors="coerce").astype(float)
        bad = ~np.isfinite(values.to_numpy())
        if bad.any():
            row = int(bad.argmax())
            where = ", ".join(f"{name} {found.loc[row, name]!r}" for name in key) or f"rad {row}"
            raise NotComputable(f"värdet i kolumnen {column!r} saknas eller är dolt för {where}")
        found[column] = values
    if key:
        twice = found.duplicated(subset=list(key))
        if twice.any():
            row = int(twice.to_numpy().argmax())
            where = ", ".join(f"{name} {found.loc[row, name]!r}" for name in key)
            raise NotComputable(f"{where} står på två rader")
    return found
