"""What a method takes: numbers, levels and columns, checked, and refused with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from vgstats.methods.result import NotComputable

_NOT_GIVEN = {"", ".", "..", "...", "-", "–"}  # what tables print for a number they do not give
Numbers = NDArray[np.float64]


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
    names = list(frame.columns)
    for column in wanted:
        many = names.count(column)
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
        if may_miss and wrong.any():
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
    names = list(values.dropna().unique())
    if len({str(name).strip() for name in names}) < len(names):
        different = pd.Series(names, dtype=object)
        texts = different.map(lambda name: str(name).strip())
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


def above_zero(value: Any, what: str) -> float:
    """Return one number; `what` is what a reason calls it.

    Raises:
        NotComputable: as `number_of`, or it is not above zero.
    """
    number = number_of(value, what)
    refuse(number <= 0, f"{what} inte är större än noll")
    return number


def multiplier_of(multiplier: float) -> float:
    """Return what a share or a rate is multiplied by, which is above zero."""
    return above_zero(multiplier, "multiplikatorn")


def refuse(bad: Any, because: str, **parts: float | str) -> None:
    """Raise NotComputable if anything is bad, naming the row when there are several.

    `parts` fill the gaps of the reason: a number that is not one of them is no fact, and no page may print it.
    Rows are counted from 1, by the index where there is one.
    """
    found = np.atleast_1d(np.asarray(bad, dtype=bool))
    if found.any():
        row = int(found.argmax())
        row = int(bad.index[row]) if isinstance(bad, pd.Series) else row
        where = f" på rad {row + 1}" if found.size > 1 else ""
        raise NotComputable(because + where, **parts)


def refuse_negative(frame: pd.DataFrame, columns: Sequence[str]) -> None:
    """Raise NotComputable if a number in one of the columns is below zero."""
    for column in columns:
        refuse(frame[column] < 0, f"värdet i kolumnen {shown(column)} är negativt")


def demand_counts(count: ArrayLike, base: ArrayLike, *, parts: bool) -> None:
    """Refuse counts that cannot be, and what they are counted on.

    Raises:
        NotComputable: a number is negative, `base` is zero, or `parts` is set and a count is larger than
            its whole; with several numbers the reason names the row.
    """
    count, base = (np.atleast_1d(np.asarray(numbers, dtype=float)) for numbers in (count, base))
    refuse(count < 0, "antalet är negativt")
    refuse(base <= 0, "antalet att räkna på är noll eller negativt")
    refuse(parts & (count > base), "delen är större än helheten")


def counted_on(events: float, of: float, *, parts: bool, table: str = "") -> tuple[float, float]:
    """Return one count and what it is counted on; `table` is the function for several of them.

    Raises:
        NotComputable: as `number_of` and `demand_counts`, or there are several numbers.
    """
    hint = f"; för en tabell finns `{table}`" if table else ""
    count = number_of(events, "antalet", hint)
    base = number_of(of, "antalet att räkna på", hint)
    demand_counts(count, base, parts=parts)
    return count, base
