"""A change split into composition and rates."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from splits import GOOD, NO_SUM, assert_adds_up, groups, rates, two_times, weights

from vgstats.methods.composition import kitagawa
from vgstats.methods.result import NotComputable


def mean_rate(frame):
    return float(np.average(frame["rate"], weights=frame["weight"]))


def ends(table, keys, weight, rate):
    return [
        table[[*keys, f"{weight}_{year}", f"{rate}_{year}"]].rename(
            columns={f"{weight}_{year}": "n", f"{rate}_{year}": "r"}
        )
        for year in (1970, 1985)
    ]


def test_das_gupta_5_1_headship(shared):
    folder = shared / "cases" / "dasgupta_1993"
    expected = json.loads((folder / "expected.json").read_text())["5.1 headship 1970->1985"]
    table = pd.read_csv(folder / "ex5_1_headship.csv")
    found = kitagawa(
        *ends(table, ["age_group"], "size", "rate"), by="age_group", rate="r", weight="n"
    )
    assert found.estimate == pytest.approx(expected["diff"], abs=5e-5)
    assert found.composition == pytest.approx(expected["age structure"], abs=5e-5)
    assert found.rates == pytest.approx(expected["rates"], abs=5e-5)
    assert found.n == 13


def test_das_gupta_5_1_without_the_file():
    sizes = (
        [12.9, 10.9, 9.5, 8.0, 7.8, 8.4, 8.6, 7.8, 7.0, 5.9, 4.7, 3.6, 4.9],
        [10.1, 11.2, 11.6, 10.9, 9.4, 7.7, 6.3, 6.0, 6.3, 5.9, 5.1, 4.0, 5.5],
    )
    heads = (
        [1.9, 25.8, 45.7, 49.6, 51.2, 51.6, 51.8, 54.9, 58.7, 60.4, 62.8, 66.6, 66.8],
        [2.2, 24.3, 45.8, 52.5, 56.1, 55.6, 56.0, 57.4, 57.2, 61.2, 63.9, 68.6, 72.2],
    )
    found = kitagawa(groups(sizes[0], heads[0]), groups(sizes[1], heads[1]))
    assert (found.estimate, found.composition, found.rates) == pytest.approx(
        (2.9672, 1.2269, 1.7403), abs=5e-5
    )
    assert 100 * found.composition / found.estimate == pytest.approx(41.35, abs=0.005)


def test_das_gupta_5_3_death_rates_by_age_and_race(shared):
    folder = shared / "cases" / "dasgupta_1993"
    expected = json.loads((folder / "expected.json").read_text())["5.3 death rates 1970->1985"]
    table = pd.read_csv(folder / "ex5_3_deathrates.csv")
    before, after = ends(table, ["race", "age"], "size", "rate")
    found = kitagawa(
        before, after, by=["age", "race"], rate="r", weight="n", split=True, decimals=2
    )
    assert found.composition == pytest.approx(expected["composition"], abs=6e-7)
    assert found.rates == pytest.approx(expected["rates"], abs=6e-7)
    assert found.split == pytest.approx(expected["split of composition"], abs=6e-7)
    assert found.estimate == pytest.approx(expected["crude"][1] - expected["crude"][0], abs=2e-6)
    text = found.sentence().plain()
    assert "Minskningen förklaras räknemässigt av lägre tal i grupperna sammantaget" in text
    assert "ändrad sammansättning drog åt andra hållet" in text
    assert "Sammansättningens del är +1,52 från age och +0,02 från race." in text


def test_two_groups_by_hand():
    found = kitagawa(groups([50, 50], [10, 20]), groups([25, 75], [8, 18]))
    assert found.composition == pytest.approx(0.25 * (19 - 9))
    assert found.rates == pytest.approx(-2)
    assert found.estimate == pytest.approx(15.5 - 15)
    table = found.to_frame()
    assert table["composition"].tolist() == pytest.approx(
        [-0.25 * (9 - 15.25), 0.25 * (19 - 15.25)]
    )
    assert table["rates"].tolist() == pytest.approx([-2 * 0.375, -2 * 0.625])


def test_three_factors_of_composition_have_das_guptas_weights():
    def cells(values):
        keys = pd.MultiIndex.from_product([(0, 1)] * 3, names=["a", "b", "c"])
        return keys.to_frame(index=False).assign(weight=values, rate=range(8))

    before, after = cells([1, 2, 3, 4, 5, 6, 7, 8]), cells([8, 3, 6, 1, 7, 2, 5, 4])

    def vector(frame, own, second, third):
        n = frame["weight"]
        over = lambda *keys: frame.groupby(list(keys))["weight"].transform("sum")  # noqa: E731
        return (
            (n / over(second, third)) ** (1 / 3)
            * (over(own, second) / over(second) * over(own, third) / over(third)) ** (1 / 6)
            * (over(own) / n.sum()) ** (1 / 3)
        )

    orders = {"a": "abc", "b": "bac", "c": "cab"}
    first, last = ({k: vector(f, *o) for k, o in orders.items()} for f in (before, after))
    assert (first["a"] * first["b"] * first["c"]).tolist() == pytest.approx(
        (before["weight"] / 36).tolist()
    )
    split = kitagawa(before, after, by=["a", "b", "c"], split=True).split
    for key in "abc":
        p, q = (k for k in "abc" if k != key)
        mean = (first[p] * first[q] + last[p] * last[q]) / 3
        mean += (first[p] * last[q] + last[p] * first[q]) / 6
        by_hand = (before["rate"] * (last[key] - first[key]) * mean).sum()
        assert split[key] == pytest.approx(by_hand)


@given(two_times())
def test_the_terms_are_the_change(frames):
    found = kitagawa(*frames)
    change = mean_rate(frames[1]) - mean_rate(frames[0])
    assert found.estimate == pytest.approx(change, abs=1e-9)
    assert found.composition + found.rates == pytest.approx(change, abs=1e-9)
    table = found.to_frame()
    assert table[["composition", "rates"]].to_numpy().sum() == pytest.approx(change, abs=1e-9)
    inside = table["rates"] if len(table) <= 3 else [found.rates]
    assert_adds_up(found.sentence(), found, [*inside, found.composition])


@given(two_times(), st.randoms(use_true_random=False))
def test_order_and_names_of_groups_do_not_matter(frames, random):
    order = list(range(len(frames[0])))
    random.shuffle(order)
    names = {f"g{i}": f"annan {i}" for i in order}
    moved = frames[1].iloc[order].assign(group=lambda f: f["group"].map(names))
    found = kitagawa(*frames)
    again = kitagawa(frames[0].assign(group=frames[0]["group"].map(names)), moved)
    assert (again.composition, again.rates) == pytest.approx(
        (found.composition, found.rates), abs=1e-9
    )
    assert again.to_frame()["rates"].tolist() == pytest.approx(found.to_frame()["rates"].tolist())


@given(two_times())
def test_turning_time_around_turns_the_signs(frames):
    found, back = kitagawa(*frames), kitagawa(*reversed(frames))
    assert back.composition == pytest.approx(-found.composition, abs=1e-9)
    assert back.rates == pytest.approx(-found.rates, abs=1e-9)


@given(two_times(), st.integers(1, 9))
def test_only_shares_of_weights_count(frames, factor):
    larger = frames[1].assign(weight=frames[1]["weight"] * factor)
    assert kitagawa(frames[0], larger).composition == pytest.approx(
        kitagawa(*frames).composition, abs=1e-9
    )


@given(st.lists(weights, min_size=12, max_size=12), st.lists(rates, min_size=12, max_size=12))
def test_the_split_is_the_composition(weight, rate):
    cells = pd.DataFrame({"age": [1, 1, 2, 2, 3, 3], "sex": ["k", "m"] * 3})
    first, last = (cells.assign(weight=weight[p], rate=rate[p]) for p in (slice(6), slice(6, 12)))
    found = kitagawa(first, last, by=["age", "sex"], split=True)
    assert sum(found.split.values()) == pytest.approx(found.composition, abs=1e-9)


def test_empty_cells_are_no_trouble_for_the_split():
    cells = pd.DataFrame({"age": [1, 1, 2, 2], "sex": ["k", "m"] * 2, "rate": [1.0, 2, 3, 4]})
    first, last = cells.assign(weight=[0, 0, 1, 3]), cells.assign(weight=[0, 2, 1, 1])
    found = kitagawa(first, last, by=["age", "sex"], split=True)
    assert sum(found.split.values()) == pytest.approx(found.composition)


def test_a_multiplier_gives_the_unit_of_print():
    shares = [groups([1, 1], [0.10, 0.20]), groups([1, 3], [0.10, 0.20])]
    found = kitagawa(*shares, multiplier=100, unit="procentenheter", rounding=0.01)
    assert found.estimate == pytest.approx(2.5)
    assert (found.interval.low, found.interval.high) == pytest.approx((1.5, 3.5))
    assert (found.composition_band.low, found.composition_band.high) == pytest.approx((2.25, 2.75))


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (([1, 1], [10, 20]), ([1, 1], [10, 20]), "Varken sammansättningen eller talen inom"),
        (([1, 1], [10, 20]), ([1, 3], [7.5, 17.5]), "tar räknemässigt ut varandra."),
        (([1, 1], [10, 20]), ([1, 1], [9, 19]), "färre dagar i varje grupp, inte av att"),
        (([1, 1], [10, 20]), ([1, 1], [11, 21]), "fler dagar i varje grupp, inte av att"),
        (([1, 1], [10, 20]), ([1, 1], [10, 18]), "färre dagar i grupperna sammantaget, inte"),
        (([10, 10], [10, 20]), ([11, 10], [5, 15]), "nästan helt av färre dagar i varje grupp."),
        (([1, 1], [10, 20]), ([1, 3], [10, 20]), "nästan helt av ändrad sammansättning."),
        (
            ([1, 1], [10, 20]),
            ([1, 3], [11, 21]),
            "till större delen av ändrad sammansättning, till",
        ),
        (([1, 1], [10, 20]), ([1, 3], [14, 24]), "till större delen av fler dagar i varje grupp"),
        (([1, 1], [10, 20]), ([1, 3], [12.5, 22.5]), "till lika delar av fler dagar i varje grupp"),
        (([1, 1], [10, 20]), ([1, 3], [5, 15]), "varje grupp; ändrad sammansättning drog åt andra"),
        (([1, 1], [10, 20]), ([1, 3], [9, 19]), "av ändrad sammansättning; talen inom grupperna"),
    ],
)
def test_words_follow_the_numbers(before, after, words):
    text = kitagawa(groups(*before), groups(*after), unit="dagar").sentence().plain()
    assert words in text
    assert ("inte av att gruppernas" in text) == (words.endswith(("inte", "att")))


def test_parts_that_do_not_add_up_in_print_are_explained():
    found = kitagawa(groups([1, 1, 1], [1, 1, 1]), groups([1, 1, 1], [1.12, 1.12, 1.12]))
    assert "+0,0 från" not in found.sentence().plain()
    assert NO_SUM in found.sentence().plain()


@pytest.mark.parametrize(
    ("after", "because"),
    [
        (groups([1, 1], [10, None]), "saknas eller är dolt för group 'g1'"),
        (groups([1, 1], [10, ".."]), "saknas eller är dolt för group 'g1'"),
        (groups([1, np.inf], [10, 20]), "kolumnen 'weight' är oändligt"),
        (groups([0, 0], [10, 20]), "vikterna summerar till 0"),
        (groups([2, -1], [10, 20]), "vikten är negativ för g1"),
        (groups([1, 1], [10, 20], ["g0", "g0"]), "group 'g0' står på två rader"),
        (groups([1, 1], [10, 20], ["g0", "g2"]), "bara finns vid en av de två tidpunkterna"),
        (groups([1], [10]), "group 'g1' bara finns vid en av de två tidpunkterna"),
        (groups([1, 1], [10, 20], ["g0", None]), "en grupp saknar namn"),
        (groups([], []), "inte finns några rader"),
        (groups([1, 1], [10, 20]).drop(columns="rate"), "kolumnen 'rate' saknas"),
        (groups([1, 1], [10, 20], [0, 1]), "bara finns vid en av de två tidpunkterna"),
    ],
)
def test_kitagawa_says_why_not(after, because):
    with pytest.raises(NotComputable, match="Går inte att beräkna eftersom") as refused:
        kitagawa(GOOD, after)
    assert because in refused.value.because


def test_kitagawa_wants_groups_and_rounding_that_can_be():
    with pytest.raises(NotComputable, match="ingen kolumn anger grupperna"):
        kitagawa(GOOD, GOOD, by=[])
    with pytest.raises(NotComputable, match="minst två grupper"):
        kitagawa(GOOD.iloc[:1], GOOD.iloc[:1])
    for rounding in (-0.1, float("nan")):
        with pytest.raises(NotComputable, match="avrundningen"):
            kitagawa(GOOD, GOOD, rounding=rounding)


def test_the_frames_given_are_left_alone():
    before, after = GOOD.copy(), groups([2, 3], [1, 2])
    kept = after.copy()
    found = kitagawa(before, after)
    table = found.to_frame()
    table["rates"] = 0
    assert found.to_frame()["rates"].tolist() != [0, 0]
    pd.testing.assert_frame_equal(before, GOOD)
    pd.testing.assert_frame_equal(after, kept)


@pytest.mark.parametrize("name", ["rates", "composition", "weight_before", "rate_after"])
def test_a_name_that_the_table_needs_is_refused(name):
    frames = [frame.rename(columns={"group": name}) for frame in (GOOD, groups([2, 1], [9, 18]))]
    with pytest.raises(NotComputable, match=f"namnet '{name}' är upptaget"):
        kitagawa(*frames, by=name)


@pytest.mark.parametrize("name", [0, "found_in", "key 1", "rate", "weight"])
def test_any_other_name_is_free(name):
    names = {"group": name, "rate": "r", "weight": "w"}
    pair = GOOD, groups([2, 1], [9, 18])
    frames = [frame.rename(columns=names) for frame in pair]
    found, plain = kitagawa(*frames, by=name, rate="r", weight="w"), kitagawa(*pair)
    assert (found.composition, found.rates) == (plain.composition, plain.rates)
    assert found.to_frame().columns[0] == name
    assert found.sentence().plain() == plain.sentence().plain()


def test_numbered_columns_can_be_split_and_given_twice():
    cells = pd.DataFrame({0: [1, 1, 2, 2], 1: ["k", "m"] * 2, "rate": [1.0, 2, 3, 4]})
    first, last = cells.assign(weight=[1, 2, 3, 4]), cells.assign(weight=[4, 2, 1, 1])
    found = kitagawa(first, last, by=[0, 1, 0], split=True)
    assert list(found.split) == [0, 1] and "från 0" in found.sentence().plain()
    assert sum(found.split.values()) == pytest.approx(found.composition)


def test_a_column_cannot_be_both_group_and_rate():
    with pytest.raises(NotComputable, match="kolumnen 'rate' är angiven både som grupp och som"):
        kitagawa(GOOD, GOOD, by="rate")


def test_one_column_may_be_both_weight_and_rate():
    found = kitagawa(GOOD, groups([1, 1], [20, 20]), weight="rate")
    assert found.estimate == pytest.approx(20 - (10 * 10 + 20 * 20) / 30)


@pytest.mark.parametrize("multiplier", [0, None, "100", float("nan"), float("inf")])
def test_a_multiplier_is_a_number_other_than_0(multiplier):
    with pytest.raises(NotComputable, match="multiplikatorn"):
        kitagawa(GOOD, GOOD, multiplier=multiplier)
