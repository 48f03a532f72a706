"""Counts, proportions, rates and days against published limits, and what must always hold."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentences import plain
from statsmodels.stats.proportion import proportion_confint

from vgstats.methods.chance import byar_limits, count_limits, decimals_for, limit_columns
from vgstats.methods.days import days_per_person, half_width_of_days
from vgstats.methods.one_count import proportion, proportions, rate, rates
from vgstats.methods.result import NotComputable
from vgstats.methods.two_counts import proportion_difference

EXACT = {"rel": 1e-9, "abs": 0}
counts = st.integers(0, 5000)
levels = st.sampled_from([0.9, 0.95, 0.99, 0.998])


def phe(shared, case: str) -> pd.DataFrame:
    return pd.read_csv(shared / "cases" / case / "expected.csv")


def test_byar_and_wilson_as_phe_has_them(shared):
    for row in phe(shared, "phe_byar_wilson").itertuples():
        level = float(row.confidence.rstrip("%")) / 100
        if row.method == "Wilson":
            found = proportion(row.x, row.n, level=level, multiplier=1).interval
            low, high = found.low, found.high
        else:
            low, high = byar_limits(row.x, level)
        # PHE leaves Byar's lower limit empty where it falls below zero; a count cannot.
        expected = 0.0 if math.isnan(row.lowercl) else row.lowercl
        assert (low, high) == pytest.approx((expected, row.uppercl), **EXACT)


@pytest.mark.parametrize(
    ("case", "function", "table"),
    [("phe_rate", rate, rates), ("phe_proportion", proportion, proportions)],
)
def test_rates_and_proportions_as_phe_has_them(shared, case, function, table):
    expected = phe(shared, case)
    columns = ["value", "lower95_0cl", "upper95_0cl", "lower99_8cl", "upper99_8cl"]
    for multiplier, rows in expected.groupby("multiplier"):
        whole = rows[rows["value"].notna()]
        found = table(whole, "Numerator", "Denominator", multiplier=multiplier)
        new = ["estimate", "low95", "high95", "low998", "high998"]
        assert found[new].to_numpy() == pytest.approx(whole[columns].to_numpy(), **EXACT)
        for row in whole.itertuples():
            one = function(row.Numerator, row.Denominator, multiplier=multiplier, level=0.998)
            ends = (one.estimate, one.interval.low, one.interval.high)
            assert ends == pytest.approx((row.value, row.lower99_8cl, row.upper99_8cl), **EXACT)
    for row in expected[expected["value"].isna()].itertuples():
        with pytest.raises(NotComputable, match="saknas eller är dolt"):
            function(row.Numerator, row.Denominator)
    with pytest.raises(NotComputable, match="saknas eller är dolt för rad"):
        table(expected, "Numerator", "Denominator")


def test_wilson_and_newcombe_as_newcombe_has_them(shared):
    folder = shared / "cases" / "newcombe_1998"
    for row in pd.read_csv(folder / "single_proportion.csv").itertuples():
        found = proportion(row.x, row.n, multiplier=1).interval
        ends = (round(found.low, 4), round(found.high, 4))
        assert ends == (row.wilson_lower, row.wilson_upper)
    for row in pd.read_csv(folder / "difference.csv").itertuples():
        found = proportion_difference(row.x1, row.n1, row.x2, row.n2, multiplier=1).interval
        assert (round(found.low, 4), round(found.high, 4)) == (row.lower_m10, row.upper_m10)


def test_single_published_numbers():
    assert proportion(81, 263, multiplier=1).interval.low == pytest.approx(0.2553, abs=5e-5)
    assert proportion(20, 100).interval.high == pytest.approx(28.882916559315885, **EXACT)
    difference = proportion_difference(56, 70, 48, 80, multiplier=1).interval
    assert (difference.low, difference.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    few, many = rate(5, 100), rate(20, 100)
    assert few.interval.low == pytest.approx(1623.48639011842, **EXACT)
    assert many.interval.low == pytest.approx(12211.428834875936, **EXACT)
    assert "Poisson" in few.method and "Byar" in many.method
    assert byar_limits(65)[1] == pytest.approx(82.84913854593984, **EXACT)


def test_byar_takes_over_at_ten_events():
    assert "Poisson" in rate(9, 100).method and "Byar" in rate(10, 100).method
    assert count_limits([10])[0] == pytest.approx(byar_limits([10])[0])
    assert count_limits([9])[0] != pytest.approx(byar_limits([9])[0], rel=1e-6)


def test_a_rate_may_pass_one_and_a_proportion_may_not():
    assert rate(250, 220).estimate == pytest.approx(113636.36363636365)
    with pytest.raises(NotComputable, match="delen är större än helheten"):
        proportion(250, 220)


@pytest.mark.parametrize(
    ("call", "because"),
    [
        (lambda: proportion(math.nan, 10), "antalet saknas eller är dolt"),
        (lambda: proportion(None, 10), "antalet saknas eller är dolt"),
        (lambda: proportion(pd.NA, 10), "antalet saknas eller är dolt"),
        (lambda: proportion(1, math.inf), "antalet att räkna på är oändligt"),
        (lambda: proportion(0, 0), "antalet att räkna på är noll eller negativt"),
        (lambda: proportion(-1, 10), "antalet är negativt"),
        (lambda: proportion(1, 10, level=95), "nivån 95 inte ligger mellan 0 och 1"),
        (lambda: proportion_difference(1, 2, 3, 2), "delen är större än helheten"),
        (lambda: proportion_difference(1, 2, 1, 0), "är noll eller negativt"),
        (lambda: rate(3, 0), "antalet att räkna på är noll eller negativt"),
        (lambda: rate(-3, 10), "antalet är negativt"),
        (lambda: rate(3, 10, level=0), "nivån 0 inte ligger"),
    ],
)
def test_bad_numbers_have_no_answer(call, because):
    with pytest.raises(NotComputable) as found:
        call()
    assert because in found.value.because
    assert str(found.value).startswith("Går inte att beräkna eftersom ")


@pytest.mark.parametrize(
    ("rows", "because"),
    [
        ({"events": [1, None], "n": [10, 10]}, "kolumnen 'events' saknas eller är dolt för rad 2"),
        ({"events": [1, 11], "n": [10, 10]}, "delen är större än helheten på rad 2"),
        ({"events": [1, 2], "n": [0, 10]}, "är noll eller negativt på rad 1"),
        ({"events": [1, -2], "n": [10, 10]}, "antalet är negativt på rad 2"),
        ({"events": [1]}, "kolumnen 'n' saknas"),
        ({"events": [1], "n": [3], "low95": [0]}, "redan har en kolumn 'low95'"),
    ],
)
def test_bad_tables_have_no_answer(rows, because):
    with pytest.raises(NotComputable) as found:
        proportions(pd.DataFrame(rows))
    assert because in found.value.because


def test_a_table_keeps_its_columns_index_and_the_caller_keeps_the_table():
    frame = pd.DataFrame({"namn": ["a", "b"], "x": [3, 4], "på": [10, 20]}, index=[7, 9])
    found = rates(frame, "x", "på", levels=(0.9,), multiplier=100, estimate="tal")
    assert list(found.columns) == ["namn", "x", "på", "tal", "low90", "high90"]
    assert found.index.tolist() == [7, 9] and list(frame.columns) == ["namn", "x", "på"]
    assert limit_columns(0.998) == ("low998", "high998")


@given(part=counts, rest=counts, level=levels)
def test_limits_hold_the_estimate_and_stay_in_range(part, rest, level):
    whole = part + rest + 1
    share = proportion(part, whole, level=level)
    assert 0 <= share.interval.low <= share.estimate + 1e-9
    assert share.estimate - 1e-9 <= share.interval.high <= 100
    found = rate(part, whole, level=level)
    assert 0 <= found.interval.low <= found.estimate < found.interval.high
    difference = proportion_difference(part, whole, rest, whole, level=level)
    assert difference.interval.low - 1e-9 <= difference.estimate <= difference.interval.high + 1e-9


@given(part=st.integers(1, 500), rest=st.integers(1, 500), times=st.integers(2, 20))
def test_limits_widen_as_data_shrink(part, rest, times):
    for function in (proportion, rate):
        small, large = function(part, part + rest), function(times * part, times * (part + rest))
        assert small.interval.high - small.interval.low > large.interval.high - large.interval.low


@given(part=counts, rest=counts)
def test_a_higher_level_is_wider(part, rest):
    found = rates(pd.DataFrame({"events": [part], "n": [part + rest + 1]}))
    assert (found["low998"] <= found["low95"]).all() and (found["high998"] > found["high95"]).all()


@settings(max_examples=30)
@given(st.permutations(range(6)))
def test_the_order_of_rows_does_not_matter(order):
    frame = pd.DataFrame({"events": [0, 1, 9, 10, 50, 99], "n": [100] * 6})
    for function in (proportions, rates):
        whole = function(frame)
        pd.testing.assert_frame_equal(function(frame.iloc[order]), whole.iloc[order])


def test_sentences_of_proportions_and_rates():
    assert plain(proportion(20, 100, name="andelen sjukskrivna")) == (
        "Andelen sjukskrivna är 20,0 procent (20 av 100). Räknat med ren slump ligger en sådan andel "
        "mellan 13,3 och 28,9 procent (95 procents konfidensintervall)."
    )
    assert plain(rate(20, 100, level=0.998)) == (
        "Talet är 20 000 per 100 000 (20 på 100). Räknat med ren slump ligger ett sådant tal mellan "
        "8 923 och 38 085 (99,8 procents konfidensintervall)."
    )
    assert plain(proportion_difference(48, 80, 56, 70)) == (
        "Andelen är 60,0 procent (48 av 80) mot 80,0 procent (56 av 70), en skillnad på −20,0 "
        "procentenheter. Räknat med ren slump ligger en sådan skillnad mellan −33,4 och −5,2 "
        "procentenheter (95 procents konfidensintervall)."
    )
    assert plain(proportion_difference(5, 56, 0, 29)).endswith(
        "Skillnaden går alltså inte att skilja från slump."
    )


def test_a_proportion_of_one_is_printed_in_per_cent_too():
    assert plain(proportion(20, 100, multiplier=1)) == plain(proportion(20, 100))


@given(part=counts, rest=counts, other=counts)
def test_a_difference_agrees_with_a_calculator(part, rest, other):
    whole = part + rest + 1
    text = proportion_difference(part, whole, min(other, whole), whole).sentence()
    first, second, difference = (
        fact.printed()
        for fact in text.facts()
        if fact.id.split("|")[0] in ("andel 1", "andel 2", "skillnad")
    )
    assert first - second == difference


def test_decimals_show_the_width():
    assert [decimals_for(width) for width in (18000, 20, 19.9, 2, 1.9, 0.2)] == [0, 0, 1, 1, 2, 2]
    assert decimals_for(0, 1) == 1 and decimals_for(500, 1) == 1


def test_a_result_as_a_row():
    row = rate(20, 100, source="demo", about="lan:14").to_frame().iloc[0]
    assert (row["n"], row["unit"], row["level"], row["source"]) == (
        20,
        "per 100\N{NARROW NO-BREAK SPACE}000",
        0.95,
        "demo",
    )
    facts = rate(20, 100, source="demo", about="lan:14").sentence().facts()
    assert all(fact.synthetic and fact.id.endswith("|lan:14") for fact in facts)


DAYS = pd.DataFrame({"days": [10, 30, 90, 365], "persons": [200, 150, 80, 300]})


def test_days_count_persons():
    found = days_per_person(DAYS, 3000)
    assert found.estimate == pytest.approx(123200 / 3000)
    squares = 200 * 10**2 + 150 * 30**2 + 80 * 90**2 + 300 * 365**2
    assert found.widening == pytest.approx(math.sqrt(squares / 123200))
    low, high = byar_limits(123200)
    naive = float(high - low) / 3000
    width = found.interval.high - found.interval.low
    assert width == pytest.approx(naive * found.widening)
    assert width / 2 == pytest.approx(1.96 * math.sqrt(squares) / 3000, rel=1e-3)
    assert plain(found) == (
        "Antalet dagar är 41,1 per försäkrad (123 200 dagar på 3 000 försäkrade). Räknat med ren "
        "slump ligger ett sådant tal mellan 36,9 och 45,3 dagar per försäkrad (95 procents "
        "konfidensintervall). Intervallet räknar personer, inte dagar, och är därför 18,2 gånger så "
        "brett som om varje dag hade räknats för sig."
    )


def test_one_day_each_is_byar():
    frame = pd.DataFrame({"dagar": [0, 1], "antal": [935, 65]})
    found = days_per_person(frame, 1000, persons="antal", days="dagar").interval
    ends = (1000 * found.low, 1000 * found.high)
    assert ends == pytest.approx((50.163187710459454, 82.84913854593984), **EXACT)


@pytest.mark.parametrize("runs", [500, pytest.param(2000, marks=pytest.mark.long)])
def test_the_interval_of_days_covers_what_it_says(runs):
    chance = np.random.default_rng(20)
    persons = chance.poisson(DAYS["persons"].to_numpy(), size=(runs, 4))
    held = [
        days_per_person(DAYS.assign(persons=row), 3000).interval.holds(123200 / 3000)
        for row in persons
    ]
    assert 0.935 < np.mean(held) < 0.965


@given(st.permutations(range(4)), st.integers(2, 9))
def test_days_widen_as_data_shrink_in_any_order(order, times):
    small = days_per_person(DAYS.iloc[order], 3000).interval
    large = days_per_person(DAYS.assign(persons=times * DAYS["persons"]), times * 3000).interval
    whole = days_per_person(DAYS, 3000).interval
    assert small.high - small.low > large.high - large.low
    assert (small.low, small.high) == pytest.approx((whole.low, whole.high))


@pytest.mark.parametrize(
    ("frame", "insured", "because"),
    [
        (DAYS, 700, "personerna är fler än de försäkrade"),
        (DAYS, 0, "antalet att räkna på är noll eller negativt"),
        (DAYS, math.nan, "antalet att räkna på saknas eller är dolt"),
        (DAYS.assign(persons=2), 3000, "färre än 10 personer har några dagar"),
        (DAYS.assign(persons=[-1, 50, 50, 50]), 3000, "antalet personer är negativt"),
        (DAYS.assign(days=[-1, 30, 90, 365]), 3000, "antalet dagar är negativt"),
        (DAYS.assign(days=[30, 30, 90, 365]), 3000, "står på två rader"),
        (DAYS.assign(days=[None, 30, 90, 365]), 3000, "saknas eller är dolt"),
        (DAYS.assign(days=[0, 30, 90, 365], persons=[900, 3, 3, 3]), 3000, "färre än 10 personer"),
        (DAYS.iloc[:0], 3000, "färre än 10 personer"),
    ],
)
def test_bad_days_have_no_answer(frame, insured, because):
    with pytest.raises(NotComputable) as found:
        days_per_person(frame, insured)
    assert because in found.value.because


@pytest.mark.parametrize(("insured", "days"), [(3000, 4.1), (10_000, 2.2), (50_000, 1.0)])
def test_the_half_width_of_a_small_area(insured, days):
    fixed = half_width_of_days(43, insured, mean_square_ratio=342, fixed_population=True)
    assert round(fixed.estimate, 1) == days
    assert half_width_of_days(43, insured, mean_square_ratio=342).estimate > fixed.estimate


def test_the_half_width_is_that_of_days_per_person():
    found = days_per_person(DAYS, 3000)
    half = half_width_of_days(found.estimate, 3000, mean_square_ratio=found.mean_square_ratio)
    width = found.interval.high - found.interval.low
    assert half.estimate == pytest.approx(width / 2, rel=1e-3)
    single = half_width_of_days(43, 3000, mean_square_ratio=1)
    assert single.estimate == pytest.approx(0.23, abs=0.005)
    assert plain(half_width_of_days(43, 3000, mean_square_ratio=342)) == (
        "Med 3 000 försäkrade och 43,0 dagar per försäkrad kan talet av ren slump ligga 4,3 dagar "
        "högre eller lägre (95 procents nivå)."
    )


@pytest.mark.parametrize(
    ("mean", "insured", "ratio"),
    [
        (0, 10, 1),
        (43, 0, 1),
        (math.nan, 10, 1),
        (None, 10, 1),
        (43, pd.NA, 1),
        (43, 10, math.nan),
        (43, 10, -1),
        (43, 10, 0),
    ],
)
def test_a_bad_half_width_has_no_answer(mean, insured, ratio):
    with pytest.raises(NotComputable, match=r"eftersom (medeltalet|antalet|spridningen)"):
        half_width_of_days(mean, insured, mean_square_ratio=ratio)


def test_statsmodels_has_the_last_word_on_wilson():
    low, high = proportion_confint(3, 17, alpha=0.002, method="wilson")
    found = proportion(3, 17, level=0.998, multiplier=1).interval
    assert (found.low, found.high) == pytest.approx((low, high))


@pytest.mark.parametrize(
    ("call", "because"),
    [
        (
            lambda: rate([1, 2], [3, 4]),
            "antalet är flera tal, inte ett; för en tabell finns `rates`",
        ),
        (
            lambda: proportion([1, 2], 9),
            "antalet är flera tal, inte ett; för en tabell finns `prop",
        ),
        (lambda: rate(1, pd.Series([3, 4])), "antalet att räkna på är flera tal, inte ett; för en"),
        (lambda: rate("3", 10), "antalet är text, inte ett tal"),
        (
            lambda: days_per_person(DAYS, [3000, 4000]),
            "antalet att räkna på är flera tal, inte ett",
        ),
        (lambda: half_width_of_days("43", 10, mean_square_ratio=1), "medeltalet är text"),
        (lambda: half_width_of_days(43, "10", mean_square_ratio=1), "försäkrade är text"),
        (lambda: half_width_of_days(43, 10, mean_square_ratio="1"), "(mean_square_ratio) är text"),
        (
            lambda: half_width_of_days(43, 10, mean_square_ratio=pd.NA),
            "ratio) saknas eller är dolt",
        ),
        (lambda: rate(3, 10, level="0.95"), "nivån är text"),
        (lambda: rate(3, 10, level=None), "nivån saknas eller är dolt"),
        (lambda: rate(3, 10, level=np.float64(1.5)), "nivån 1,5 inte ligger mellan 0 och 1"),
    ],
)
def test_what_is_not_one_number_has_no_answer(call, because):
    with pytest.raises(NotComputable) as found:
        call()
    assert because in found.value.because


@pytest.mark.parametrize("multiplier", [0, -1, math.nan, math.inf, None, "100"])
@pytest.mark.parametrize("function", [proportion, rate, proportions, rates])
def test_a_multiplier_is_above_zero(function, multiplier):
    table = pd.DataFrame({"events": [3], "n": [10]})
    given = (table,) if function in (proportions, rates) else (3, 10)
    with pytest.raises(NotComputable, match="multiplikatorn"):
        function(*given, multiplier=multiplier)


@pytest.mark.parametrize("function", [proportions, rates])
def test_one_level_and_one_name_for_each_new_column(function):
    frame = pd.DataFrame({0: [3, 4], "n": [10, 20]}, index=["a", "a"])
    found = function(frame, 0, levels=0.95)
    assert list(found.columns) == [0, "n", "estimate", "low95", "high95"]
    pd.testing.assert_frame_equal(found, function(frame, 0, levels=[0.95, 0.95]))
    assert list(function(frame, 0, levels=0.9, estimate=1).columns)[2] == 1
    with pytest.raises(NotComputable, match="namnet 'low95' är upptaget"):
        function(frame, 0, estimate="low95")


def test_the_fourth_row_is_called_the_fourth():
    bad = pd.DataFrame({"events": [1, 2, 3, 40, 1], "n": [10] * 5}, index=list("abcde"))
    with pytest.raises(NotComputable, match="delen är större än helheten på rad 4"):
        proportions(bad)


@pytest.mark.parametrize(
    ("days", "shares", "persons"),
    [
        ([15, 30, 60, 120, 240, 365], [0.25, 0.2, 0.15, 0.1, 0.08, 0.22], 80),
        ([5, 15, 30, 60, 120, 365], [0.3, 0.25, 0.2, 0.12, 0.08, 0.05], 150),
    ],
)
def test_an_interval_of_days_that_is_given_holds_the_truth_nearly_as_often_as_said(
    days, shares, persons
):
    """Few long cases among many short ones: so many persons as are needed, and a few of the answers refused."""
    rng, given, held = np.random.default_rng(2), 0, 0
    truth = persons * float(np.dot(days, shares)) / 5000
    for _ in range(250):
        counts = rng.multinomial(rng.poisson(persons), shares)
        try:
            found = days_per_person(pd.DataFrame({"days": days, "persons": counts}), 5000)
        except NotComputable:
            continue
        given, held = given + 1, held + found.interval.holds(truth)
    assert given > 100
    assert held / given > 0.91


def test_days_that_few_persons_carry_have_no_interval():
    few = pd.DataFrame({"days": [20, 365], "persons": [60, 20]})
    with pytest.raises(NotComputable, match=r"som om det vilade på 26 personer .* minst 30 behövs"):
        days_per_person(few, 3000)
