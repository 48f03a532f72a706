"""How long cases last: published tables, statsmodels' estimate, and what is refused."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from vgstats.methods.result import NotComputable
from vgstats.methods.survival import median_days, medians, still_ongoing

# 6-MP of Freireich et al. (1963), Blood 21:699; the estimate as in Kleinbaum & Klein, Survival Analysis.
RELAPSES = [6, 6, 6, 7, 10, 13, 16, 22, 23]
IN_REMISSION = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
# The first rows of R's survfit(Surv(time, status) ~ sex, data = lung), sex=1: day, events, at risk after it.
LUNG = [
    (11, 3), (12, 1), (13, 2), (15, 1), (26, 1), (30, 1), (31, 1), (53, 2), (54, 1), (59, 1), (60, 1), (65, 2), (71, 1),
    (81, 1), (88, 2), (92, 1), (93, 1), (95, 1), (105, 1), (107, 1), (110, 1), (116, 1), (118, 1), (131, 1), (132, 2),
    (135, 1), (142, 1), (144, 1), (147, 1), (156, 2), (163, 3), (166, 1), (170, 1), (175, 1), (176, 1), (177, 1),
    (179, 2), (180, 1),
]  # fmt: skip


def histogram(ended: list[float], ongoing: list[float], times: int = 1) -> pd.DataFrame:
    rows = [(day, times, 0) for day in ended] + [(day, 0, times) for day in ongoing]
    return (
        pd.DataFrame(rows, columns=["days", "ended", "ongoing"])
        .groupby("days", as_index=False)
        .sum()
    )


def test_half_of_freireichs_patients_relapse_within_23_weeks():
    found = median_days(histogram(RELAPSES, IN_REMISSION, times=2))
    assert (found.estimate, found.n, found.ongoing) == (23, 42, 24)
    assert found.interval.high == np.inf, "not followed far enough"
    assert "16 dagar eller mer" in found.sentence().plain()


@pytest.mark.parametrize(
    ("week", "share"), [(6, 0.857), (7, 0.807), (10, 0.753), (13, 0.690), (16, 0.627), (22, 0.538)]
)
def test_the_share_left_is_the_published_one(week, share):
    found = still_ongoing(histogram(RELAPSES, IN_REMISSION, times=10), week)
    assert found.estimate / 100 == pytest.approx(share, abs=5e-4)


def test_the_share_left_of_138_men_is_that_of_r():
    # One case leaves the table between 166 and 175 without an event: 97 - 1, 96 - 1, then 94 at risk.
    events = [day for day, many in LUNG for _ in range(many)]
    cases = histogram(events, [174, *[200] * 88])
    for day, share in {
        30: 0.9348,
        60: 0.8913,
        90: 0.8478,
        170: 0.6884,
        175: 0.6811,
        180: 0.6445,
    }.items():
        assert still_ongoing(cases, day).estimate / 100 == pytest.approx(share, abs=5e-5)


@pytest.mark.parametrize("seed", range(25))
def test_median_and_limits_are_those_of_statsmodels(seed):
    rng = np.random.default_rng(seed)
    lasts, seen = np.ceil(rng.lognormal(3.3, 1, 200)), rng.integers(1, 366, 200)
    days, over = np.minimum(lasts, seen), lasts <= seen
    theirs, ours = SurvfuncRight(days, over * 1), median_days(histogram(days[over], days[~over]))
    ends = (ours.interval.low, ours.interval.high)
    assert (ours.estimate, ends) == (theirs.quantile(0.5), theirs.quantile_ci(0.5))


def test_cases_that_go_on_are_not_taken_for_ended():
    ended, ongoing = [10] * 20 + [40] * 20, [35] * 40
    taken_as_ended = median_days(histogram(ended + ongoing, []))
    assert taken_as_ended.estimate == 35 and median_days(histogram(ended, ongoing)).estimate == 40
    assert "alla avslutade" in taken_as_ended.sentence().plain()


def test_exactly_half_is_half():
    assert median_days(histogram([10] * 15 + [20] * 15, [])).estimate == 10


def test_thirty_cases_are_the_fewest():
    assert median_days(histogram([10] * 30, [])).estimate == 10
    with pytest.raises(NotComputable, match="färre än 30 sjukfall"):
        median_days(histogram([10] * 29, []))


def test_a_share_needs_thirty_cases_that_are_followed_so_far():
    cases = histogram([10] * 50, [60] * 29 + [90])
    assert still_ongoing(cases, 59).followed == 30
    with pytest.raises(
        NotComputable, match="färre än 30 av sjukfallen kan följas längre än 60 dagar"
    ):
        still_ongoing(cases, 60)


def test_no_median_where_most_go_on():
    with pytest.raises(
        NotComputable, match="mer än hälften av sjukfallen pågår ännu efter 90 dagar"
    ):
        median_days(histogram([10] * 10, [90] * 30))


@pytest.mark.parametrize(
    ("cases", "why"),
    [
        (pd.DataFrame({"days": [0, 3], "ended": [40, 40], "ongoing": [0, 0]}), "mindre än ett"),
        (pd.DataFrame({"days": [3, 3], "ended": [40, 40], "ongoing": [0, 0]}), "två rader"),
        (pd.DataFrame({"days": [2, 3], "ended": [40, -1], "ongoing": [0, 0]}), "negativt"),
    ],
)
def test_counts_that_cannot_be_are_refused(cases, why):
    with pytest.raises(NotComputable, match=why):
        median_days(cases)


@given(
    st.lists(
        st.tuples(
            st.sampled_from("ab"), st.integers(1, 60), st.integers(0, 30), st.integers(0, 30)
        ),
        min_size=1,
        max_size=30,
        unique_by=lambda row: row[:2],
    )
)
def test_many_medians_at_once_are_those_of_each(rows):
    frame = pd.DataFrame(rows, columns=["unit", "days", "ended", "ongoing"])
    frame = frame[frame["ended"] + frame["ongoing"] > 0]
    expected = {}
    for unit, own in frame.groupby("unit"):
        with suppress(NotComputable):
            expected[unit] = median_days(own).estimate
    assert medians(frame, ["unit"]).to_dict() == expected
