"""Segmented regression: one series broken at a known time, alone or beside another."""

from __future__ import annotations

import json
import re
import sys

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.stattools import durbin_watson

from examples import fewer
from support import ROOT
from vgstats.methods.result import NotComputable
from vgstats.methods.segmented import segmented_regression
from vgstats.methods.segmented_fit import design_of, lines_of
from vgstats.methods.segmented_interval import Scatter

sys.path.insert(0, str(ROOT / "tests" / "bench"))
from simulate_segmented import judged, matrix_of, noise

BANNED = re.compile(r"effekt|berod|ledde till|tack vare|orsak|\bnan\b|\binf\b", re.IGNORECASE)
ALONE = {"without_comparison": True, "rolling12": False}
BESIDE = {"group": "area", "treated": "A", "comparison": "B", "rolling12": False}
VALUES = [20.0, 21.0, 21.5, 23.0, 23.5, 25.0, 26.5, 26.0, 24.0, 24.5, 24.0, 23.5, 23.0]
SICILY = {"time": "time", "outcome": "aces", "start": 37, "rolling12": False, "decimals": 1}
SICILY_MODELS = [
    ("model 2 quasi-Poisson", None, False),
    ("model 3 + 2 sin/cos pairs, period 12", (12, 2), False),
    ("model 4 + slope change (time-36)*smokban", (12, 2), True),
]


def one(values=VALUES, first=2001):
    return pd.DataFrame({"period": range(first, first + len(values)), "value": values})


def two(seed=1, years=20):
    rng = np.random.default_rng(seed)
    rows = [
        {"area": area, "period": 2000 + year, "value": 40 + rng.normal(), "persons": 1000.0 + year}
        for area in "AB"
        for year in range(years)
    ]
    return pd.DataFrame(rows)


def fit(table=None, **options):
    asked = {"start": 2009, "unit": "dagar"} | ALONE | options
    return segmented_regression(one() if table is None else table, **asked)


def beside(table=None, **options):
    asked = {"start": 2010, "unit": "dagar"} | BESIDE | options
    return segmented_regression(two() if table is None else table, **asked)


def plain_interval(table, start, season, slope, dispersion=None):
    """Return the interval of the shift as the paper has it: normal, no autocorrelation."""
    place = np.arange(len(table)) - start
    rows = pd.DataFrame({"T": place + slope, "after": (place >= 0) * 1.0, "y": table["aces"]})
    rows["offset"] = np.log(table["stdpop"])
    design = design_of(rows, season=season, slope_change=slope)
    lines = lines_of([rows], design, "poisson")["own"]
    variance = np.linalg.inv(lines.design.T @ lines.design) * (dispersion or lines.dispersion)
    half = 1.959963985 * np.sqrt(variance[2, 2])
    return np.exp([lines.numbers[2] - half, lines.numbers[2] + half])


@pytest.mark.parametrize(("model", "season", "slope"), SICILY_MODELS)
def test_the_smoking_ban_in_sicily(shared, model, season, slope):
    folder = shared / "cases" / "bernal2017_sicily"
    published = json.loads((folder / "expected.json").read_text())
    expected, table = published[model], pd.read_csv(folder / "sicily.csv")
    found = segmented_regression(
        table,
        **SICILY,
        without_comparison=True,
        family="poisson",
        denominator="stdpop",
        season=season,
        slope_change=slope,
        origin="last_before" if slope else "start",
    )
    assert found.estimate == pytest.approx(expected["RR"], abs=2e-6)
    plain = plain_interval(table, 36, season, slope)
    assert plain == pytest.approx(expected["CI"], abs=2e-6)
    if season is None:
        poisson = published["model 1 Poisson, offset log(stdpop), smokban+time"]["CI"]
        assert plain_interval(table, 36, None, False, 1.0) == pytest.approx(poisson, abs=2e-6)
    if "dispersion" in expected:
        assert found.dispersion == pytest.approx(expected["dispersion"], abs=2e-6)
    if "trend RR per year" in expected:
        year = found.terms["lutning före"].estimate ** 12
        assert year == pytest.approx(expected["trend RR per year"], abs=2e-6)
    if slope:
        ratio = found.terms["lutningsskifte"].estimate
        assert ratio == pytest.approx(expected["slope RR/month"], abs=2e-6)
    assert found.interval.high < 1
    assert not BANNED.search(str(found.sentence()))


@pytest.mark.parametrize(("origin", "zero"), [("start", 8.0), ("last_before", 7.0)])
def test_a_small_series_by_its_normal_equations(origin, zero):
    found = fit(origin=origin)
    place = np.arange(len(VALUES)) - zero
    after = (np.arange(len(VALUES)) >= 8) * 1.0
    design = np.column_stack([np.ones(len(VALUES)), place, after, after * place])
    numbers = np.linalg.solve(design.T @ design, design.T @ np.array(VALUES))
    rest = np.array(VALUES) - design @ numbers
    for name, i in (("lutning före", 1), ("nivåskifte", 2), ("lutningsskifte", 3)):
        assert found.terms[name].estimate == pytest.approx(numbers[i])
    assert found.estimate == found.terms["nivåskifte"].estimate
    assert found.shift.durbin_watson == pytest.approx(durbin_watson(rest))
    assert found.to_frame()["durbin_watson"].tolist() == pytest.approx([durbin_watson(rest)] * 4)


def test_the_small_series_in_numbers():
    found = fit()
    # The line before: 40.25/42 a year, 26 2/3 in 2008. After: -3/10 a year, 24.4 in 2009.
    assert found.terms["lutning före"].estimate == pytest.approx(40.25 / 42)
    assert found.terms["lutning efter"].estimate == pytest.approx(-0.3)
    assert found.terms["lutningsskifte"].estimate == pytest.approx(-0.3 - 40.25 / 42)
    assert found.estimate == pytest.approx(24.4 - (80 / 3 + 40.25 / 42))
    assert found.n == 13
    last = fit(origin="last_before")  # the line after drawn back to 2008: 24.7
    assert last.estimate == pytest.approx(24.7 - 80 / 3)
    for name in ("lutning före", "lutning efter", "lutningsskifte"):
        assert last.terms[name].estimate == pytest.approx(found.terms[name].estimate)
    one, other = (fit(origin=name, slope_change=False) for name in ("start", "last_before"))
    assert one.estimate == pytest.approx(other.estimate)
    assert one.sentence().plain() == other.sentence().plain()


CIGARETTES = [
    *[123.0, 121.0, 123.5, 124.4, 126.7, 127.1, 128.0, 126.4, 126.1, 121.9, 120.2, 118.6, 115.4],
    *[110.8, 104.8, 102.8, 99.7, 97.5, 90.1, 82.4, 77.8, 68.7, 67.5, 63.4, 58.6, 56.4, 54.5, 53.8],
    *[52.3, 47.2, 41.6],
]


def test_the_cigarettes_of_california_as_linden_has_them():
    # Linden 2015, Stata Journal 15:480-500: Proposition 99, packs a head, one series from 1989.
    found = fit(one(CIGARETTES, 1970), start=1989)
    assert found.estimate == pytest.approx(-20.058, abs=0.001)
    assert found.terms["nivåskifte"].estimate == pytest.approx(-20.058, abs=0.001)
    assert found.terms["lutningsskifte"].estimate == pytest.approx(-1.495, abs=0.001)
    assert "vid 1989, ändras nivån med −20,1 " in str(found.sentence())
    last = fit(one(CIGARETTES, 1970), start=1989, origin="last_before")
    assert last.estimate == pytest.approx(-20.058 + 1.495, abs=0.001)
    assert (last.origin, found.origin) == ("1988", "1989")
    assert "räknat vid 1988, den sista perioden före, ändras nivån med −18,6 " in str(
        last.sentence()
    )
    # Its errors are far too alike for any interval: 31 years, Durbin-Watson 0.54.
    assert found.interval is None
    assert "autokorrelationen får vara högst 0,85" in str(found.sentence())
    assert "(autokorrelationen) uppskattas till 0,94; Durbin-Watson är 0,54" in str(
        found.sentence()
    )
    assert found.shift.durbin_watson == pytest.approx(0.535, abs=0.001)


@pytest.mark.parametrize("origin", ["start", "last_before"])
def test_beside_another_series_the_shift_is_read_where_it_is_said_to_be(origin):
    table = two(7)
    found = beside(table, origin=origin)
    at = {"start": 2010, "last_before": 2009}[origin]
    gaps = []
    for side in (table["period"] >= 2010, table["period"] < 2010):
        for area in "AB":
            rows = table.loc[side & (table["area"] == area)]
            gaps.append(np.polyval(np.polyfit(rows["period"] - at, rows["value"], 1), 0))
    assert found.estimate == pytest.approx(gaps[0] - gaps[1] - (gaps[2] - gaps[3]))
    assert found.terms["nivåskillnad efter"].estimate == pytest.approx(gaps[0] - gaps[1])
    where = "vid 2010," if origin == "start" else "räknat vid 2009, den sista perioden före,"
    assert f", {where} ändras nivån i A" in str(found.sentence())


def test_series_named_by_number_are_the_same_as_text():
    table = two().replace({"area": {"A": 1, "B": 0}})
    for treated, comparison in ((1, 0), ("1", "0")):
        found = beside(table, treated=treated, comparison=comparison)
        assert found.estimate == pytest.approx(beside().estimate)
        assert (found.treated, found.comparison) == ("1", "0")
    with pytest.raises(NotComputable, match="vilken serie som jämförs med vilken"):
        beside(table, treated=1, comparison="1")
    with pytest.raises(NotComputable, match="ett namn saknas i kolumnen 'area'"):
        beside(two().replace({"area": {"B": None}}))


def test_the_sentence_of_the_small_series():
    assert str(fit().sentence()) == (
        "Räknat med räta linjer före och efter, vid 2009, ändras nivån med −3,2 dagar. Takten därefter "
        "skiljer sig från takten före med −1,26 dagar per period. Inget intervall skrivs ut, eftersom "
        "serien har 13 perioder och det behövs 24 för att ett intervall ska hålla vad det lovar. "
        "Hur mycket talen liknar talen närmast före (autokorrelationen) uppskattas till 0,24; "
        "Durbin-Watson är 2,37. Ingen annan serie står bredvid, så "
        "ingenting här visar vad som skulle ha hänt ändå: linjen före är bara dragen vidare."
    )


def stepped(step, seed=3, before=14, after=12):
    values = np.random.default_rng(seed).normal(size=before + after).round(1)
    return one(40 + values + step * (np.arange(before + after) >= before), 1990)


def test_the_sentence_of_a_longer_series():
    assert str(fit(stepped(-6), start=2004).sentence()).startswith(
        "Där linjen bryts, vid 2004, ändras nivån med −6,2 dagar (intervall −8,1 till −4,2); noll ligger "
        "utanför. Takten därefter skiljer sig från takten före med +0,05 dagar per period (intervall "
        "−0,23 till +0,32); det går inte att skilja från noll. När ingenting har ändrats ligger noll "
        "inom ett sådant intervall i omkring 95 fall av 100; det är prövat upp till autokorrelationen "
        "0,5. En verklig ändring av nivån med −2,7 eller +2,7 dagar syns i omkring 3 fall av 4. Hur "
        "mycket talen liknar talen närmast före (autokorrelationen) uppskattas till −0,07; "
        "Durbin-Watson är 2,32. Ingen annan serie står bredvid"
    )


@pytest.mark.parametrize("step", [0.0, -1.0, -2.0, -6.0])
def test_a_line_is_said_to_break_only_where_its_interval_leaves_out_zero(step):
    found = fit(stepped(step), start=2004)
    outside = found.interval.high < 0 or found.interval.low > 0
    assert ("bryts" in str(found.sentence())) == outside == found.distinct("nivåskifte")
    assert "bryts" not in str(fit().sentence())  # no interval at all


def false_alarms(design, autocorrelation, column, runs=1500):
    values = noise(len(design), autocorrelation, runs, np.random.default_rng(17))
    found = judged(design, values, column)
    printed = found.query("printed")["p"]
    assert len(printed) > 0.9 * runs
    return 100 * (printed < 0.05).mean()


@pytest.mark.parametrize("autocorrelation", [0.0, 0.2, 0.5])
@pytest.mark.parametrize("design", [(12, 12), (20, 10), (12, 12, (12, 2)), (30, 24)])
def test_an_interval_leaves_out_zero_in_3_to_7_of_100_series_without_a_change(
    design, autocorrelation
):
    for column in ("after", "after_T"):
        rate = false_alarms(matrix_of(*design), autocorrelation, column)
        assert 2.4 <= rate <= 7.5, (column, rate)  # a standard error is 0.6


def test_false_alarms_are_as_few_through_the_function_itself():
    # With Newey-West and Student's t, as before, 27 of 100 such series had a change that was not there.
    values = noise(24, 0.5, 100, np.random.default_rng(5))
    found = [fit(one(series, 2000), start=2012) for series in values.T]
    printed = [result for result in found if result.interval]
    assert len(printed) >= 90
    assert sum(not result.interval.holds(0) for result in printed) <= 12
    assert sum("noll ligger utanför" in str(result.sentence()) for result in printed) <= 22


@pytest.mark.parametrize(
    ("before", "after", "options", "because"),
    [
        (8, 3, {}, "serien har 11 perioder och det behövs 24"),
        (9, 6, {}, "serien har 15 perioder och det behövs 24"),
        (12, 11, {}, "serien har 23 perioder och det behövs 24"),
        (12, 12, {}, ""),
        (12, 12, {"season": (12, 2)}, ""),
        (
            16,
            8,
            {"season": (12, 2)},
            "24 perioder, 16 av dem före, är för få för att skilja årstiderna",
        ),
        (26, 4, {}, "bara 4 perioder ligger på den ena sidan av brottet och det behövs 6"),
        (30, 5, {}, "bara 5 perioder ligger på den ena sidan"),
        (12, 12, {"season": (12, 3)}, "för få för att skilja årstiderna från en ändring"),
    ],
)
def test_a_short_series_gets_its_estimate_and_the_reason_that_there_is_no_interval(
    before, after, options, because
):
    found = fit(stepped(-6, before=before, after=after), start=1990 + before, **options)
    table = found.to_frame().set_index("term")
    assert (found.interval is None) == bool(because)
    assert table[["low", "p", "detectable_low"]].isna().all(axis=None) == bool(because)
    assert table["estimate"].notna().all() and table["durbin_watson"].notna().all()
    assert because in str(found.sentence())
    assert because in table.loc["nivåskifte", "withheld"]
    assert ("noll" in str(found.sentence())) == (not because)


def test_values_more_alike_than_the_interval_is_tried_for_are_said_to_be():
    wave = one(40 + noise(24, 0.8, 1, np.random.default_rng(21))[:, 0], 2000)
    found = fit(wave, start=2012)
    assert 0.5 < found.shift.autocorrelation < 0.85 and found.interval
    assert "Här är den högre, så intervallet kan vara för snävt." in str(found.sentence())
    assert "prövat upp till autokorrelationen 0,5" in str(found.sentence())
    longer = one(40 + noise(60, 0.5, 1, np.random.default_rng(1))[:, 0], 1950)
    assert "upp till autokorrelationen 0,8" in str(fit(longer, start=1980).sentence())
    assert "för snävt" not in str(fit(longer, start=1980).sentence())


def test_what_is_said_to_be_seen_is_seen_in_three_of_four_series():
    values = noise(24, 0.2, 400, np.random.default_rng(9))
    said = np.median([fit(one(v, 2000), start=2012).shift.detectable.high for v in values.T[:40]])
    moved = values + said * (np.arange(24) >= 12)[:, None]
    seen = (judged(matrix_of(12, 12), moved, "after")["p"] < 0.05).mean()
    assert 0.66 <= seen <= 0.84


def test_poisson_counts_as_statsmodels_has_them():
    table = pd.DataFrame(
        {"period": range(24), "value": [10.0, 12.0, 9.0] * 4 + [5.0, 6.0, 8.0] * 4}
    )
    table["persons"] = 100.0
    found = segmented_regression(table, start=12, family="poisson", denominator="persons", **ALONE)
    place = table["period"] - 12
    glm = sm.GLM(
        table["value"],
        np.column_stack([np.ones(24), place, place >= 0, (place >= 0) * place]).astype(float),
        sm.families.Poisson(),
        offset=np.log(table["persons"]),
    ).fit(scale="X2")
    assert found.estimate == pytest.approx(np.exp(glm.params.iloc[2]))
    assert found.dispersion == pytest.approx(glm.scale)
    assert found.shift.durbin_watson == pytest.approx(durbin_watson(glm.resid_pearson))
    low, high = found.interval.low, found.interval.high
    assert low * high == pytest.approx(found.estimate**2)  # as far on both sides on the log scale
    assert found.ratio and found.to_frame()["unit"].eq("kvot").all()
    assert f"{100 * (found.estimate - 1):.1f}".replace("-", "−").replace(".", ",") in str(
        found.sentence()
    )
    assert "procent" in str(found.sentence())
    few = segmented_regression(
        table.assign(value=table["value"] // 3), start=12, family="poisson", **ALONE
    )
    assert few.interval is None and "färre än 5 per period" in str(few.sentence())


def test_without_autocorrelation_the_width_is_near_that_of_least_squares():
    values = noise(400, 0.0, 1, np.random.default_rng(2))[:, 0]
    design = matrix_of(200, 200)
    plain = sm.OLS(values, design.to_numpy()).fit()
    scatter = Scatter(design.to_numpy(), plain.resid)
    half = scatter.half(np.array([0, 0, 1.0, 0]), 0.95)
    assert half == pytest.approx((plain.conf_int()[2] @ [-1, 1]) / 2, rel=0.1)
    assert abs(scatter.autocorrelation[0]) < 0.1


@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_the_level_sets_the_width_and_p_goes_with_it(level):
    found = fit(stepped(-1.5), start=2004, level=level)
    assert f"i omkring {100 * level:.0f} fall av 100" in str(found.sentence())
    assert found.interval.level == level
    for term in found.terms.values():
        assert term.interval.holds(0) == (term.p > 1 - level)
    wider = fit(stepped(-1.5), start=2004, level=1 - found.shift.p)
    assert max(abs(wider.interval.low), abs(wider.interval.high)) > 0
    assert min(abs(wider.interval.low), abs(wider.interval.high)) == pytest.approx(0, abs=1e-6)


def test_counts_beside_other_counts_are_told_in_per_cent():
    rng = np.random.default_rng(8)
    table = two().assign(value=rng.poisson(60, size=40).astype(float))
    table.loc[(table["area"] == "A") & (table["period"] >= 2010), "value"] *= 2
    options = {"family": "poisson", "denominator": "persons"}
    found = beside(table, **options)
    assert 1.5 < found.estimate < 2.7
    assert f"med +{100 * (found.estimate - 1):.1f}".replace(".", ",") in str(found.sentence())
    # The same number of persons in both and the same swing of both changes nothing in their ratio.
    assert beside(table, family="poisson").estimate == pytest.approx(found.estimate)
    assert found.interval is None  # 20 years


@fewer
@given(st.integers(0, 10_000), st.booleans())
def test_beside_another_series_the_shift_is_the_difference_between_the_shifts(seed, slope_change):
    table = two(seed)
    found = beside(table, slope_change=slope_change)
    parts = [
        fit(table.loc[table["area"] == area], start=2010, slope_change=slope_change)
        for area in "AB"
    ]
    assert found.estimate == pytest.approx(parts[0].estimate - parts[1].estimate)
    own, other = (part.terms["lutning före"].estimate for part in parts)
    assert found.terms["lutningsskillnad före"].estimate == pytest.approx(own - other)
    assert found.terms["nivåskifte"].estimate == pytest.approx(parts[0].estimate)
    assert found.terms["nivåskifte i jämförelsen"].estimate == pytest.approx(parts[1].estimate)
    levels = [found.terms[f"nivåskillnad {side}"].estimate for side in ("före", "efter")]
    assert levels[1] - levels[0] == pytest.approx(found.estimate)
    if slope_change:
        own, other = (part.terms["lutning efter"].estimate for part in parts)
        assert found.terms["lutningsskillnad efter"].estimate == pytest.approx(own - other)


@fewer
@given(st.integers(0, 10_000))
def test_what_happens_to_both_series_changes_nothing_and_order_does_not_matter(seed):
    table = two(seed)
    shared_path = np.random.default_rng(seed + 1).normal(size=20).cumsum()
    moved = table.assign(value=table["value"] + shared_path[table["period"] - 2000])
    shuffled = moved.sample(frac=1, random_state=seed)
    assert beside(shuffled).estimate == pytest.approx(beside(table).estimate)
    assert beside(shuffled).shift.autocorrelation == pytest.approx(
        beside(table).shift.autocorrelation
    )


def test_swapping_the_series_turns_the_sign():
    table = two(years=30)
    own, other = beside(table), beside(table, treated="B", comparison="A")
    assert other.estimate == pytest.approx(-own.estimate)
    assert other.interval.low == pytest.approx(-own.interval.high)


def test_other_series_in_the_table_are_not_used():
    more = pd.concat([two(), two(2).assign(area="C", value=np.nan)])
    assert beside(more).estimate == pytest.approx(beside().estimate)
    alone = segmented_regression(more, start=2010, group="area", treated="A", **ALONE)
    assert alone.estimate == pytest.approx(beside().terms["nivåskifte"].estimate)


def test_beside_another_series_the_interval_is_that_of_their_difference():
    # What moves both series alike, and a comparison that swings more or less, is in the difference.
    table = two(4, years=30)
    wide = table.pivot(index="period", columns="area", values="value")
    found = beside(table, start=2015)
    alone = fit(one((wide["A"] - wide["B"]).tolist(), 2000), start=2015)
    assert found.interval.low == pytest.approx(alone.interval.low)
    assert found.terms["skillnad i lutningsskifte"].p == pytest.approx(
        alone.terms["lutningsskifte"].p
    )


@fewer
@given(st.integers(0, 10_000), st.booleans(), st.integers(0, 2))
def test_the_words_follow_the_printed_interval(seed, alone, decimals):
    table = two(seed, years=26)
    rows = table.loc[table["area"] == "A"]
    found = fit(rows, start=2010, decimals=decimals) if alone else beside(table, decimals=decimals)
    if found.interval is None:
        return
    text = found.sentence()
    facts = {fact.id.split("|")[0]: float(fact.printed()) for fact in text.facts()}
    name = "nivåskifte" if alone else "skillnad i nivåskifte"
    holds_zero = facts[f"lägst {name}"] <= 0 <= facts[f"högst {name}"]
    first = str(text).split(". ")[0]
    assert ("det går inte att skilja från noll" in first) == holds_zero
    assert ("noll ligger utanför" in first) == ("bryts" in first) == (not holds_zero)
    assert not BANNED.search(str(text) + found.method)
    assert ("vad som skulle ha hänt ändå" in str(text)) == alone


def test_a_series_beside_another_is_told_with_the_slopes_before():
    text = str(beside().sentence())
    assert text.startswith(
        "Räknat med räta linjer före och efter, vid 2010, ändras nivån i A, jämfört med ändringen i B, med "
    )
    assert "Redan före skilde sig takterna åt med " in text
    assert "Takten i A ändras vid 2010, jämfört med ändringen i B, med " in text
    assert "Linden 2015" in beside().method and "Linden" not in fit().method


def test_every_p_value_stands_beside_its_interval():
    table = beside(two(2, years=26)).to_frame()
    assert len(table) == 8
    assert table[["estimate", "low", "high", "p"]].notna().all().all()
    assert ((table["low"] <= table["estimate"]) & (table["estimate"] <= table["high"])).all()
    outside = (table["low"] > 0) | (table["high"] < 0)
    assert (outside == (table["p"] < 0.05)).all()
    assert {"method", "n", "unit", "source", "level"} <= set(table.columns)
    assert table["autocorrelation"].between(-1, 1).all()
    assert (table["detectable_low"] < 0).all() and (table["detectable_high"] > 0).all()


def test_names_with_braces_are_words():
    table = two().replace({"area": {"A": "{x}", "B": "50 % {y}"}})
    text = beside(table, treated="{x}", comparison="50 % {y}").sentence()
    assert "nivån i {x}, jämfört med ändringen i 50" in str(text)


def monthly(years=4):
    texts = [f"{2003 + i // 12}-{i % 12 + 1:02d}" for i in range(12 * years)]
    rng = np.random.default_rng(0)
    return pd.DataFrame({"period": texts, "value": rng.normal(size=len(texts))})


def test_months_are_read_and_rolling_months_refused():
    found = fit(monthly(), start="2005-01", season=(12, 2))
    assert found.n == 48
    with pytest.raises(NotComputable, match="rullande tolvmånadersvärden"):
        fit(monthly(), start="2005-01", rolling12=True)
    assert fit(rolling12=True).estimate == fit().estimate


def without(table, *rows):
    return table.drop(index=list(rows))


def changed(value, row=3):
    return one().assign(value=[value if i == row else v for i, v in enumerate(VALUES)])


@pytest.mark.parametrize(
    ("table", "options", "because"),
    [
        (one(), {"without_comparison": False}, "without_comparison=True"),
        (two(), BESIDE | {"without_comparison": True}, "vilken serie som jämförs med vilken"),
        (two(), {"group": "area"}, "vilken serie som jämförs med vilken"),
        (two(), BESIDE | {"without_comparison": False, "comparison": None}, "vilken serie"),
        (two(), BESIDE | {"without_comparison": False, "comparison": "A"}, "vilken serie"),
        (
            two().query("area == 'A'"),
            BESIDE | {"without_comparison": False},
            "värdet för 2000 saknas i serien B",
        ),
        (
            without(two(), 25),
            BESIDE | {"without_comparison": False},
            "värdet för 2005 saknas i serien B",
        ),
        (one(), {"start": 2030}, "brytpunkten 2030 inte ligger i serien (2001–2013)"),
        (one(), {"start": "2009-12"}, "brytpunkten 2009-12 inte ligger i serien"),
        (one(), {"start": 2008}, "det finns 7 värden före 2008; det behövs 8"),
        (one(), {"start": 2012}, "det finns 2 värden från och med 2012; det behövs 3"),
        (one(), {"start": 2001, "fewest_before": 0}, "inte räcker till modellens 4 tal"),
        (one(VALUES[:6]), {"start": 2004, "fewest_before": 3}, "6 värden inte räcker"),
        (without(one(), 3), {"fewest_before": 3}, "inte är obruten"),
        (changed(np.nan), {}, "period 2004"),
        (changed(".."), {}, "saknas eller är dolt för period 2004"),
        (changed(np.inf), {}, "är oändligt"),
        (pd.concat([one(), one().iloc[[3]]]), {}, "period 2004 står på två rader"),
        (one([5.0] * 13), {}, "alla värden är lika"),
        (one([float(i) for i in range(13)]), {}, "följer linjen utan avvikelse"),
        (one(), {"outcome": "tal"}, "kolumnen 'tal' saknas"),
        (one(), {"time": "år"}, "kolumnen 'år' saknas"),
        (
            one(),
            {"family": "binomial"},
            "modellen 'binomial' inte finns; välj gaussian eller poisson",
        ),
        (one(), {"denominator": "value"}, "nämnaren används bara med Poisson"),
        (one(), {"season": (12, 6)}, "6 par av sinus och cosinus inte ryms i 12 perioder"),
        (one(), {"season": 12}, "season är 12; det ska vara två heltal"),
        (one(), {"season": (12,)}, "season är (12,); det ska vara två heltal"),
        (one(), {"season": (12, 2.5)}, "det ska vara två heltal"),
        (one(), {"season": "12"}, "season är '12'; det ska vara två heltal"),
        (one(), {"season": (0, 0)}, "0 par av sinus och cosinus inte ryms i 0 perioder"),
        (one(), {"origin": "först"}, "origin är 'först'"),
        (one(), {"season": (12, 4)}, "13 värden inte räcker till modellens 12 tal"),
        (one(), {"level": 95}, "konfidensnivån 95"),
        (one().iloc[:0], {}, "brytpunkten 2009 inte ligger i serien"),
    ],
)
def test_what_cannot_be_computed_says_why(table, options, because):
    with pytest.raises(NotComputable, match=re.escape(because)):
        fit(table, **options)


@pytest.mark.parametrize(
    ("values", "persons", "because"),
    [
        (VALUES, [0.0] + [9.0] * 12, "nämnaren i kolumnen 'persons' är noll eller negativ"),
        (VALUES, [-1.0] + [9.0] * 12, "noll eller negativ"),
        (VALUES, [np.nan] + [9.0] * 12, "kolumnen 'persons' saknas eller är dolt för period 2001"),
        ([-1.0, *VALUES[1:]], [9.0] * 13, "ett antal är negativt"),
        (VALUES[:8] + [0.0] * 5, [9.0] * 13, "alla antal är noll före eller efter"),
        ([0.0] * 8 + VALUES[:5], [9.0] * 13, "alla antal är noll före eller efter"),
        ([0.0] * 13, [9.0] * 13, "alla värden är lika"),
        ([2.0**i for i in range(13)], [9.0] * 13, "följer linjen utan avvikelse"),
    ],
)
def test_counts_that_cannot_be_say_why(values, persons, because):
    table = one(values).assign(persons=persons)
    with pytest.raises(NotComputable, match=re.escape(because)):
        fit(table, family="poisson", denominator="persons")
