"""Is a county's change larger than such changes usually differ between counties?"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from support import ROOT
from vgstats import compare, county_changes, published
from vgstats.catalogue import areas
from vgstats.catalogue.calibration import interval_rates, rates_of
from vgstats.methods.chance import relative_variances
from vgstats.methods.other_areas import among_others
from vgstats.methods.result import NotComputable

sys.path.insert(0, str(ROOT / "tests" / "bench"))
from simulate_comparison import false_positive_rates, plain_rates

numbers = st.floats(-60, 60).map(lambda value: round(value, 2))
sets_of_changes = st.lists(numbers, min_size=7, max_size=25, unique=True)


def table(values: list[float], sizes: list[float] | None = None) -> pd.DataFrame:
    frame = pd.DataFrame({"area": [f"a{i}" for i in range(len(values))], "change": values})
    return frame.assign(size=sizes) if sizes else frame


def test_with_equal_noise_the_interval_is_the_textbook_prediction_interval():
    values = [-35.6, -30, -41, -28, -33, -45, -38, -26.5]
    found = among_others(table(values), "a0")
    others = np.array(values[1:])
    half = stats.t.ppf(0.975, 6) * others.std(ddof=1) * np.sqrt(1 + 1 / 7)
    assert found.usual.low == pytest.approx(others.mean() - half)
    assert found.usual.high == pytest.approx(others.mean() + half)
    assert found.estimate == pytest.approx(-35.6 - others.mean())
    assert found.n == 8


@given(sets_of_changes, st.randoms(use_true_random=False))
def test_neither_the_order_of_rows_nor_the_names_of_areas_matter(values, random):
    sizes = [1000.0 * (i + 1) for i in range(len(values))]
    frame = table(values, sizes)
    found = among_others(frame, "a0", size="size")
    shuffled = frame.sample(frac=1, random_state=random.randint(0, 99))
    renamed = frame.assign(place="x" + frame["area"], d=frame["change"])
    again = among_others(shuffled, "a0", size="size")
    other = among_others(renamed, "xa0", key="place", change="d", size="size")
    for result in (again, other):
        assert result.interval.low == pytest.approx(found.interval.low)
        assert (result.rank, result.as_far) == (found.rank, found.as_far)


@given(sets_of_changes)
def test_outside_the_usual_is_zero_outside_the_interval(values):
    found = among_others(table(values), "a0")
    assert found.inside == found.interval.holds(0)
    assert found.interval.holds(found.estimate)
    assert 1 / found.n <= found.p <= 1


def test_with_fewer_counties_the_interval_widens():
    rng = np.random.default_rng(4)
    widths = []
    for others in (6, 12, 20):
        drawn = [
            among_others(table([0, *rng.normal(size=others)]), "a0").interval for _ in range(60)
        ]
        widths.append(np.mean([i.high - i.low for i in drawn]))
    assert widths == sorted(widths, reverse=True)


def test_noise_that_shrinks_with_size_widens_a_small_area_and_narrows_a_large_one():
    rng = np.random.default_rng(1)
    sizes = np.geomspace(1000, 40000, 21)
    values = rng.normal(size=21) * np.sqrt(1000 / sizes) * 20
    frame = table(list(values), list(sizes))
    small, large = (among_others(frame, area, size="size") for area in ("a0", "a20"))
    assert small.share_of_size == large.share_of_size == 1
    plain = among_others(frame, "a20")
    assert large.usual.high - large.usual.low < plain.usual.high - plain.usual.low
    assert small.usual.high - small.usual.low > plain.usual.high - plain.usual.low


def test_the_estimate_is_from_the_middle_of_what_is_usual():
    rng = np.random.default_rng(1)
    sizes = np.geomspace(1000, 40000, 21)
    values = rng.normal(size=21) * np.sqrt(1000 / sizes) * 20
    found = among_others(table(list(values), list(sizes)), "a20", size="size")
    assert found.share_of_size == 1
    middle = (found.usual.low + found.usual.high) / 2
    weights = 1 / relative_variances(sizes)[:20]
    assert middle == pytest.approx((weights * values[:20]).sum() / weights.sum())
    assert found.estimate == pytest.approx(found.change - middle)
    assert found.mean_of_others == pytest.approx(values[:20].mean())


def test_areas_that_all_lie_as_far_out_are_said_to():
    found = among_others(table([5, -5, 5, -5, 5, -5, 5, -5]), "a0")
    assert "Alla 8 länen ligger lika långt" in found.sentence().plain()


@pytest.mark.parametrize("level", [0, 1, 1.5, 95])
def test_a_level_is_between_0_and_1(level):
    with pytest.raises(NotComputable, match="mellan 0 och 1"):
        among_others(table([1, 2, 3, 4, 5, 6, 7]), "a0", level=level)


def test_areas_may_be_numbers():
    frame = table([1, 2, 3, 4, 5, 6, 7]).assign(area=range(7))
    assert among_others(frame, 3).change == among_others(frame, "3").change == 4


def test_the_sentence_says_inside_or_outside_by_its_own_numbers():
    values = [0, 1, 2, 3, 4, 5, 6, 7]
    inside = among_others(table([3.5, *values]), "a0").sentence().plain()
    assert "ligger innanför vanlig variation" in inside
    outside = among_others(table([30, *values]), "a0").sentence().plain()
    assert "ligger utanför vanlig variation" in outside
    assert "Av de 9 länen avviker det här länet mest" in outside


@pytest.mark.parametrize(
    ("frame", "because"),
    [
        (table([1, 2, 3, 4, 5]), "bara 4 andra"),
        (table([1, 2, 2, 2, 2, 2, 2]), "samma förändring"),
        (table([1, 2, None, 4, 5, 6, 7]), "saknas eller är dolt för area 'a2'"),
        (table([1, 2, 3, 4, 5, 6, 7], [1, 1, 1, 0, 1, 1, 1]), "större än noll"),
        (pd.concat([table([1, 2, 3, 4, 5, 6])] * 2), "står på två rader"),
        (table([1, 2, 3, 4, 5, 6]).rename(columns={"change": "d"}), "kolumnen 'change' saknas"),
        (table([1, 2, 3, 4, 5, 6]).assign(area="b"), "står på två rader"),
    ],
)
def test_what_cannot_be_computed_says_why(frame, because):
    size = "size" if "size" in frame else None
    with pytest.raises(NotComputable, match=because) as raised:
        among_others(frame, "a0", size=size)
    assert str(raised.value).startswith("Går inte att beräkna eftersom ")


def test_an_area_that_is_not_there_is_named():
    with pytest.raises(NotComputable, match="'a9' inte finns"):
        among_others(table([1, 2, 3, 4, 5, 6, 7]), "a9")


def test_vastra_gotaland_lies_inside_the_usual_variation_2005_to_2008():
    found = compare(published(), "pagaende_sjukfall", "lan:14", "2005", "2008").others
    others = county_changes(published(), "pagaende_sjukfall", "2005", "2008").query(
        "area != 'lan:14'"
    )["percent"]
    assert found.mean_of_others == pytest.approx(others.mean())
    assert (round(found.usual.low, 1), round(found.usual.high, 1)) == (-50.5, -20.8)
    assert found.inside
    assert found.rank == 11


def test_the_rates_in_the_package_are_what_the_simulation_gives():
    again = false_positive_rates(2008).set_index(["year", "area"])
    there = interval_rates().loc[[2008]]
    pd.testing.assert_frame_equal(again, there, check_exact=False, atol=0.011)


def test_a_plain_interval_fails_where_small_counties_swing_more():
    rates = plain_rates(runs=4000)
    assert rates["lika"].between(4, 6).all()
    assert rates.loc["lan:09", "storlek"] > 25
    assert rates.loc["lan:14", "storlek"] < 1


def test_no_county_in_any_year_is_pointed_out_more_often_than_the_aim_allows():
    rates = interval_rates()
    assert set(rates.index.get_level_values("year")) == set(range(2005, 2026))
    assert rates.filter(like="rate_").max().max() < 7.5
    assert (rates["widen"] >= 1).all()
    assert rates_of("lan:14", 1999) == rates_of("lan:14", 2005)


def test_no_interval_is_printed_for_a_county_that_is_pointed_out_too_often_or_too_seldom():
    withheld = [area for area in areas.lan() if not rates_of(area, 2005).trusted]
    assert withheld == ["lan:09"]
    found = compare(published(), "pagaende_sjukfall", "lan:09", "2005", "2008").others
    assert found.interval is None
    assert found.usual is None
    assert found.to_frame().loc[0, "p"] is None  # no p value without its interval
    assert "skrivs inte ut för Gotlands län" in found.sentence().plain()


def test_a_difference_is_told_with_how_large_it_must_be_to_be_seen_and_calls_nothing_alike():
    found = compare(published(), "pagaende_sjukfall", "lan:14", "2005", "2008").others
    said = found.seen_words().plain()
    assert said == (
        "Länet ligger 0,0 procentenheter från de andra länens mitt. Ett avstånd måste vara omkring 14,9 "
        "procentenheter för att märkas ens i hälften av fallen."
    )
    low = found.interval.low
    assert found.half_width == pytest.approx(found.estimate - low)


def test_a_widened_interval_keeps_its_middle():
    found = among_others(table([0.0, -1.0, 0.0, 1.0, 0.5, -0.5, 0.2]), "a0")
    wide = found.widened(2)
    assert wide.estimate == found.estimate
    assert wide.interval.high - wide.estimate == pytest.approx(
        2 * (found.interval.high - found.estimate)
    )
