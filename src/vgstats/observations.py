"""The tidy table: one row is one published number."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgstats.catalogue.areas import all_areas, find
from vgstats.catalogue.measures import catalogue
from vgstats.catalogue.periods import Period
from vgstats.errors import VgstatsError, nearest

KEY = ["measure", "area", "period", "sex", "group"]
COLUMNS = [*KEY, "value", "resolution", "status", "source", "retrieved"]
DIMENSIONS = {
    "alder", "arbetsgivare", "beslut", "bransch", "dag", "del", "diagnos", "enhet", "fel", "forman", "grad", "insats",
    "instans", "langd", "område", "organisation", "roll", "sektor", "specialitet", "sysselsättning", "villkor",
}  # fmt: skip
DEMO = "demo"  # the source of synthetic figures such as an authority publishes
DEMO_OWN = "demo-own"  # the source of synthetic counts such as a region keeps
DEMO_CASES = ("demo-intyg", "demo-intyg-matt")  # the sources of what made-up certificates give
OF_CERTIFICATES = "cases of certificates"  # how a store knows what was counted of them
SYNTHETIC = (DEMO, DEMO_OWN, *DEMO_CASES)
SEXES = ("alla", "kvinnor", "män")
STATUSES = ("ok", "nil", "suppressed", "missing", "ambiguous", "noisy", "derived")
WITH_VALUE = ("ok", "nil", "ambiguous", "noisy", "derived")


@dataclass(frozen=True)
class Value:
    """One published number with its key, rounding unit and source."""

    measure: str
    area: str
    period: str
    sex: str
    group: str
    value: float
    resolution: float
    status: str
    source: str

    def _repr_html_(self) -> str:
        return str(pd.DataFrame([vars(self)]).to_html(index=False))


Key = tuple[str, str, str, str, str]


def is_period(text: str) -> bool:
    """Return whether a text is a year, quarter, month or day (see `Period`)."""
    try:
        Period.parse(text)
    except VgstatsError:
        return False
    return True


def as_categories(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with every text column as a categorical, which repeated texts are cheap in."""
    texts = [column for column in COLUMNS if column not in ("value", "resolution")]
    kinds = {c: "category" for c in texts if not isinstance(frame[c].dtype, pd.CategoricalDtype)}
    return frame.astype(kinds) if kinds else frame


def no_rows(columns: Sequence[str]) -> pd.DataFrame:
    """Return an empty table of texts and, for values and what they are rounded to, floats."""
    kinds = {c: float if c.endswith(("value", "resolution")) else str for c in columns}
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})


def keys_as_numbers(rows: pd.DataFrame, columns: Sequence[str]) -> np.ndarray:
    """Return one number a row, equal where the rows agree in all the categorical columns."""
    key = np.zeros(len(rows), dtype=np.int64)
    for column in columns:
        texts = rows[column].cat
        key = key * (len(texts.categories) + 1) + texts.codes.to_numpy().astype(np.int64)
    return key


def select(
    frame: pd.DataFrame,
    *,
    measure: str | Iterable[str] | None = None,
    area: str | Iterable[str] | None = None,
    period: str | Iterable[str] | None = None,
    sex: str | Iterable[str] | None = None,
    group: str | Iterable[str] | None = None,
) -> pd.DataFrame:
    """Return the rows with the given keys, in the order of the table.

    Each argument is one text, several, or None for all. `group=""` selects the totals.

    Args:
        frame: observations, in the columns of the tidy table (measure, area, period, sex, group,
            value, resolution, status, source, retrieved).
        measure: one id, several, or None for all.
        area: one id, several, or None for all.
        period: one period, several, or None for all.
        sex: one, several, or None for all.
        group: one, several, or None for all; empty for the totals.

    Raises:
        VgstatsError: the table lacks a column that is asked for, a name is unknown (the nearest is named), or there
            are no such rows (what there is is named). Where some of several names have no rows, a warning says which.

    >>> rows = [("ohalsotal", "lan:14", "2008-12", "alla", "", 36.8, 0.1, "ok", "eget", "2026-01-31")]
    >>> frame = pd.DataFrame(rows, columns=COLUMNS)
    >>> len(select(frame, measure="ohalsotal", area="lan:14"))
    1
    """
    given = {"measure": measure, "area": area, "period": period, "sex": sex, "group": group}
    asked = {
        column: [values] if isinstance(values, str) else list(values)
        for column, values in given.items()
        if values is not None
    }
    demand_columns(frame, asked)
    found = frame
    for column, names in asked.items():
        there = sorted(set(found[column].dropna().astype(str)))
        for name in names:
            if name not in there and not _is_name(column, name):
                known = {*frame[column].dropna().astype(str), *_names(column)}
                hint = _id_hint(column, name) or nearest(str(name), known)
                raise VgstatsError(f"There is no {column} {name!r}.{hint} {_has(there)}")
        found = rows_of(found, **{column: names})
        if found.empty:
            raise VgstatsError(
                f"There are no rows with {column} {' or '.join(map(repr, names))}. {_has(there)}"
            )
        if lacking := [name for name in names if name not in there]:
            warnings.warn(
                f"There are no rows with {column} {', '.join(map(repr, lacking))}.", stacklevel=2
            )
    return found.reset_index(drop=True)


_MOST_NAMED = 12


def _id_hint(column: str, name: str) -> str:
    """Return the id of an area that is called by its name."""
    try:
        return f" Its id is {find(name)!r}." if column == "area" else ""
    except VgstatsError:
        return ""


def _has(there: Sequence[str]) -> str:
    more = f" and {len(there) - _MOST_NAMED} more" if len(there) > _MOST_NAMED else ""
    return f"The rows so far have: {', '.join(map(repr, there[:_MOST_NAMED]))}{more}."


def _names(column: str) -> Iterable[str]:
    known: dict[str, Iterable[str]] = {
        "measure": catalogue(),
        "area": all_areas().index,
        "sex": SEXES,
    }
    return known.get(column, ())


def _is_name(column: str, name: str) -> bool:
    return column == "group" or (is_period(name) if column == "period" else name in _names(column))


def rows_of(
    frame: pd.DataFrame,
    *,
    measure: str | Iterable[str] | None = None,
    area: str | Iterable[str] | None = None,
    period: str | Iterable[str] | None = None,
    sex: str | Iterable[str] | None = None,
    group: str | Iterable[str] | None = None,
) -> pd.DataFrame:
    """Return the rows with the given keys, none where there are none (see `select`)."""
    wanted = {"measure": measure, "area": area, "period": period, "sex": sex, "group": group}
    demand_columns(frame, [column for column, values in wanted.items() if values is not None])
    keep = np.ones(len(frame), dtype=bool)
    for column, values in wanted.items():
        if values is not None:
            found = (
                frame[column] == values
                if isinstance(values, str)
                else frame[column].isin(list(values))
            )
            keep &= found.to_numpy(dtype=bool, na_value=False)
    return frame.take(np.flatnonzero(keep)).reset_index(drop=True)


def newest(frame: pd.DataFrame) -> dict[Key, Value]:
    """Return every number in the table by its key, the newest vintage of each.

    A row that is marked suppressed or missing counts as none.

    Raises:
        VgstatsError: a column is missing, a value or its rounding unit is no number, or one source
            gives a number twice, differently, as retrieved at the same time.
    """
    demand_columns(frame, COLUMNS)
    rows = frame[frame["value"].notna()].sort_values("retrieved", kind="stable")
    rows = rows.assign(**{column: _numbers(rows, column) for column in ("value", "resolution")})
    _refuse_two_values(rows)
    names = list(Value.__dataclass_fields__)
    columns = (rows[name].tolist() for name in names)
    values = (Value(*row) for row in zip(*columns, strict=True))
    return {(v.measure, v.area, v.period, v.sex, v.group): v for v in values}


def demand_columns(frame: pd.DataFrame, columns: Iterable[str]) -> None:
    """Refuse a table that lacks a column of the tidy table.

    Raises:
        VgstatsError: it does; the message says which and what stands there.
    """
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise VgstatsError(
            f"The table has no column {missing[0]!r}; it has: {', '.join(map(str, frame.columns))}. "
            f"Add it, such as {_EXAMPLES.get(missing[0], 'the source has it')}."
        )


_EXAMPLES = {
    "measure": "'ohalsotal'", "area": "'lan:14'", "period": "'2008-12'", "sex": "'alla'",
    "group": "'' for the total", "value": "36.8", "resolution": "0.1, the unit that values are rounded to",
    "status": "'ok'", "source": "'eget'", "retrieved": "'2026-01-31', a day",
}  # fmt: skip


def _numbers(rows: pd.DataFrame, column: str) -> pd.Series:
    numbers = pd.to_numeric(rows[column], errors="coerce").astype(float)
    bad = ~np.isfinite(numbers.to_numpy())
    if bad.any():
        first = rows.iloc[int(bad.argmax())]
        raise VgstatsError(
            f"{' '.join(filter(None, (str(first[c]) for c in KEY)))} has the {column} {first[column]!r}, "
            f"which is no finite number. Write one, such as {_EXAMPLES[column]}."
        )
    return numbers


def _refuse_two_values(rows: pd.DataFrame) -> None:
    origin = [*KEY, "source", "retrieved"]
    alike = rows.duplicated(origin, keep=False) if len(rows) > 1 else pd.Series(dtype=bool)
    if not alike.any():
        return
    twice = rows[alike & ~rows.duplicated([*origin, "value"], keep=False)]
    if len(twice):
        first = twice.iloc[0]
        same = np.logical_and.reduce([rows[column] == first[column] for column in origin])
        values = rows.loc[same, "value"]
        raise VgstatsError(
            f"{' '.join(filter(None, (str(first[c]) for c in KEY)))} has two values from "
            f"{first['source']!r}, {' and '.join(str(v) for v in sorted(set(values)))}. Remove the one "
            "that is wrong."
        )


def one(
    frame: pd.DataFrame,
    measure: str,
    area: str,
    period: str,
    sex: str = "alla",
    group: str = "",
) -> Value | None:
    """Return the number with exactly this key, or None when there is none (see `newest`).

    Args:
        frame: observations, in the columns of the tidy table (measure, area, period, sex, group,
            value, resolution, status, source, retrieved).
        measure: the id of a measure in the catalogue.
        area: the id of an area, such as lan:14.
        period: a year (2008), quarter (2008-Q4), month (2008-12) or day.
        sex: alla, kvinnor or män.
        group: the group, such as diagnos=F00-F99; empty for the total.

    >>> rows = [("ohalsotal", "lan:14", "2008-12", "alla", "", 36.8, 0.1, "ok", "eget", "2026-01-31")]
    >>> frame = pd.DataFrame(rows, columns=COLUMNS)
    >>> one(frame, "ohalsotal", "lan:14", "2008-12").value
    36.8
    """
    rows = rows_of(frame, measure=measure, area=area, period=period)
    return newest(rows).get((measure, area, period, sex, group))
