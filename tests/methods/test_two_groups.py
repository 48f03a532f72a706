"""Difference in differences between two groups of units."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from vgstats.methods.result import NotComputable
from vgstats.methods.two_groups import difference_in_differences

CAUSAL = re.compile(r"effekt|berod|ledde till|tack vare|orsak|\bnan\b", re.IGNORECASE)
SMALL = pd.DataFrame(
    {
        "group": ["A"] * 4 + ["B"] * 4,
        "before": [1.0, 2.0, 3.0, 4.0, 2.0, 3.0, 4.0, 5.0],
        "after": [4.0, 4.0, 6.0, 8.0, 2.0, 4.0, 4.0, 7.0],
    }
)


def small(**options):
    return difference_in_differences(SMALL, **{"treated": "A", "balanced": True} | options)


def stores(shared):
    table = pd.read_csv(shared / "cases" / "card_krueger_1994" / "data.csv")
    table["state"] = table["nj"].map({1: "New Jersey", 0: "Pennsylvania"})
    expected = json.loads((shared / "cases" / "card_krueger_1994" / "expected.json").read_text())
    return table, expected


def card_krueger(table, *, balanced):
    return difference_in_differences(
        table,
        treated="New Jersey",
        balanced=balanced,
        group="state",
        before="pre",
        after="post",
        key="store",
        decimals=2,
    )


def test_card_and_krueger_row_3_all_stores(shared):
    table, expected = stores(shared)
    found = card_krueger(table, balanced=False)
    assert found.estimate == pytest.approx(expected["row 3 DiD"]["computed"], abs=1e-6)
    assert found.standard_error == pytest.approx(1.31, abs=0.005)
    means = expected["means"]
    assert [round(found.other.before, 2), round(found.other.after, 2)] == means["PA"]
    assert [round(found.treated.before, 2), round(found.treated.after, 2)] == means["NJ"]


def test_card_and_krueger_row_4_balanced(shared):
    table, expected = stores(shared)
    found = card_krueger(table, balanced=True)
    computed = expected["row 4 balanced"]["computed"]
    assert [found.estimate, found.standard_error] == pytest.approx(computed, abs=1e-6)
    assert (found.interval.low, found.interval.high) == pytest.approx(
        (0.085784, 5.414215), abs=1e-6
    )
    assert (found.n, found.incomplete) == (384, 26)
    assert str(found.sentence()) == (
        "Medelvärdet ändrades med +0,47 i New Jersey och med −2,28 i Pennsylvania. Skillnaden mellan "
        "ändringarna är +2,75 (95 procents konfidensintervall +0,09 till +5,41); noll ligger utanför. "
        "384 enheter ingår; 26 saknar värde före eller efter och är inte med."
    )


def test_card_and_krueger_row_5_closed_stores_have_no_employees(shared):
    table, expected = stores(shared)
    closed = table.assign(post=table["post"].mask(table["status2"].isin([2, 4, 5]), 0.0))
    found = card_krueger(closed, balanced=True)
    computed = expected["row 5 temporarily closed (status2 in 2,4,5) = 0"]["computed"]
    assert [found.estimate, found.standard_error] == pytest.approx(computed, abs=1e-6)
    assert "den går inte att skilja från noll" in str(found.sentence())


def test_a_small_case_by_hand():
    # Changes A 3, 2, 3, 4 (mean 3, variance 2/3); B 0, 1, 0, 2 (mean 0.75, variance 11/12).
    found = small()
    assert found.estimate == 2.25
    assert found.standard_error == pytest.approx(((2 / 3 + 11 / 12) / 4) ** 0.5)
    assert found.standard_error == pytest.approx(0.6291528696)
    assert (found.interval.low, found.interval.high) == pytest.approx(
        (0.701167, 3.798833), abs=1e-6
    )
    assert found.p == pytest.approx(0.0121942, abs=1e-6)


def test_both_ways_are_one_when_all_units_have_both_values():
    one, other = small(balanced=True), small(balanced=False)
    assert other.standard_error == pytest.approx(one.standard_error)
    assert other.p == pytest.approx(one.p)
    assert (other.interval.low, other.interval.high) == pytest.approx(
        (one.interval.low, one.interval.high)
    )


def test_values_missing_on_one_side_count_in_the_other_mean_only():
    table = SMALL.copy()
    table.loc[0, "after"] = np.nan
    whole = difference_in_differences(table, treated="A", balanced=False)
    assert (whole.treated.n_before, whole.treated.n_after, whole.treated.n_both) == (4, 3, 3)
    assert whole.treated.change == pytest.approx(6 - 2.5)
    assert (whole.n, whole.incomplete) == (8, 1)
    assert "1 av dem saknar värde före eller efter och är med där värde finns" in str(
        whole.sentence()
    )
    strict = difference_in_differences(table, treated="A", balanced=True)
    assert strict.treated.change == pytest.approx(3)
    assert (strict.n, strict.incomplete) == (7, 1)


def test_an_unbalanced_case_by_hand():
    # A before 1 2 3 4 (variance 5/3), after 4 4 6 9 (67/12), covariance of the three with both 1:
    # 5/12 + 67/48 - 2·1·3/16 = 23/16. B before 2..7 (7/2), after 2 and 4 (2), covariance 2:
    # 7/12 + 1 - 2·2·2/12 = 11/12. Degrees of freedom (23/16 + 11/12)² / ((23/16)²/3 + (11/12)²/1)
    # = 3.6245: the smaller number of each group less one. With the larger they would be 6.47.
    table = pd.DataFrame(
        {
            "group": ["A"] * 5 + ["B"] * 6,
            "before": [1.0, 2.0, 3.0, 4.0, None, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0],
            "after": [4.0, 4.0, 6.0, None, 9.0, 2.0, None, 4.0, None, None, None],
        }
    )
    found = difference_in_differences(table, treated="A", balanced=False)
    assert found.estimate == pytest.approx(4.75)
    assert (found.treated.variance, found.other.variance) == pytest.approx((23 / 16, 11 / 12))
    assert found.standard_error == pytest.approx(1.5343294)
    assert (found.interval.low, found.interval.high) == pytest.approx(
        (0.310172, 9.189828), abs=1e-6
    )
    assert found.p == pytest.approx(0.0415203, abs=1e-6)
    assert (found.n, found.incomplete) == (11, 6)


def test_groups_may_be_numbered():
    table = SMALL.replace({"group": {"A": 1, "B": 0}})
    for treated in (1, "1"):
        found = difference_in_differences(table, treated=treated, balanced=True)
        assert found.estimate == small().estimate and found.treated.name == "1"


def test_two_separate_cross_sections_have_no_covariance():
    rng = np.random.default_rng(3)
    table = pd.DataFrame({"group": ["A", "B"] * 20, "before": rng.normal(size=40)})
    table["after"] = rng.normal(size=40)
    table.loc[:19, "after"] = np.nan
    table.loc[20:, "before"] = np.nan
    found = difference_in_differences(table, treated="A", balanced=False)
    parts = [
        part[column].dropna()
        for _, part in table.groupby("group")
        for column in ("before", "after")
    ]
    assert found.standard_error**2 == pytest.approx(sum(p.var() / len(p) for p in parts))


@pytest.mark.filterwarnings("ignore:Precision loss:RuntimeWarning")
@given(
    st.lists(st.tuples(st.floats(-50, 50), st.floats(-50, 50)), min_size=6, max_size=30),
    st.integers(0, 2),
)
def test_the_sentence_agrees_with_a_calculator_and_with_scipy(pairs, decimals):
    table = pd.DataFrame(pairs, columns=["before", "after"]).round(3)
    table["group"] = ["A", "B"] * (len(table) // 2) + ["A"] * (len(table) % 2)
    try:
        found = difference_in_differences(table, treated="A", balanced=True, decimals=decimals)
    except NotComputable:
        return
    change = table["after"] - table["before"]
    own, other = change[table["group"] == "A"], change[table["group"] == "B"]
    assert found.estimate == pytest.approx(own.mean() - other.mean(), abs=1e-9)
    assert found.p == pytest.approx(stats.ttest_ind(own, other, equal_var=False).pvalue)
    text = str(found.sentence())
    assert not CAUSAL.search(text)
    facts = {fact.id.split("|")[0]: float(fact.printed()) for fact in found.sentence().facts()}
    told = facts["ändring i gruppen"] - facts["ändring i den andra"]
    assert told == pytest.approx(facts["skillnad mellan ändringar"], abs=1e-9)
    holds_zero = facts["lägsta skillnad"] <= 0 <= facts["högsta skillnad"]
    assert ("går inte att skilja från noll" in text) == holds_zero


@given(st.floats(-100, 100), st.floats(0.1, 10))
def test_a_common_shift_changes_nothing_and_the_unit_scales(shift, factor):
    moved = SMALL.assign(after=SMALL["after"] + shift)
    found = difference_in_differences(moved, treated="A", balanced=True)
    assert found.estimate == pytest.approx(2.25, abs=1e-6)
    scaled = SMALL.assign(after=SMALL["after"] * factor, before=SMALL["before"] * factor)
    found = difference_in_differences(scaled, treated="A", balanced=True)
    assert found.interval.low == pytest.approx(factor * small().interval.low)


def test_swapping_the_groups_turns_the_sign():
    other = small(treated="B")
    assert other.estimate == -2.25
    assert other.interval.low == pytest.approx(-small().interval.high)


def test_the_words_name_no_cause_and_the_frame_has_the_interval():
    found = small(unit="dagar", source="prov")
    assert not CAUSAL.search(str(found.sentence()) + found.method)
    assert "+2,25 dagar" in str(found.sentence())
    row = found.to_frame().iloc[0]
    assert (row["estimate"], row["unit"], row["source"], row["n"]) == (2.25, "dagar", "prov", 8)
    assert row["low"] < row["estimate"] < row["high"] and 0 < row["p"] < 1
    assert "Card och Krueger 1994" in found.method and "Welch" in found.method


def test_made_up_figures_are_marked():
    assert all(fact.synthetic for fact in small(source="demo").sentence().facts())


@pytest.mark.parametrize(
    ("table", "options", "because"),
    [
        (SMALL, {"before": "after"}, "före och efter är samma kolumn"),
        (SMALL, {"after": "later"}, "kolumnen 'later' saknas"),
        (SMALL, {"key": "unit"}, "kolumnen 'unit' saknas"),
        (SMALL.assign(unit=1), {"key": "unit"}, "unit 1 står på två rader"),
        (SMALL.assign(group=[*"AAAABBB", None]), {}, "ett namn saknas i kolumnen 'group'"),
        (SMALL.assign(group=[*"AAAABBB", np.nan]), {}, "ett namn saknas i kolumnen 'group'"),
        (SMALL.assign(group=[*"AAAABBB", ""]), {}, "ett namn saknas i kolumnen 'group'"),
        (
            SMALL.assign(group=pd.Series([*"AAAABBB", pd.NA], dtype="category")),
            {},
            "ett namn saknas i kolumnen 'group'",
        ),
        (SMALL.assign(group=["A"] * 4 + [1, 1, "1", "1"]), {}, "samma namn står på två sätt"),
        (SMALL, {"treated": "C"}, "två grupper, varav C är den ena; det finns: A, B"),
        (SMALL.assign(group=list("AABBCCCC")), {}, "det finns: A, B, C"),
        (SMALL.iloc[:4], {}, "det finns: A"),
        (SMALL.iloc[:0], {}, "det finns: inga"),
        (SMALL.iloc[3:], {}, "gruppen A har färre än 2 enheter"),
        (SMALL.assign(after=SMALL["before"] + 1), {}, "alla enheter har ändrats lika mycket"),
        (SMALL.assign(after=np.nan), {"balanced": False}, "gruppen A har färre än 2 enheter"),
        (SMALL.assign(after=".."), {}, "gruppen A har färre än 2 enheter"),
        (SMALL.assign(after=np.inf), {}, "oändligt"),
        (SMALL, {"level": 95}, "konfidensnivån 95"),
    ],
)
def test_what_cannot_be_computed_says_why(table, options, because):
    with pytest.raises(NotComputable, match=re.escape(because)):
        difference_in_differences(table, **{"treated": "A", "balanced": True} | options)
