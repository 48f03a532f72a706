"""A change split between factors."""

from __future__ import annotations

import json
import math
from itertools import combinations, permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from splits import GOOD, assert_adds_up, one_row, two_times

from vgstats.methods.composition import kitagawa
from vgstats.methods.factors import das_gupta, das_gupta_several
from vgstats.methods.result import NotComputable


def test_das_gupta_2_1_mean_earnings():
    found = das_gupta(
        one_row(earnings=10930, earners=0.717892),
        one_row(earnings=16591, earners=0.825974),
        factors=["earnings", "earners"],
    )
    assert found.parts["earnings"] == pytest.approx((16591 - 10930) * (0.717892 + 0.825974) / 2)
    assert found.parts["earners"] == pytest.approx((0.825974 - 0.717892) * (10930 + 16591) / 2)


def test_das_gupta_2_2_birth_rates_austria_and_chile():
    found = das_gupta(
        one_row(births=51.78746, aged=0.45919, women=0.52638),
        one_row(births=84.90502, aged=0.75756, women=0.51065),
        factors=["births", "aged", "women"],
    )
    assert list(found.parts.values()) == pytest.approx(
        [10.4340333, 10.5608476, -0.6670084], abs=6e-7
    )
    assert found.sentence().plain() == (
        "Ändringen är +20,3, räknemässigt +10,4 från births, +10,6 från aged och −0,7 från women."
    )


def test_das_gupta_2_3_four_factors():
    names = ["births", "pregnant", "active", "single"]
    before, after = (0.253, 0.214, 0.279, 0.949), (0.327, 0.290, 0.473, 0.986)
    found = das_gupta(
        one_row(**dict(zip(names, before, strict=True))),
        one_row(**dict(zip(names, after, strict=True))),
        factors=names,
        multiplier=100,
    )
    assert list(found.parts.values()) == pytest.approx(
        [0.6889411, 0.8125381, 1.3829055, 0.1047547], abs=6e-7
    )


def test_das_gupta_3_1_a_rate_that_is_no_product():
    found = das_gupta(
        one_row(births=19.4, deaths=10.8),
        one_row(births=23.7, deaths=9.5),
        factors=["births", "deaths"],
        rate=lambda births, deaths: (births - deaths).sum(),
    )
    assert found.parts == pytest.approx({"births": 4.3, "deaths": 1.3})
    assert (found.before, found.after) == pytest.approx((8.6, 14.2))


def taiwan(year, table):
    names = {f"{name}_{year}": name for name in ("bm", "mw", "wp")}
    return table[["agegroup", *names]].rename(columns=names)


def test_das_gupta_4_3_three_vectors(shared):
    folder = shared / "cases" / "dasgupta_1993"
    expected = json.loads((folder / "expected.json").read_text())["4.3 Taiwan 3 vector factors"]
    table = pd.read_csv(folder / "ex4_3_taiwan.csv")
    before, after = taiwan(1960, table), taiwan(1970, table)
    found = das_gupta(before, after, factors=["bm", "mw", "wp"], by="agegroup")
    assert list(found.parts.values()) == pytest.approx(expected, abs=6e-7)


def test_das_gupta_4_3_without_the_file():
    before = pd.DataFrame(
        {
            "agegroup": range(7),
            "bm": [393, 407, 369, 274, 184, 90, 16],
            "mw": [0.122, 0.622, 0.903, 0.930, 0.916, 0.873, 0.800],
            "wp": [0.043, 0.041, 0.036, 0.032, 0.026, 0.020, 0.018],
        }
    )
    after = pd.DataFrame(
        {
            "agegroup": range(7),
            "bm": [488, 452, 338, 156, 63, 22, 3],
            "mw": [0.082, 0.527, 0.866, 0.941, 0.942, 0.923, 0.876],
            "wp": [0.058, 0.038, 0.032, 0.030, 0.026, 0.023, 0.019],
        }
    )
    found = das_gupta(before, after.iloc[::-1], factors=["bm", "mw", "wp"], by="agegroup")
    assert list(found.parts.values()) == pytest.approx([-7.285632, -2.720633, -1.565181], abs=6e-7)
    assert found.to_frame()["factor"].tolist() == ["bm", "mw", "wp"]


factor_values = st.lists(st.floats(0.1, 10), min_size=1, max_size=5)


def over_all_orders(before, after, rate):
    parts = dict.fromkeys(before, 0.0)
    orders = list(permutations(before))
    for order in orders:
        now = dict(before)
        for name in order:
            old = rate(**now)
            now[name] = after[name]
            parts[name] += (rate(**now) - old) / len(orders)
    return parts


@given(factor_values, st.data())
def test_parts_are_averages_over_all_orders_and_sum(values, data):
    names = [f"f{i}" for i in range(len(values))]
    last = data.draw(st.lists(st.floats(0.1, 10), min_size=len(names), max_size=len(names)))
    before, after = dict(zip(names, values, strict=True)), dict(zip(names, last, strict=True))
    found = das_gupta(one_row(**before), one_row(**after), factors=names)
    assert found.parts == pytest.approx(
        over_all_orders(before, after, lambda **f: float(np.prod(list(f.values())))), abs=1e-6
    )
    change = np.prod(last) - np.prod(values)
    assert found.estimate == pytest.approx(change, abs=1e-6)
    assert sum(found.parts.values()) == pytest.approx(change, abs=1e-6)
    assert_adds_up(found.sentence(), found, found.parts.values())


@given(two_times())
def test_two_vectors_are_kitagawa(frames):
    shares = [f.assign(weight=f["weight"] / f["weight"].sum()) for f in frames]
    parts = das_gupta(*shares, factors=["weight", "rate"], by="group").parts
    found = kitagawa(*frames)
    assert parts == pytest.approx({"weight": found.composition, "rate": found.rates}, abs=1e-9)


def test_a_ratio_of_sums_as_rate():
    """Das Gupta's example 4.4, against the average over all orders."""
    first = {
        "a": [0.200, 0.163, 0.146, 0.154, 0.168, 0.169],
        "b": [0.866, 0.325, 0.119, 0.099, 0.099, 0.121],
        "c": [0.007, 0.021, 0.023, 0.015, 0.008, 0.002],
        "d": [0.454, 0.326, 0.195, 0.107, 0.051, 0.015],
    }
    last = {
        "a": [0.169, 0.195, 0.190, 0.174, 0.150, 0.122],
        "b": [0.931, 0.563, 0.311, 0.216, 0.199, 0.191],
        "c": [0.018, 0.026, 0.023, 0.016, 0.008, 0.002],
        "d": [0.380, 0.201, 0.149, 0.079, 0.025, 0.006],
    }

    def ratio(a, b, c, d):
        outside = (np.array(a) * b * np.array(c)).sum()
        return outside / (outside + (np.array(a) * (1 - np.array(b)) * d).sum())

    frames = (pd.DataFrame(end).assign(age=range(6)) for end in (first, last))
    found = das_gupta(*frames, factors=list("abcd"), by="age", rate=ratio)
    assert found.parts == pytest.approx(over_all_orders(first, last, ratio))
    assert found.estimate == pytest.approx(ratio(**last) - ratio(**first))


@pytest.mark.parametrize(
    ("frames", "options", "because"),
    [
        ((one_row(a=1), one_row(a=None)), {"factors": ["a"]}, "saknas eller är dolt"),
        ((one_row(a=1), one_row(a=1)), {"factors": []}, "inte finns någon faktor"),
        ((one_row(a=1), one_row(b=1)), {"factors": ["a"]}, "kolumnen 'a' saknas"),
        ((GOOD, GOOD), {"factors": ["rate"]}, "ingen kolumn skiljer raderna åt"),
        ((GOOD, GOOD.iloc[:1]), {"factors": ["rate"], "by": "group"}, "bara finns vid en"),
        (
            (one_row(a=1, b=0), one_row(a=1, b=1)),
            {"factors": ["a", "b"], "rate": lambda a, b: (a / b).sum()},
            "inte går att räkna ut ur faktorerna",
        ),
        (
            (GOOD, GOOD),
            {"factors": ["rate"], "by": "group", "rate": lambda rate: rate},
            "inte går att räkna ut ur faktorerna",
        ),
    ],
)
def test_das_gupta_says_why_not(frames, options, because):
    with pytest.raises(NotComputable, match=because):
        das_gupta(*frames, **options)


@pytest.mark.parametrize(
    ("rate", "before", "after"),
    [
        (lambda a, b: a - b, {"a": 19.4, "b": 10.8}, {"a": 23.7, "b": 9.5}),
        (
            lambda a, b, c: a * b + c * (1 - b),
            {"a": 8.7, "b": 0.81, "c": 4.2},
            {"a": 9.9, "b": 0.64, "c": 3.1},
        ),
    ],
)
def test_a_formula_of_scalars_needs_no_sum(rate, before, after):
    found = das_gupta(one_row(**before), one_row(**after), factors=list(before), rate=rate)
    assert found.parts == pytest.approx(over_all_orders(before, after, rate))
    assert found.estimate == pytest.approx(rate(**after) - rate(**before))
    assert sum(found.parts.values()) == pytest.approx(found.estimate)


def test_das_gupta_3_1_by_its_own_formula():
    ends = one_row(a=19.4, b=10.8), one_row(a=23.7, b=9.5)
    found = das_gupta(*ends, factors=["a", "b"], rate=lambda a, b: a - b)
    assert found.parts == pytest.approx({"a": 4.3, "b": 1.3})


@pytest.mark.parametrize(
    "rate",
    [
        lambda a: float(a[0]) / 0,
        lambda a: None,
        lambda a: "3",
        lambda a: 1j * a,
        lambda a: 1j,
        lambda a: math.sqrt(-a[0]),
        lambda a: float("nan"),
        lambda a: pd.NA,
    ],
)
def test_a_formula_that_gives_no_number_is_refused(rate):
    with pytest.raises(NotComputable, match="inte går att räkna ut ur faktorerna"):
        das_gupta(one_row(a=1), one_row(a=2), factors=["a"], rate=rate)


@pytest.mark.parametrize("multiplier", [0, None, float("nan"), float("inf")])
def test_a_multiplier_is_a_number_other_than_0(multiplier):
    with pytest.raises(NotComputable, match="multiplikatorn"):
        das_gupta(one_row(a=1), one_row(a=2), factors=["a"], multiplier=multiplier)


def test_names_of_columns_may_be_numbers_or_one_text():
    before, after = pd.DataFrame({0: [2.0], 1: [3.0]}), pd.DataFrame({0: [4.0], 1: [5.0]})
    found = das_gupta(before, after, factors=[0, 1])
    assert found.parts == pytest.approx({0: 8, 1: 6})
    assert "från 0" in found.sentence().plain()
    with pytest.raises(NotComputable, match="faktorn 0 inte har ett namn i text"):
        das_gupta(before, after, factors=[0, 1], rate=lambda **f: 1)
    assert list(das_gupta(GOOD, GOOD, factors="rate", by="group").parts) == ["rate"]
    by_age = GOOD.rename(columns={"group": "rate_before"})
    assert das_gupta(by_age, by_age, factors=["rate"], by="rate_before").estimate == 0
    with pytest.raises(NotComputable, match="kolumnen 'rate' är angiven både som grupp och"):
        das_gupta(GOOD, GOOD, factors=["rate"], by="rate")


def populations(count):
    chance = np.random.default_rng(7)
    return {
        f"p{k}": pd.DataFrame(
            {"age": range(4), **dict(zip("abc", chance.uniform(1, 5, (3, 4)), strict=True))}
        )
        for k in range(count)
    }


@pytest.mark.parametrize("count", [2, 3, 5])
def test_pairs_of_several_agree_and_still_add_up(count):
    frames = populations(count)
    found = das_gupta_several(frames, factors=["a", "b", "c"], by="age", multiplier=10)
    part = found.set_index(["before", "after", "factor"])["contribution"]
    assert len(part) == 3 * count * (count - 1) / 2
    for first, last in combinations(frames, 2):
        pair = das_gupta(
            frames[first], frames[last], factors=["a", "b", "c"], by="age", multiplier=10
        )
        assert part[first, last].sum() == pytest.approx(pair.estimate)
        if count == 2:
            assert part[first, last].to_dict() == pytest.approx(dict(pair.parts))
    for first, middle, last in combinations(frames, 3):
        both = part[first, middle] + part[middle, last]
        assert both.tolist() == pytest.approx(part[first, last].tolist())


def test_three_populations_by_das_guptas_formula():
    frames = populations(3)
    two = {
        pair: das_gupta(*(frames[p] for p in pair), factors=["a", "b", "c"], by="age").parts
        for pair in (("p0", "p1"), ("p1", "p2"), ("p2", "p0"))
    }
    part = das_gupta_several(frames, factors=["a", "b", "c"], by="age").set_index(
        ["before", "after", "factor"]
    )["contribution"]
    for factor in "abc":
        around = sum(parts[factor] for parts in two.values())
        assert abs(around) > 1e-3
        by_hand = two["p0", "p1"][factor] - around / 3
        assert part["p0", "p1", factor] == pytest.approx(by_hand)


def test_one_population_has_no_pair():
    with pytest.raises(NotComputable, match="minst två befolkningar"):
        das_gupta_several(populations(1), factors=["a"], by="age")
