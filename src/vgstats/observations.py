"""The tidy table: one row is one published number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pandera.pandas as pa

from vgstats.areas import all_areas
from vgstats.errors import VgstatsError
from vgstats.measures import catalogue
from vgstats.periods import Period

KEY = ["measure", "area", "period", "sex", "group"]
COLUMNS = [*KEY, "value", "resolution", "status", "source", "retrieved"]
SEXES = ("alla", "kvinnor", "män")
STATUSES = ("ok", "nil", "suppressed", "missing", "ambiguous", "noisy", "derived")
_WITH_VALUE = ("ok", "nil", "ambiguous", "noisy", "derived")


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


Key = tuple[str, str, str, str, str]


def parse_group(group: str) -> dict[str, str]:
    """Return `{'diagnos': 'F00-F99', 'grad': 'hel'}` for `diagnos=F00-F99;grad=hel`."""
    return dict(pair.split("=", 1) for pair in group.split(";")) if group else {}


def _is_canonical_group(group: str) -> bool:
    pairs = group.split(";") if group else []
    return pairs == sorted(pairs) and all(p.count("=") == 1 and all(p.split("=")) for p in pairs)


def _is_period(text: str) -> bool:
    try:
        Period.parse(text)
    except VgstatsError:
        return False
    return True


def _within_range(frame: pd.DataFrame) -> pd.Series:
    low = frame["measure"].map({m.id: m.minimum for m in catalogue().values()}).astype(float)
    high = frame["measure"].map({m.id: m.maximum for m in catalogue().values()}).astype(float)
    value = frame["value"]
    return value.isna() | (
        (low.isna() | (value >= low)) & (high.isna() | (value <= high)) & np.isfinite(value)
    )


def _value_fits_status(frame: pd.DataFrame) -> pd.Series:
    return frame["value"].notna() == frame["status"].isin(_WITH_VALUE)


def _one_of(known: Iterable[str], what: str) -> pa.Check:
    return pa.Check.isin(list(known), error=f"is not a known {what}")


def _text(check: pa.Check) -> pa.Column:
    return pa.Column(str, checks=check, coerce=True)


def schema() -> pa.DataFrameSchema:
    """Return the schema of the tidy table: columns, known codes, ranges and unique keys."""
    is_period = pa.Check(_is_period, element_wise=True, error="is not a period")
    is_group = pa.Check(
        _is_canonical_group, element_wise=True, error="is not sorted dimension=value pairs"
    )
    return pa.DataFrameSchema(
        {
            "measure": _text(_one_of(catalogue(), "measure")),
            "area": _text(_one_of(all_areas().index, "area")),
            "period": _text(is_period),
            "sex": _text(_one_of(SEXES, "sex")),
            "group": _text(is_group),
            "value": pa.Column(float, nullable=True),
            "resolution": pa.Column(float, checks=pa.Check.gt(0, error="is not above zero")),
            "status": _text(_one_of(STATUSES, "status")),
            "source": _text(pa.Check.str_length(min_value=1, error="is empty")),
            "retrieved": _text(pa.Check.str_matches(r"^\d{4}-\d\d-\d\d$", error="is not a date")),
        },
        checks=[
            pa.Check(_within_range, error="value is outside the range that the measure allows"),
            pa.Check(_value_fits_status, error="value and status contradict each other"),
        ],
        unique=[*KEY, "retrieved"],
        strict=True,
        ordered=True,
    )


def validate(frame: pd.DataFrame, origin: str) -> pd.DataFrame:
    """Return `frame` as a valid tidy table, or say what is wrong with it.

    Args:
        frame: the columns of `COLUMNS` in that order; the index numbers the rows.
        origin: the file or address the rows come from, for the message.

    Raises:
        VgstatsError: a code is unknown, a value is out of range or not a number, a key stands
            twice, or kvinnor + män differ from alla by more than the rounding of an additive
            measure. The message names origin, row, column and rule for the first fault and counts
            the others.
    """
    numeric = frame.copy()
    for column in ("value", "resolution"):
        numeric[column] = pd.to_numeric(frame[column], errors="coerce").astype(float)
        bad = numeric[column].isna() & ~frame[column].isin(["", np.nan])
        if bad.any():
            row = bad.idxmax()
            raise VgstatsError(
                f"{origin}, row {row}, column {column}: {frame.loc[row, column]!r} is not a "
                "number. Write it with a decimal point and without spaces."
            )
    try:
        valid = schema().validate(numeric, lazy=True)
    except pa.errors.SchemaErrors as error:
        raise VgstatsError(f"{origin}{_first_failure(error, numeric)}") from None
    _check_sexes_add(valid, origin)
    return valid


def _first_failure(error: pa.errors.SchemaErrors, frame: pd.DataFrame) -> str:
    cases = error.failure_cases
    columns_first = cases["schema_context"].ne("Column")
    first = cases.loc[columns_first.sort_values(kind="stable").index[0]]
    others = cases["index"].nunique() - 1
    more = f" ({others} more rows fail.)" if others > 0 else ""
    row = f", row {int(first['index'])}" if pd.notna(first["index"]) else ""
    check = str(first["check"])
    if "unique" in check or "duplicate" in check:
        key = ", ".join(str(frame.loc[int(first["index"]), column]) for column in KEY)
        return f"{row}: the key ({key}) stands more than once. Keep one row for each key.{more}"
    if first["schema_context"] == "Column":
        return f"{row}, column {first['column']}: '{first['failure_case']}' {check}.{more}"
    return f"{row}: {check}.{more}"


def _check_sexes_add(frame: pd.DataFrame, origin: str) -> None:
    additive = [m.id for m in catalogue().values() if m.additive]
    rows = frame[frame["measure"].isin(additive)]
    keys = [k for k in KEY if k != "sex"] + ["retrieved"]
    wide = rows.pivot(index=keys, columns="sex", values="value").reindex(columns=list(SEXES))
    wide = wide.dropna()
    slack = rows.groupby(keys)["resolution"].sum().reindex(wide.index) / 2
    off = (wide["kvinnor"] + wide["män"] - wide["alla"]).abs() > slack + 1e-9
    if off.any():
        key = off.idxmax()
        parts = wide.loc[key]
        raise VgstatsError(
            f"{origin}: for {', '.join(str(k) for k in key if k)} kvinnor {parts['kvinnor']:g} + "
            f"män {parts['män']:g} is not alla {parts['alla']:g}. Correct the row that is wrong."
        )


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
    """
    keep = pd.Series(True, index=frame.index)
    wanted = {"measure": measure, "area": area, "period": period, "sex": sex, "group": group}
    for column, values in wanted.items():
        if values is not None:
            keep &= frame[column].isin([values] if isinstance(values, str) else list(values))
    return frame[keep].reset_index(drop=True)


def newest(frame: pd.DataFrame) -> dict[Key, Value]:
    """Return every number in the table by its key, the newest vintage of each.

    A row that is marked suppressed or missing counts as none.
    """
    rows = frame[frame["value"].notna()].sort_values("retrieved", kind="stable")
    names = list(Value.__dataclass_fields__)
    columns = (rows[name].tolist() for name in names)
    values = (Value(*row) for row in zip(*columns, strict=True))
    return {(v.measure, v.area, v.period, v.sex, v.group): v for v in values}


def one(
    frame: pd.DataFrame,
    measure: str,
    area: str,
    period: str,
    sex: str = "alla",
    group: str = "",
) -> Value | None:
    """Return the number with exactly this key, or None when there is none (see `newest`)."""
    rows = select(frame, measure=measure, area=area, period=period)
    return newest(rows).get((measure, area, period, sex, group))
