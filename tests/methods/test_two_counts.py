"""Two rates beside each other, and an area beside what the reference's rates would have given it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from vgstats import methods as m
from vgstats.facts.facts import rounded

BREASTS = (
    41,
    28_010,
    15,
    19_017,
)  # cases and person-years, Rothman's table of tuberculosis and X-rays
counts = st.integers(1, 300)


def test_the_published_ratio_and_difference():
    assert m.rate_ratio(*BREASTS).estimate == pytest.approx(1.855759, abs=1e-6)
    assert m.rate_difference(*BREASTS, multiplier=1).estimate == pytest.approx(0.0006750, abs=1e-7)


def score(events: float, of: float) -> tuple[float, float]:
    z = stats.norm.ppf(0.975)
    half = z * np.sqrt(events + z**2 / 4)
    return (events + z**2 / 2 - half) / of, (events + z**2 / 2 + half) / of


def test_the_intervals_are_put_together_by_hand():
    (l1, u1), (l2, u2) = score(*BREASTS[:2]), score(*BREASTS[2:])
    r1, r2 = 41 / 28_010, 15 / 19_017
    found = m.rate_difference(*BREASTS, multiplier=1).interval
    assert found.low == pytest.approx(r1 - r2 - np.hypot(r1 - l1, u2 - r2))
    assert found.high == pytest.approx(r1 - r2 + np.hypot(u1 - r1, r2 - l2))
    root = np.sqrt((r1 * r2) ** 2 - l1 * u2 * (2 * r1 - l1) * (2 * r2 - u2))
    assert m.rate_ratio(*BREASTS).interval.low == pytest.approx(
        (r1 * r2 - root) / (u2 * (2 * r2 - u2))
    )


@given(counts, counts)
def test_turned_round_a_ratio_is_one_over_and_a_difference_changes_its_sign(first, second):
    one, other = ((first, 900, second, 1100), (second, 1100, first, 900))
    there, back = m.rate_ratio(*one).interval, m.rate_ratio(*other).interval
    assert (there.low, there.high) == pytest.approx((1 / back.high, 1 / back.low))
    there, back = m.rate_difference(*one).interval, m.rate_difference(*other).interval
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))


@given(st.integers(0, 300), counts)
def test_the_interval_holds_the_estimate_and_no_rate_falls_by_more_than_all(first, second):
    ratio = m.rate_ratio(first, 900, second, 1100)
    assert 0 <= ratio.interval.low <= ratio.estimate <= ratio.interval.high
    gap = m.rate_difference(first, 900, second, 1100, multiplier=1)
    assert gap.interval.low <= gap.estimate <= gap.interval.high


@pytest.mark.parametrize("means", [(10, 10), (20, 10), (20, 40)])
def test_the_intervals_hold_the_truth_as_often_as_said(means):
    rng = np.random.default_rng(1)
    truth, held = means[0] / 1.0 / (means[1] / 1.5), np.zeros(2)
    drawn = rng.poisson(means, size=(400, 2))
    for first, second in drawn:
        if second:
            held[0] += m.rate_ratio(first, 1000, second, 1500).interval.holds(truth)
        gap = m.rate_difference(first, 1000, second, 1500, multiplier=1000).interval
        held[1] += gap.holds(means[0] - means[1] / 1.5)
    assert (held / len(drawn) > 0.92).all()


def test_rates_that_chance_may_tell_apart_are_said_to_be_alike():
    said = str(m.rate_ratio(20, 1000, 22, 1000, name="sjuktalet").sentence())
    assert said.startswith("Sjuktalet är ") and "en kvot på 0,91" in said
    assert said.endswith("Talen går alltså inte att skilja från varandra.")
    assert "inte att skilja" not in str(m.rate_difference(*BREASTS).sentence())


@pytest.mark.parametrize(
    ("call", "because"),
    [
        (lambda: m.rate_ratio(5, 100, 0, 100), "inte har något fall"),
        (lambda: m.rate_ratio(5, 0, 5, 100), "noll eller negativt"),
        (lambda: m.rate_difference(-5, 10, 5, 100), "antalet är negativt"),
        (lambda: m.rate_difference(5, 10, "5", 100), "antalet är text, inte ett tal: '5'"),
        (lambda: m.indirectly_standardised_ratio(5, 0), "noll eller negativt"),
    ],
)
def test_what_has_no_answer_says_why(call, because):
    with pytest.raises(m.NotComputable, match=because):
        call()


AGES = pd.DataFrame(
    {
        "age": ["16-29", "30-49", "50-64"],
        "population": [200, 500, 100],
        "reference_events": [30, 120, 90],
        "reference_population": [1000, 2000, 600],
    }
)


def test_indirect_standardisation_by_hand_and_by_phes_limits():
    expected = m.expected_events(AGES, strata="age")
    assert expected == pytest.approx(200 * 0.03 + 500 * 0.06 + 100 * 0.15)
    found = m.indirectly_standardised_ratio(65, expected)
    ends = [50.16319, 82.84914]  # PHE's Byar limits of 65 events
    assert [found.interval.low, found.interval.high] == pytest.approx(
        [100 * end / expected for end in ends], rel=1e-6
    )
    few = m.indirectly_standardised_ratio(5, 10)
    assert (few.interval.low, few.interval.high) == pytest.approx((16.2349, 116.6833), abs=1e-4)
    rate = m.indirectly_standardised_ratio(65, expected, reference=240 / 3600)
    assert rate.estimate == pytest.approx(65 / expected * 240 / 3600)


def test_the_reference_itself_is_as_expected():
    own = AGES.assign(population=AGES["reference_population"])
    found = m.indirectly_standardised_ratio(240, m.expected_events(own))
    assert found.estimate == pytest.approx(100)
    assert "hade antalet fall väntats bli 240,0; det blev 240" in str(found.sentence())


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ({"reference_population": [1000, 0, 600]}, "'reference_population' är noll"),
        ({"population": [200, -1, 100]}, "är negativt"),
        ({"population": [200, "1,5", 100]}, "är text, '1,5', för age '30-49'"),
        ({"age": ["16-29", "16-29", "50-64"]}, "står på två rader"),
        ({"age": ["riket", "lan:14", "lan:12"]}, "olika nivå"),
    ],
)
def test_strata_that_cannot_be_used_are_named(change, because):
    with pytest.raises(m.NotComputable, match=because):
        m.expected_events(AGES.assign(**change), strata="age")


@given(counts, counts, st.sampled_from([1000, 10_000, 100_000]))
def test_a_calculator_gives_the_printed_ratio_and_difference(first, second, multiplier):
    for call in (m.rate_ratio, m.rate_difference):
        found = call(first, 28_010, second, 19_017, multiplier=multiplier)
        facts = {fact.id.split("|")[0]: fact.printed() for fact in found.sentence().facts()}
        one, other = facts["tal 1"], facts["tal 2"]
        if call is m.rate_difference:
            assert facts["skillnad"] == one - other
        else:
            assert facts["kvot"] == rounded(float(one / other), found.decimals)
