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
from vgstats.facts.facts import Fact, count_fact
from vgstats.facts.text import Text, as_text, say
from vgstats.observations import SYNTHETIC


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


_NOT_GIVEN = {"", ".", "..", "...", "-", "–"}  # what tables print for a number they do not give


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
        raise NotComputable(f"{what} är text, inte ett tal: {value!r}")
    values = np.asarray(value, dtype=object)
    if values.size > 1:
        raise NotComputable(f"{what} är flera tal, inte ett{several}")
    one: Any = values.item() if values.size else None
    if _is_missing(one):
        raise NotComputable(f"{what} saknas eller är dolt")
    if not _is_number(one):
        raise NotComputable(f"{what} är inget tal: {one!r}")
    if np.isinf(float(one)):
        raise NotComputable(f"{what} är oändligt")
    return float(one)


def level_of(level: Any, what: str = "nivån") -> float:
    """Return the level of an interval; `what` is what a reason calls it.

    Raises:
        NotComputable: it is no number between 0 and 1; the reason names the parameter.
    """
    if isinstance(level, str):
        raise NotComputable(f"{what} är text, level={level!r}; skriv ett tal, som level=0.95")
    share = number_of(level, what)
    if not 0 < share < 1:
        raise NotComputable(
            f"{what} {shown(share)} inte ligger mellan 0 och 1; skriv den som level=0.95"
        )
    return share


def column_list(columns: str | Sequence[str]) -> list[str]:
    """Return the names of columns, each once; a single name is one column."""
    several: Any = (columns,) if isinstance(columns, str) or not np.iterable(columns) else columns
    return list(dict.fromkeys(several))


def numeric_columns(
    frame: pd.DataFrame,
    numbers: Sequence[str],
    *,
    key: str | Sequence[str] = (),
    may_miss: bool = False,
) -> pd.DataFrame:
    """Return the named columns of `frame`, the `numbers` as floats, rows numbered from 0.

    Numbers may be Python's, numpy's or decimals, or texts as Python writes them (1.5); a decimal comma
    is refused, since 1,234 may mean two things. With `may_miss` a missing number is NaN. A reason that
    names a row counts the first as 1.

    Raises:
        NotComputable: a column is missing or there twice; a number is missing, hidden, infinite or a
            text; a column of numbers holds dates; a key stands both as number and text, or on two rows.
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
    for column in keys:
        demand_one_spelling(found[column], column)
    for column in numbers:
        values = _floats(found[column], column)
        wrong = ~np.isfinite(values.to_numpy())
        if found[column].dtype.kind not in "iuf":
            wrong |= ~found[column].map(_is_number).to_numpy(dtype=bool)
        if may_miss:
            wrong &= ~found[column].map(_is_missing).to_numpy(dtype=bool)
        if wrong.any():
            row = int(wrong.argmax())
            where = _where(found, row, keys) or f"rad {row + 1}"
            raise NotComputable(_what_is_wrong(found.loc[row, column], column, where))
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


def _is_missing(value: Any) -> bool:
    """Return whether a cell is empty or holds a mark for a number that is not given."""
    if isinstance(value, str):
        return value.strip() in _NOT_GIVEN
    return np.ndim(value) == 0 and bool(pd.isna(value))


def _is_number(value: Any) -> bool:
    """Return whether a cell may be a number, as text too; what is true or false is none."""
    return isinstance(value, (str, Real, Decimal)) and not isinstance(value, bool)


def _what_is_wrong(value: Any, column: str, where: str) -> str:
    """Say why a cell gives no finite number, and what to do where the number is there."""
    cell = f"värdet i kolumnen {shown(column)}"
    if _is_missing(value):
        return f"{cell} saknas eller är dolt för {where}"
    if isinstance(value, str):
        return (
            f"{cell} är text, {shown(value)}, för {where}; gör om kolumnen till tal med decimalpunkt "
            "(vid inläsning: decimal=',')"
        )
    if not _is_number(value):
        return f"{cell} är inget tal, {value!r}, för {where}; rätta det eller lämna bort raden"
    return f"{cell} är oändligt för {where}; rätta det eller lämna bort raden"


def demand_one_spelling(values: pd.Series, column: str) -> None:
    """Refuse a name that stands both as number and text, such as 1 and "1", or with a space more."""
    if pd.api.types.is_numeric_dtype(values.dtype):
        return
    different = pd.Series(list(values.dropna().unique()), dtype=object)
    texts = different.map(lambda name: str(name).strip())
    if texts.duplicated().any():
        kinds = different[texts == texts[texts.duplicated()].iloc[0]]
        how = (
            "som tal och som text"
            if kinds.map(type).nunique() > 1
            else "med och utan mellanslag i början eller slutet"
        )
        raise NotComputable(
            f"samma namn står på två sätt, {how}, i kolumnen {shown(column)}: "
            f"{texts[kinds.index[0]]}; gör om hela kolumnen till text och ta bort sådana mellanslag"
        )


def _where(found: pd.DataFrame, row: int, keys: Sequence[str]) -> str:
    return ", ".join(f"{name} {shown(found.loc[row, name])}" for name in keys)
