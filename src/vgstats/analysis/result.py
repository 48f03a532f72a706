"""What every result of an analysis has in common, and what to say when there can be none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from vgstats.errors import VgstatsError
from vgstats.observations import SYNTHETIC
from vgstats.wording.facts import Fact, count_fact
from vgstats.wording.text import Text, as_text, say


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
            made_up=self.source in SYNTHETIC,
        )


def spaced(unit: str) -> str:
    """Return a unit with the space before it, empty without a unit."""
    return f" {unit}" if unit else ""


def shown(value: Any) -> str:
    """Return a value from a table as a reader meets it: 'Ale', 2004, 20,5."""
    if isinstance(value, str):
        return f"'{value}'"
    if isinstance(value, (Real, Decimal)) and np.isfinite(float(value)):
        number = float(value)
        return str(int(number)) if number.is_integer() else repr(number).replace(".", ",")
    return "(tomt)" if np.ndim(value) == 0 and pd.isna(value) else str(value)


def number_of(value: Any, what: str, several: str = "") -> float:
    """Return one number as a float; `several` is added to the reason when there are many.

    Raises:
        NotComputable: it is missing, hidden, infinite, a text, or several numbers.
    """
    if isinstance(value, (str, bytes)):
        raise NotComputable(f"{what} är text, inte ett tal")
    values = np.asarray(value, dtype=object)
    if values.size > 1:
        raise NotComputable(f"{what} är flera tal, inte ett{several}")
    one = values.item() if values.size else None
    if not isinstance(one, (Real, Decimal)) or not np.isfinite(float(one)):
        raise NotComputable(f"{what} saknas eller är dolt")
    return float(one)


def column_list(columns: str | Sequence[str]) -> list[str]:
    """Return the names of columns, each once; a single name is one column."""
    several: Any = (columns,) if isinstance(columns, str) or not np.iterable(columns) else columns
    return list(dict.fromkeys(several))


def numeric_columns(
    frame: pd.DataFrame, numbers: Sequence[str], *, key: str | Sequence[str] = ()
) -> pd.DataFrame:
    """Return the named columns of `frame`, the `numbers` as floats, rows numbered from 0.

    A reason that names a row counts the first as 1.

    Raises:
        NotComputable: a column is missing or there twice, a number is missing, hidden or infinite,
            a column of numbers holds dates, or two rows have the same key.
    """
    keys = column_list(key)
    wanted = list(dict.fromkeys([*keys, *numbers]))
    for column in wanted:
        many = int((frame.columns == column).sum())
        if not many:
            raise NotComputable(
                f"kolumnen {shown(column)} saknas; kolumner: {', '.join(map(str, frame.columns))}"
            )
        if many > 1:
            raise NotComputable(f"det finns {many} kolumner med namnet {shown(column)}")
    found = frame.loc[:, wanted].reset_index(drop=True)
    for column in numbers:
        values = _floats(found[column], column)
        bad = ~np.isfinite(values.to_numpy())
        if bad.any():
            row = int(bad.argmax())
            where = _where(found, row, keys) or f"rad {row + 1}"
            raise NotComputable(
                f"värdet i kolumnen {shown(column)} saknas eller är dolt för {where}"
            )
        found[column] = values
    twice = found.duplicated(subset=keys).to_numpy() if keys else np.zeros(0, dtype=bool)
    if twice.any():
        raise NotComputable(f"{_where(found, int(twice.argmax()), keys)} står på två rader")
    return found


def _floats(values: pd.Series, column: str) -> pd.Series:
    if values.dtype.kind in "mM" or isinstance(values.dtype, pd.PeriodDtype):
        raise NotComputable(f"kolumnen {shown(column)} innehåller datum eller tider, inte tal")
    if values.dtype.kind == "c":
        raise NotComputable(f"kolumnen {shown(column)} innehåller komplexa tal")
    return pd.to_numeric(values, errors="coerce").astype(float)


def _where(found: pd.DataFrame, row: int, keys: Sequence[str]) -> str:
    return ", ".join(f"{name} {shown(found.loc[row, name])}" for name in keys)
