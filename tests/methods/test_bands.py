"""Bands of rounded numbers lie on the numbers' own grid and within what is possible."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from vgstats import methods as m
from vgstats.methods.before_after import Change, change_facts
from vgstats.methods.comparison import county_changes
from vgstats.methods.observed import sex_gap
from vgstats.methods.result import rounded_from, tidy
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


def percents(own: float, others: list[float], name: str = "change") -> pd.DataFrame:
    values = [own, *others]
    return pd.DataFrame({"area": [f"a{i}" for i in range(len(values))], name: values})


WIDE = [-90.0, -80, -70, 10, -95, -40, 20]


def test_no_prediction_ends_below_minus_a_hundred_per_cent_and_no_verdict_changes():
    for own in (-99.0, -60.0, 0.0, 40.0, 300.0):
        free = m.among_others(percents(own, WIDE), "a0", lowest=-np.inf)
        found = m.among_others(percents(own, WIDE), "a0")
        assert free.usual.low < found.usual.low == -100
        assert found.usual.high == free.usual.high
        middle = own - found.estimate
        assert found.interval.low >= -100 - middle - 1e-9, "less than all of it is left"
        assert found.interval.high <= own + 100
        for result in (found, found.widened(1.5)):
            assert result.interval.low <= result.estimate <= result.interval.high
            assert result.inside == result.interval.holds(0)
        assert (found.where, found.half_width) == (free.where, free.half_width)
        assert found.widened(2).half_width == 2 * found.half_width


def test_a_change_in_another_unit_than_per_cent_has_the_lowest_that_is_said():
    found = m.among_others(percents(-3, WIDE), "a0", unit="dagar")
    assert found.usual.low < -100
    assert m.among_others(percents(-3, WIDE), "a0", unit="dagar", lowest=-50).usual.low == -50
    below = m.among_others(percents(-130, WIDE), "a0")
    assert below.usual.low < -100, (
        "changes below -100 per cent come of numbers that may be negative"
    )


def test_days_do_not_fall_by_more_than_there_were():
    falls = [-1.0, -9, 8, -8, 7, -2, -9]
    frame = percents(-4.0, falls, "difference").assign(before=[10.0, 9, 9, 10, 11, 9, 10, 9])
    found = m.like_starting_level(frame, "a0", nearest=5, size="before")
    assert found.among.usual.low == -10
    assert found.interval.high == 6


def test_an_event_study_stays_within_what_the_area_had():
    rng = np.random.default_rng(1)
    rows = [
        (f"a{i}", 2000 + year, max(0.0, value))
        for i in range(8)
        for year, value in enumerate([5.0, 5, 5, *(5 + 4 * rng.normal(size=4))])
    ]
    frame = pd.DataFrame(rows, columns=["area", "period", "value"])
    frame["value"] += rng.uniform(0, 0.2, len(frame))
    own = frame.loc[(frame["area"] == "a0") & (frame["period"] == 2006), "value"].iloc[0]
    found = m.event_study(frame, treated="a0", base=2002)
    assert found.usual.low > -found.usual.high, "clipped"
    assert found.interval.high == pytest.approx(own)
    assert found.interval.holds(0) == found.usual.holds(found.estimate)
    assert (found.prediction_p < 0.05) == (not found.interval.holds(0))


def test_a_funnel_of_per_cents_ends_at_minus_a_hundred():
    rng = np.random.default_rng(4)
    frame = percents(-20.0, list(rng.normal(-30, 25, 20))).assign(size=rng.uniform(10, 1000, 21))
    assert m.funnel_of_changes(frame, size="size", unit="procent").table["low998"].min() == -100
    assert m.funnel_of_changes(frame, size="size", unit="dagar").table["low998"].min() < -100


@pytest.mark.parametrize("of", [1, 3, 7, 49, 12345])
def test_a_proportion_stays_between_none_and_all(of):
    for events in (0, of):
        found = m.proportion(events, of)
        assert 0 <= found.interval.low <= found.estimate <= found.interval.high <= 100
        gap = m.proportion_difference(events, of, of - events, of)
        assert -100 <= gap.interval.low <= gap.estimate <= gap.interval.high <= 100
    table = m.proportions(pd.DataFrame({"events": [0, of], "n": [of, of]}))
    assert table.filter(like="low").min(axis=None) >= 0
    assert table.filter(like="high").max(axis=None) <= 100


def test_days_swing_down_to_none_and_no_further():
    said = str(m.half_width_of_days(1, 300, mean_square_ratio=342).sentence())
    assert "dagar högre, eller ned till noll" in said
    assert "högre eller lägre" in str(
        m.half_width_of_days(43, 3000, mean_square_ratio=342).sentence()
    )


def test_the_p_value_goes_with_the_interval():
    """As for the t test of one observation against seven."""
    found = m.among_others(percents(-95, WIDE), "a0", unit="dagar")
    others = np.array(WIDE)
    error = others.std(ddof=1) * np.sqrt(1 + 1 / 7)
    expected = 2 * stats.t.sf(abs(-95 - others.mean()) / error, 6)
    assert found.prediction_p == pytest.approx(expected)
    assert found.to_frame()["prediction_p"].iloc[0] == found.prediction_p
    for level in (0.5, 0.9, 0.95, 0.999):
        one = m.among_others(percents(-95, WIDE), "a0", unit="dagar", level=level)
        assert one.prediction_p == pytest.approx(expected)
        assert (expected < 1 - level) == (not one.interval.holds(0))
    assert found.widened(2).prediction_p > expected


def test_others_that_had_more_to_lose_turn_no_interval_round():
    chance = np.random.default_rng(3)
    for _ in range(200):
        before = chance.uniform(1, 20, 8)
        frame = pd.DataFrame(
            {
                "area": list("abcdefgh"),
                "before": before,
                "difference": -before * chance.uniform(0, 1, 8),
                "size": 5000,
            }
        )
        found = m.like_starting_level(frame, "a", nearest=5, size="size").among
        gap, usual = found.interval, found.usual
        assert -before[0] <= usual.low <= usual.high and gap.low <= found.estimate <= gap.high
        assert gap.holds(0) == usual.holds(found.change)


def test_no_year_of_an_event_study_has_its_ends_turned_round():
    chance = np.random.default_rng(4)
    for _ in range(50):
        levels = chance.uniform(0, 10, (7, 1)) * chance.uniform(0, 1, (7, 6))
        rows = [(a, 2000 + y, levels[i, y]) for i, a in enumerate("abcdefg") for y in range(6)]
        frame = pd.DataFrame(rows, columns=["area", "period", "value"])
        table = m.event_study(frame, treated="a", base=2003).to_frame()
        inside = table["change"].between(table["usual_low"], table["usual_high"])
        assert (table["usual_low"] <= table["usual_high"]).all()
        assert (table["low"] <= table["change"]).all() and (table["change"] <= table["high"]).all()
        assert (((table["low"] <= 0) & (table["high"] >= 0)) == inside).all()
