"""The checks that every row of the tidy table passes, and what to say of one that does not."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from vgstats.catalogue.areas import all_areas, dated_areas
from vgstats.catalogue.measures import UNKNOWN_MEASURE, catalogue
from vgstats.catalogue.periods import Period
from vgstats.errors import VgstatsError
from vgstats.observations import (
    DIMENSIONS,
    KEY,
    SEXES,
    STATUSES,
    WITH_VALUE,
    as_categories,
    is_period,
    keys_as_numbers,
)


def is_canonical_group(group: str) -> bool:
    """Return whether a group is empty or sorted `dimension=value` pairs of known dimensions, each once."""
    pairs = [pair.split("=") for pair in group.split(";")] if group else []
    whole = all(len(pair) == 2 and pair[0] in DIMENSIONS and pair[1] for pair in pairs)
    return whole and pairs == sorted(pairs) and len({pair[0] for pair in pairs}) == len(pairs)


def _is_source(text: str) -> bool:
    """Return whether a source's name can also name a folder, or is empty."""
    return bool(re.fullmatch(r"(\w[\w.-]{0,59})?", text))


THOUSANDS = "is not a whole number: a point as thousands separator?"
_FINEST_OF_COUNTS = 0.01  # a mean of twelve months has 1/12; 0.001 would let 1.234 through
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?", re.ASCII)


def is_moment(text: str) -> bool:
    """Return whether a text is a day, or a moment in UTC, that has been (see `retrieved`)."""
    try:
        day = dt.datetime.fromisoformat(text).date()
    except ValueError:
        return False
    return bool(_MOMENT.fullmatch(text)) and day <= dt.datetime.now(dt.UTC).date()


@dataclass(frozen=True)
class RowCheck:
    """What must hold for every row: `holds` takes a frame of categories and returns a mask."""

    column: str
    broken: str
    holds: Callable[[pd.DataFrame], np.ndarray]


def _each(column: str, test: Callable[[str], bool], broken: str) -> RowCheck:
    """Return a check of one column, tried once for every different text in it."""

    def holds(frame: pd.DataFrame) -> np.ndarray:
        texts = frame[column].cat
        passed = np.array([test(str(text)) for text in texts.categories] + [False])
        return np.asarray(passed[texts.codes])

    return RowCheck(column, broken, holds)


@cache
def _first_days() -> dict[str, str]:
    """Return the first day of each area that has not always been there."""
    return {
        str(area): day for area, day in dated_areas().groupby("area")["valid_from"].min().items()
    }


def area_existed(frame: pd.DataFrame) -> np.ndarray:
    """Return which rows, of a categorical `area` and `period`, are not of a kommun before its first day."""
    periods, areas = frame["period"].cat, frame["area"].cat
    start = np.array([_start(text) for text in periods.categories] + ["9999"])
    passed = np.ones(len(frame), dtype=bool)
    for area, day in _first_days().items():
        if area in areas.categories:
            of_area = (areas.codes == areas.categories.get_loc(area)).to_numpy()
            passed[of_area] = start[periods.codes[of_area]] >= day
    return passed


def _existed_or_missing(frame: pd.DataFrame) -> np.ndarray:
    # A source may list a kommun before it was formed, with nothing in the cell.
    return np.asarray(area_existed(frame) | (frame["status"] == "missing").to_numpy())


def _start(period: str) -> str:
    return Period.parse(period).start.isoformat() if is_period(period) else "9999"


def _limit(frame: pd.DataFrame, end: str, default: float) -> np.ndarray:
    known = catalogue()
    limits = [
        getattr(known[text], end) if text in known else None
        for text in frame["measure"].cat.categories
    ]
    filled = np.array([default if limit is None else limit for limit in limits] + [default])
    return np.asarray(filled[frame["measure"].cat.codes])


def _within_range(frame: pd.DataFrame) -> np.ndarray:
    value = frame["value"].to_numpy()
    low, high = _limit(frame, "minimum", -np.inf), _limit(frame, "maximum", np.inf)
    inside = (low <= value) & (value <= high) & np.isfinite(value)
    return np.asarray(np.isnan(value) | inside)


def _value_fits_status(frame: pd.DataFrame) -> np.ndarray:
    with_value = frame["status"].isin(WITH_VALUE).to_numpy()
    known = frame["status"].isin(STATUSES).to_numpy()
    return np.asarray((frame["value"].notna().to_numpy() == with_value) | ~known)


def _nil_is_zero(frame: pd.DataFrame) -> np.ndarray:
    return np.asarray((frame["status"] != "nil") | (frame["value"] == 0))


ROW_CHECKS = (
    _each("measure", lambda text: text in catalogue(), UNKNOWN_MEASURE),
    _each("area", lambda text: text in all_areas().index, "is not a known area"),
    _each("period", is_period, "is not a period"),
    RowCheck("area", "did not exist in that period", _existed_or_missing),
    _each("sex", lambda text: text in SEXES, "is not a known sex"),
    _each("group", is_canonical_group, "is not sorted dimension=value pairs of known dimensions"),
    _each("status", lambda text: text in STATUSES, "is not a known status"),
    _each("source", bool, "is empty"),
    _each("source", _is_source, "is not a plain name: letters, digits, hyphens, 60 at most"),
    _each("retrieved", is_moment, "is not a date that has been"),
    RowCheck("resolution", "is not above zero", lambda frame: (frame["resolution"] > 0).to_numpy()),
    RowCheck("value", "is outside the range that the measure allows", _within_range),
    RowCheck("value", "and the status contradict each other", _value_fits_status),
    RowCheck("value", "is marked nil and is not zero", _nil_is_zero),
)


def faults(frame: pd.DataFrame) -> pd.DataFrame:
    """Return every failed check of a tidy table, a row each, in the order of the rows.

    Args:
        frame: the columns of `COLUMNS`, `value` and `resolution` as floats.

    Returns:
        Columns: `place` (position of the row in the frame), `column`, `value` (what stands there)
        and `rule`. A fault that several rows share, such as kvinnor and män that do not add up to
        alla, is named on each of them.
    """
    rows = as_categories(frame)
    found = []
    for check in ROW_CHECKS:
        places = np.flatnonzero(~check.holds(rows))
        found.append(_named(places, check.column, rows[check.column], check.broken))
    key = keys_as_numbers(rows, [*KEY, "source", "retrieved"])
    twice = pd.Series(key).duplicated(keep=False).to_numpy()
    places = np.flatnonzero(twice)
    found.append(_named(places, "value", rows["value"], "stands more than once under one key"))
    alone = np.flatnonzero(~twice)
    single = rows.iloc[alone] if len(places) else rows
    found.append(_broken_units(rows))
    for broken in _broken_between_sexes(single) + _broken_december(single):
        found.append(broken.assign(place=alone[broken["place"].to_numpy(dtype=int)]))
    if all(one.empty for one in found):
        return _NOTHING.copy()
    table = pd.concat(found, ignore_index=True)
    return table.sort_values("place", kind="stable").reset_index(drop=True)


# Most checks find nothing, and a frame takes longer to make than a check.
_NOTHING = pd.DataFrame(
    {"place": np.array([], dtype=int)}
    | dict.fromkeys(("column", "value", "rule"), pd.Series(dtype=str))
)


def _named(
    places: np.ndarray, column: str, values: pd.Series, rule: str | Sequence[str]
) -> pd.DataFrame:
    if not len(places):
        return _NOTHING
    at = values.iloc[places].astype(object).fillna("")
    texts = [f"{value:.10g}" if isinstance(value, float) else str(value) for value in at]
    return pd.DataFrame({"place": places, "column": column, "value": texts, "rule": rule})


def _broken_units(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the numbers with more decimals than their rounding unit, counts with decimals among them."""
    known = catalogue()
    kinds = rows["measure"].cat
    adds = np.array([t in known and known[t].additive for t in kinds.categories] + [False])
    value, unit = rows["value"].to_numpy(), rows["resolution"].to_numpy()
    there = np.isfinite(value) & np.isfinite(unit) & (unit > 0)
    value, unit = np.where(there, value, 0.0), np.where(there, unit, 1.0)
    unit = np.where(adds[kinds.codes] & (unit < _FINEST_OF_COUNTS), 1.0, unit)
    decimal = 10.0 ** np.floor(np.log10(unit) + 1e-9)
    parts = np.where(unit < 1, np.round(1 / unit), 1.0)
    is_part = (unit < 1) & (abs(parts * unit - 1) < 0.005)  # 1/12, which a file has as 0.0833
    fits = _is_whole(value / decimal, 1e-4) | (is_part & _is_whole(value * parts, 0.01))
    places = np.flatnonzero(~fits)
    texts = [
        f"does not fit {of:.4g}, the unit that it is rounded to"
        if of < 1 or float(number).is_integer()
        else THOUSANDS
        for number, of in zip(value[places], unit[places], strict=True)
    ]
    return _named(places, "value", rows["value"], texts)


def _is_whole(numbers: np.ndarray, slack: float) -> np.ndarray:
    return np.asarray(abs(numbers - np.round(numbers)) <= slack + 1e-8 * abs(numbers))


def has_twins(rows: pd.DataFrame) -> bool:
    """Return whether two rows have the same key, source and vintage."""
    key = keys_as_numbers(rows, [*KEY, "source", "retrieved"])
    return bool(pd.Series(key).duplicated().any())


# How far apart sums of noisy counts may be before it is a fault and not noise: SCB publishes no limit, so
# this is wide. Sums over 49 single years of age carry the noise of all of them.
_NOISE, _NOISE_SHARE = 100, 0.01


def _by_sex(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray] | None:
    """Return the places of alla, kvinnor and män (3 by n) of the keys that have all three."""
    others = [*(column for column in KEY if column != "sex"), "source", "retrieved"]
    has_value = rows["value"].notna().to_numpy()
    key = keys_as_numbers(rows, others)
    places, common = [], None
    for sex in SEXES:
        at = np.flatnonzero((rows["sex"] == sex).to_numpy() & has_value)
        places.append(pd.Series(at, index=key[at]))
        common = places[-1].index if common is None else common.intersection(places[-1].index)
    if common is None or not len(common):
        return None
    triple = np.array([place.loc[common].to_numpy() for place in places])
    return triple, rows["value"].to_numpy()[triple]


def _broken_between_sexes(rows: pd.DataFrame) -> list[pd.DataFrame]:
    found = _by_sex(rows)
    if found is None:
        return []
    triple, (everyone, women, men) = found
    resolution = rows["resolution"].to_numpy()[triple]
    known = catalogue()
    kinds = rows["measure"].cat
    adds = np.array([t in known and known[t].additive for t in kinds.categories])
    rates = np.array([t in known and known[t].between_sexes for t in kinds.categories])
    code = kinds.codes.to_numpy()[triple[0]]
    apart = resolution.sum(axis=0) / 2 + 1e-9
    noisy = (rows["status"] == "noisy").to_numpy()[triple].any(axis=0)
    apart += noisy * (_NOISE + _NOISE_SHARE * everyone)
    off = adds[code] & (abs(women + men - everyone) > apart)
    slack = resolution.max(axis=0) + 1e-9
    low, high = np.minimum(women, men) - slack, np.maximum(women, men) + slack
    outside = rates[code] & ((everyone < low) | (everyone > high))
    return [
        *_of_sexes(rows, triple, off, "kvinnor {0:g} + män {1:g} is not alla {2:g}"),
        *_of_sexes(rows, triple, outside, "alla {2:g} is not between kvinnor {0:g} and män {1:g}"),
    ]


def _of_sexes(
    rows: pd.DataFrame, triple: np.ndarray, bad: np.ndarray, rule: str
) -> list[pd.DataFrame]:
    value = rows["value"].to_numpy()
    texts = [rule.format(value[w], value[m], value[a]) for a, w, m in triple[:, bad].T]
    return [_named(places, "value", rows["value"], texts) for places in triple[:, bad]]


def _broken_december(rows: pd.DataFrame) -> list[pd.DataFrame]:
    known = catalogue()
    rolling = [t for t in rows["measure"].cat.categories if t in known and known[t].rolling12]
    years = [t for t in rows["period"].cat.categories if re.fullmatch(r"\d{4}", t)]
    at_year = rows[rows["period"].isin(years) & rows["measure"].isin(rolling)]
    if at_year.empty:
        return []
    rest = [*(column for column in KEY if column != "period"), "source", "retrieved"]
    texts = rows[rows["measure"].isin(rolling)].astype(dict.fromkeys([*KEY, "retrieved"], str))
    texts["place"] = np.flatnonzero(rows["measure"].isin(rolling).to_numpy())
    december = texts[texts["period"].str.endswith("-12")].copy()
    december["period"] = december["period"].str[:4]
    both = texts[texts["period"].isin(years)].merge(
        december, on=[*rest, "period"], suffixes=("", "_december")
    )
    slack = (both["resolution"] + both["resolution_december"]) / 2 + 1e-9
    bad = both[(both["value"] - both["value_december"]).abs() > slack]
    rule = "the year and its December differ, and this measure covers twelve months"
    places = pd.concat([bad["place"], bad["place_december"]]).to_numpy(dtype=int)
    return [_named(places, "value", rows["value"], rule)]


def validate(frame: pd.DataFrame, origin: str) -> pd.DataFrame:
    """Return `frame` as a valid tidy table, or say what is wrong with it.

    Args:
        frame: the columns of `COLUMNS` in that order; the index numbers the rows.
        origin: the file or address the rows come from, for the message.

    Raises:
        VgstatsError: a code is unknown, a value is out of range or not a number, a key stands
            twice, or another check of `faults` fails. The message names origin, row, column and
            rule for the first fault and counts the others.
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
    found = faults(numeric)
    if not found.empty:
        first = found.iloc[0]
        others = found["place"].nunique() - 1
        more = f" ({others} more rows fail.)" if others else ""
        key = ", ".join(str(numeric[column].iloc[first["place"]]) or "-" for column in KEY)
        raise VgstatsError(
            f"{origin}, row {frame.index[first['place']]}, column {first['column']}: "
            f"{first['value']!r} {first['rule']} ({key}). Correct the row.{more}"
        )
    return numeric
