"""Columns of numbers, and how a reason names what is wrong with them."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from vgstats.analysis.result import NotComputable, number_of, numeric_columns, shown


@pytest.mark.parametrize(
    ("frame", "key", "because"),
    [
        ({"days": np.array([20.0, 20.0]), "x": [1, 2]}, ["days"], "days 20 står på två rader"),
        ({"days": np.array([0.5, 0.5]), "x": [1, 2]}, ["days"], "days 0,5 står på två rader"),
        (
            {"area": ["A", "A"], "year": np.array([2004, 2004]), "x": [1, 2]},
            ["area", "year"],
            "area 'A', year 2004 står på två rader",
        ),
        ({"area": [None, None], "x": [1, 2]}, "area", "area (tomt) står på två rader"),
        (
            {"year": np.array([2004, 2005]), "x": [1, None]},
            "year",
            "värdet i kolumnen 'x' saknas eller är dolt för year 2005",
        ),
        (
            {"x": [1, 2, 3, None]},
            (),
            "värdet i kolumnen 'x' saknas eller är dolt för rad 4",
        ),
    ],
)
def test_a_reason_names_rows_plainly(frame, key, because):
    with pytest.raises(NotComputable) as refused:
        numeric_columns(pd.DataFrame(frame), ["x"], key=key)
    assert refused.value.because == because


@pytest.mark.parametrize(
    "values",
    [
        pd.to_datetime(["2004-01-01", "2005-01-01"]),
        pd.to_datetime(["2004-01-01", "2005-01-01"], utc=True),
        pd.to_timedelta([1, 2]),
        pd.period_range("2004-01", periods=2, freq="M"),
    ],
)
def test_dates_are_no_numbers(values):
    with pytest.raises(NotComputable, match="kolumnen 'x' innehåller datum eller tider, inte tal"):
        numeric_columns(pd.DataFrame({"x": values}), ["x"])


def test_other_columns_that_are_no_numbers():
    with pytest.raises(NotComputable, match="kolumnen 'x' innehåller komplexa tal"):
        numeric_columns(pd.DataFrame({"x": [1 + 2j]}), ["x"])
    twice = pd.DataFrame([[1, 2]], columns=["x", "x"])
    with pytest.raises(NotComputable, match="det finns 2 kolumner med namnet 'x'"):
        numeric_columns(twice, ["x"])


def test_columns_may_be_numbered():
    found = numeric_columns(pd.DataFrame({0: ["a"], 1: ["3"]}), [1], key=[0])
    assert found[1].tolist() == [3.0]
    with pytest.raises(NotComputable, match="kolumnen 2 saknas; kolumner: 0, 1"):
        numeric_columns(found, [np.int64(2)])


@pytest.mark.parametrize(
    "value", [3, 3.0, np.int64(3), np.float32(3), Decimal(3), [3], np.array(3)]
)
def test_one_number_is_a_number(value):
    assert number_of(value, "talet") == 3.0


def test_values_as_a_reader_meets_them():
    assert [shown(v) for v in ("Ale", np.str_("Ale"), 2004, np.float64(20.5), None, pd.NA)] == [
        "'Ale'",
        "'Ale'",
        "2004",
        "20,5",
        "(tomt)",
        "(tomt)",
    ]
