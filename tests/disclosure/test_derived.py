"""Derived values follow their counts, and a rate is a statement about its count."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from releases import key

from vgstats.disclosure import Derived, counts_behind, hidden_derived, ranked
from vgstats.errors import VgstatsError

STATUSES = {key("a"): "shown", key("b"): "hidden", key("c"): "shown"}


def test_a_value_is_hidden_when_any_count_in_it_is():
    formulas = [
        Derived("share of a", (key("a"), key("c"))),
        Derived("change in b", (key("b"), key("a"))),
        Derived("index of b", (key("b"),)),
    ]
    assert hidden_derived(STATUSES, formulas) == {
        "share of a": False,
        "change in b": True,
        "index of b": True,
    }


@pytest.mark.parametrize("inputs", [(key("x"),), ()])
def test_a_value_of_counts_that_were_never_released_is_refused(inputs):
    with pytest.raises(VgstatsError, match="'rate of x' is worked out from"):
        hidden_derived(STATUSES, [Derived("rate of x", inputs)])


def test_hidden_areas_come_last_in_code_order():
    values = pd.DataFrame(
        {
            "area": ["kommun:1403", "kommun:1401", "kommun:1402", "kommun:1404", "kommun:1405"],
            "value": pd.array([None, 7, None, 9, 7], dtype="Int64"),
            "status": ["hidden", "shown", "hidden", "shown", "shown"],
        }
    )
    order = ranked(values)
    assert order["area"].str[-1].tolist() == ["4", "1", "5", "2", "3"]
    assert order["rank"].tolist()[:3] == [1, 2, 2] and order["rank"].isna().sum() == 2
    assert ranked(values, highest_first=False)["area"].str[-1].tolist()[:3] == ["1", "5", "4"]
    assert ranked(values.iloc[[0, 2]])["area"].str[-1].tolist() == ["2", "3"]


def test_the_unlucky_rate():
    # 3 of 2 000 is 1.5 per thousand, and no other count is.
    assert counts_behind("1.5", "0.1", 2000, 1000) == (3, 3)
    assert counts_behind("1.5", "0.1", 60_000, 1000) == (87, 93)
    assert counts_behind("0.0", "0.1", 2000, 1000) == (0, 0)


@given(st.integers(0, 500), st.integers(1, 60_000), st.sampled_from([100, 1000, 100_000]))
def test_the_true_count_is_always_among_them(count, persons, per):
    exact = Fraction(per * count, persons)
    tenths = int(exact * 10 + Fraction(1, 2))
    low, high = counts_behind(f"{tenths // 10}.{tenths % 10}", "0.1", persons, per)
    assert low <= count <= high


def test_an_impossible_rate_is_refused():
    with pytest.raises(VgstatsError, match=r"No count gives the rate 1\.7"):
        counts_behind("1.7", "0.1", 2000, 1000)
    with pytest.raises(VgstatsError, match="Give a population"):
        counts_behind("1.5", "0.1", 0)
