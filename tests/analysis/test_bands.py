"""Bands of rounded numbers lie on the numbers' own grid and within what is possible."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vgstats import methods as m
from vgstats.analysis.bands import rounded_from, tidy
from vgstats.analysis.change import Change, change_facts
from vgstats.analysis.changes import sex_gap
from vgstats.analysis.comparing.comparison import county_changes
from vgstats.observations import COLUMNS, Value

UNITS = {0.1: Fraction(1, 10), 0.01: Fraction(1, 100), 1.0: Fraction(1), 100.0: Fraction(100),
         1 / 12: Fraction(1, 12)}  # fmt: skip
units = st.sampled_from(sorted(UNITS))
# A money measure: no highest value, and rounded whatever its unit is.
MEASURE = "kostnad_sa"


def number(steps: int, unit: float, period: str = "2005", measure: str = MEASURE, **other) -> Value:
    """So many whole units, as a file that prints them gives them."""
    value = float(UNITS[unit] * steps)
    key = {"area": "lan:14", "sex": "alla", "group": ""} | other
    return Value(measure, key["area"], period, key["sex"], key["group"], value, unit, "ok", "x")


def moved(first: int, last: int, unit: float, **other) -> Change:
    return Change(number(first, unit, **other), number(last, unit, "2008", **other))


@given(st.integers(0, 10**6), st.integers(-40, 40), units)
def test_the_band_of_a_difference_is_whole_units_and_touches_zero_exactly(first, step, unit):
    last = max(0, first + step)
    found, exact = moved(first, last, unit), UNITS[unit]
    low = max(exact * last - exact / 2, 0) - (exact * first + exact / 2)
    high = exact * last + exact / 2 - max(exact * first - exact / 2, 0)
    near = float(exact * (first + 50)) * 1e-12
    for seen, truth in (
        (found.difference, exact * (last - first)),
        (found.difference_band.low, low),
        (found.difference_band.high, high),
    ):
        assert seen == pytest.approx(float(truth), abs=near)
        assert (seen > 0) - (seen < 0) == (truth > 0) - (truth < 0)
    assert found.within_rounding == (low <= 0 <= high)


@pytest.mark.parametrize("unit", sorted(UNITS))
def test_a_change_of_one_unit_is_never_certain(unit):
    """The caveat of rounding stands in the sentence just when the band touches zero."""
    for first, last in pairwise(range(2, 302)):
        for before, after in ((first, last), (last, first)):
            found = moved(before, after, unit)
            band, percents = found.difference_band, found.percent_band
            assert 0 in (band.low, band.high) and 0 in (percents.low, percents.high)
            assert band.holds(0) and found.within_rounding
            assert "oförändrat" in change_facts(found).unchanged
            assert not change_facts(found).moved(fell="sjönk", rose="steg", same="")


def test_the_published_fall_lies_between_round_ends():
    found = moved(429, 368, 0.1, measure="ohalsotal")
    assert (found.difference, found.difference_band) == (-6.1, m.Band(-6.2, -6.0))


def test_equal_changes_share_a_place_whatever_the_subtraction_leaves():
    rows = [
        ("sjukpenningtal", area, period, "alla", "", value, 0.1, "ok", "x", "2026-01-01")
        for area, ends in {
            "lan:14": (40.2, 36.1), "lan:12": (20.1, 18.05), "lan:01": (10.0, 9.9), "lan:03": (8.0, 8.1)
        }.items()
        for period, value in zip(("2005-12", "2008-12"), ends, strict=True)
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=COLUMNS)
    table = county_changes(frame, "sjukpenningtal", "2005-12", "2008-12")
    assert dict(zip(table["area"], table["rank"], strict=True)) == {
        "lan:12": 1, "lan:14": 1, "lan:01": 3, "lan:03": 4,
    }  # fmt: skip
    for seed in range(5):
        mixed = frame.sample(frac=1, random_state=seed)
        pd.testing.assert_frame_equal(
            county_changes(mixed, "sjukpenningtal", "2005-12", "2008-12"), table
        )


def test_equal_differences_share_a_place_among_others():
    """36.8 - 42.9 and -6.1 are the same fall."""
    falls = [36.8 - 42.9, 30.0 - 36.1, -6.1, -5.0, -4.0, -3.0, -2.0]
    frame = pd.DataFrame({"area": list("abcdefg"), "change": falls})
    assert [m.among_others(frame, area).rank for area in "abc"] == [1, 1, 1]


def test_the_gap_of_the_sexes_has_no_noise_and_may_be_negative():
    rows = [
        ("ohalsotal", "lan:14", "2008", sex, "", value, 0.1, "ok", "x", "2026-01-01")
        for sex, value in (("kvinnor", 0.3), ("män", 0.2))
    ]
    gap = sex_gap(pd.DataFrame(rows, columns=COLUMNS), "ohalsotal", "lan:14", "2008")
    assert (gap.value, gap.resolution) == (0.1, 0.2)
    later = Value(gap.measure, gap.area, "2009", gap.sex, "", -0.1, 0.2, "derived", "x")
    assert Change(gap, later).difference_band == m.Band(-0.4, 0.0)


@given(st.integers(1, 300), st.integers(0, 300), units)
def test_nothing_falls_by_more_than_all_of_it(first, last, unit):
    found = moved(first, last, unit)
    assert found.difference_band.low >= -rounded_from(found.before.value, unit).high
    if first > 1:
        assert found.percent_band.low >= -100


def test_ten_that_become_none_are_all_gone():
    assert moved(10, 0, 1.0).percent_band == m.Band(-100, tidy(-100 + 50 / 9.5))
    assert moved(10, 0, 1.0).difference_band.low == -10.5


def test_a_share_ends_at_a_hundred_per_cent():
    found = moved(99, 100, 1.0, measure="sjukfall_60_dagar_andel", group="grad=hel")
    assert found.difference_band == m.Band(0.0, 1.5)


def test_a_component_that_was_small_cannot_fall_below_zero():
    before = pd.DataFrame({"part": ["a", "b"], "value": [0.3, 8.0]})
    after = pd.DataFrame({"part": ["a", "b"], "value": [0.0, 7.0]})
    found = m.components(before, after, ["a", "b"], rounding=1.0)
    assert found.table["change_low"].tolist() == [-0.8, -2.0]
    assert found.interval == m.Band(-2.8, 0.5)


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(-1, 1)), min_size=2, max_size=5))
def test_components_of_one_unit_touch_zero_exactly(steps):
    names = [str(i) for i in range(len(steps))]
    ends = [[max(0, s + late * d) / 10 for s, d in steps] for late in (0, 1)]
    before, after = (pd.DataFrame({"part": names, "value": values}) for values in ends)
    table = m.components(before, after, names, rounding=0.1).to_frame()
    for row, (start, step) in zip(table.itertuples(), steps, strict=True):
        step = max(0, start + step) - start
        assert row.change == step / 10
        assert row.change_low <= 0 <= row.change_high


def test_numpy_numbers_have_bands_too():
    before = Value("ohalsotal", "lan:14", "2005", "alla", "", np.float32(42.5), 0.1, "ok", "x")
    after = Value("ohalsotal", "lan:14", "2008", "alla", "", np.int64(36), 0.1, "ok", "x")
    assert Change(before, after).difference_band == m.Band(-6.6, -6.4)
