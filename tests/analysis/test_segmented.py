"""Segmented regression: one series broken at a known time, alone or beside another."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from examples import fewer
from vgstats.analysis.comparing.segmented import segmented_regression
from vgstats.analysis.result import NotComputable

BANNED = re.compile(r"effekt|berod|ledde till|tack vare|orsak|\bnan\b|\binf\b", re.IGNORECASE)
ALONE = {"without_comparison": True, "rolling12": False}
BESIDE = {"group": "area", "treated": "A", "comparison": "B", "rolling12": False}
VALUES = [20.0, 21.0, 21.5, 23.0, 23.5, 25.0, 26.5, 26.0, 24.0, 24.5, 24.0, 23.5, 23.0]
SICILY = {"time": "time", "outcome": "aces", "start": 37, "rolling12": False, "decimals": 1}
SICILY_MODELS = [
    ("model 1 Poisson, offset log(stdpop), smokban+time", "poisson", None, False),
    ("model 2 quasi-Poisson", "quasi-poisson", None, False),
    ("model 3 + 2 sin/cos pairs, period 12", "quasi-poisson", (12, 2), False),
    ("model 4 + slope change (time-36)*smokban", "quasi-poisson", (12, 2), True),
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
    asked = {"start": 2009, "unit": "dagar", "errors": "ols"} | ALONE | options
    return segmented_regression(one() if table is None else table, **asked)


def beside(table=None, **options):
    asked = {"start": 2010, "unit": "dagar", "errors": "ols"} | BESIDE | options
    return segmented_regression(two() if table is None else table, **asked)


@pytest.mark.parametrize(("model", "errors", "season", "slope"), SICILY_MODELS)
def test_the_smoking_ban_in_sicily(shared, model, errors, season, slope):
    folder = shared / "cases" / "bernal2017_sicily"
    expected = json.loads((folder / "expected.json").read_text())[model]
    found = segmented_regression(
        pd.read_csv(folder / "sicily.csv"),
        **SICILY,
        without_comparison=True,
        family="poisson",
        denominator="stdpop",
        errors=errors,
        season=season,
        slope_change=slope,
        origin="last_before" if slope else "start",
    )
    assert found.estimate == pytest.approx(expected["RR"], abs=2e-6)
    assert [found.interval.low, found.interval.high] == pytest.approx(expected["CI"], abs=2e-6)
    if "dispersion" in expected:
        assert found.dispersion == pytest.approx(expected["dispersion"], abs=2e-6)
    if "trend RR per year" in expected:
        year = found.terms["lutning före"].estimate ** 12
        assert year == pytest.approx(expected["trend RR per year"], abs=2e-6)
    if slope:
        ratio = found.terms["lutningsskifte"].estimate
        assert ratio == pytest.approx(expected["slope RR/month"], abs=2e-6)
        assert [found.f, found.f_p] == pytest.approx([expected["F"], expected["p"]], abs=2e-6)
    assert ("intervallet är för smalt" in str(found.sentence())) == (errors == "poisson")
    assert not BANNED.search(str(found.sentence()))


@pytest.mark.parametrize(("origin", "zero"), [("start", 8.0), ("last_before", 7.0)])
def test_a_small_series_by_its_normal_equations(origin, zero):
    found = fit(origin=origin)
    place = np.arange(len(VALUES)) - zero
    after = (np.arange(len(VALUES)) >= 8) * 1.0
    design = np.column_stack([np.ones(len(VALUES)), place, after, after * place])
    inverse = np.linalg.inv(design.T @ design)
    numbers = inverse @ design.T @ np.array(VALUES)
    rest = np.array(VALUES) - design @ numbers
    errors = np.sqrt(np.diag(inverse) * (rest @ rest) / (len(VALUES) - 4))
    quantile = 2.2621571628  # Student's t, 0.975, 9 degrees of freedom
    for name, i in (("lutning före", 1), ("nivåskifte", 2), ("lutningsskifte", 3)):
        term = found.terms[name]
        assert term.estimate == pytest.approx(numbers[i])
        assert term.interval.high - term.estimate == pytest.approx(quantile * errors[i])
    assert found.estimate == found.terms["nivåskifte"].estimate
    assert found.f == pytest.approx((numbers[3] / errors[3]) ** 2)
    assert found.f_p == pytest.approx(found.terms["lutningsskifte"].p)


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


@pytest.mark.parametrize("errors", ["ols", "newey-west"])
def test_the_cigarettes_of_california_as_linden_has_them(errors):
    # Linden 2015, Stata Journal 15:480-500: Proposition 99, packs a head, one series from 1989.
    found = fit(one(CIGARETTES, 1970), start=1989, errors=errors)
    assert found.estimate == pytest.approx(-20.058, abs=0.001)
    assert found.terms["nivåskifte"].estimate == pytest.approx(-20.058, abs=0.001)
    assert found.terms["lutningsskifte"].estimate == pytest.approx(-1.495, abs=0.001)
    assert "Där linjen bryts, vid 1989, ändras nivån med −20,1 " in str(found.sentence())
    last = fit(one(CIGARETTES, 1970), start=1989, errors=errors, origin="last_before")
    assert last.estimate == pytest.approx(-20.058 + 1.495, abs=0.001)
    assert (last.origin, found.origin) == ("1988", "1989")
    assert str(last.sentence()).startswith(
        "Där linjen bryts, räknat vid 1988, den sista perioden före, ändras nivån med −18,6 "
    )


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
    assert f"Där linjerna bryts, {where} ändras nivån i A" in str(found.sentence())


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
        "Där linjen bryts, vid 2009, ändras nivån med −3,2 dagar (intervall med 95 procents säkerhet: "
        "−4,3 till −2,1); noll ligger utanför. Takten därefter skiljer sig från takten före med −1,26 "
        "dagar per period (intervall med 95 procents säkerhet: −1,61 till −0,90); noll ligger utanför. "
        "Intervallen bygger på "
        "hur mycket talen brukar avvika från räta linjer. Ingen annan serie står bredvid, så "
        "ingenting här visar vad som skulle ha hänt ändå: linjen före är bara dragen vidare."
    )


def test_poisson_counts_as_statsmodels_has_them():
    table = pd.DataFrame({"period": range(16), "value": [10.0, 12.0] * 4 + [5.0, 6.0] * 4})
    table["persons"] = 100.0
    found = segmented_regression(
        table,
        start=8,
        family="poisson",
        denominator="persons",
        **ALONE,
    )
    glm = sm.GLM(
        table["value"],
        np.column_stack(
            [
                np.ones(16),
                table["period"] - 8,
                table["period"] > 7,
                (table["period"] > 7) * (table["period"] - 8),
            ]
        ).astype(float),
        sm.families.Poisson(),
        offset=np.log(table["persons"]),
    ).fit(scale="X2")
    assert found.estimate == pytest.approx(np.exp(glm.params.iloc[2]))
    assert found.dispersion == pytest.approx(glm.scale)
    assert [found.interval.low, found.interval.high] == pytest.approx(
        np.exp(np.asarray(glm.conf_int())[2]).tolist()
    )
    assert found.ratio and found.to_frame()["unit"].eq("kvot").all()
    assert f"{100 * (found.estimate - 1):.1f}".replace("-", "−").replace(".", ",") in str(
        found.sentence()
    )
    assert "procent" in str(found.sentence())


@pytest.mark.parametrize(("spread", "narrow"), [(30, True), (1, False)])
def test_too_narrow_poisson_intervals_are_said_to_be(spread, narrow):
    values = [100.0 + spread * (-1) ** (i // 2) for i in range(16)]
    table = one(values)
    plain = fit(table, family="poisson", errors="poisson")
    wide = fit(table, family="poisson", errors="quasi-poisson")
    assert (plain.dispersion > 1.5) == narrow
    assert ("gånger så mycket som modellen räknar med" in str(plain.sentence())) == narrow
    assert "gånger så mycket" not in str(wide.sentence())
    ratio = np.log(wide.interval.high / wide.estimate) / np.log(
        plain.interval.high / plain.estimate
    )
    assert ratio == pytest.approx(plain.dispersion**0.5)


@pytest.mark.parametrize(("level", "quantile"), [(0.95, 2.2621571628), (0.99, 3.2498355416)])
def test_the_level_sets_the_width(level, quantile):
    found = fit(level=level)
    error = (fit().interval.high - fit().estimate) / 2.2621571628
    assert found.interval.high - found.estimate == pytest.approx(quantile * error)
    assert f"(intervall med {100 * level:.0f} procents säkerhet: " in str(found.sentence())


def test_the_lags_unless_said_are_those_of_newey_and_west():
    assert fit(errors="newey-west").interval == fit(errors="newey-west", lags=2).interval
    assert fit(errors="newey-west").interval != fit(errors="newey-west", lags=3).interval
    months = {"start": "2005-01", "errors": "newey-west"}
    assert fit(monthly(), **months).interval == fit(monthly(), lags=3, **months).interval
    assert fit(monthly(), **months).interval != fit(monthly(), lags=4, **months).interval


def test_counts_beside_other_counts_are_told_in_per_cent():
    rng = np.random.default_rng(8)
    table = two().assign(value=rng.poisson(60, size=40).astype(float))
    table.loc[(table["area"] == "A") & (table["period"] >= 2010), "value"] *= 2
    options = {"family": "poisson", "denominator": "persons"}
    found = beside(table, errors=None, **options)
    assert found.errors == "quasi-poisson" and 1.5 < found.estimate < 2.7
    assert f"med +{100 * (found.estimate - 1):.1f}".replace(".", ",") in str(found.sentence())
    robust = beside(table, errors="newey-west", **options)
    assert robust.estimate == pytest.approx(found.estimate)
    assert robust.interval.low < robust.estimate < robust.interval.high


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
    assert beside(shuffled, errors="newey-west").interval.low == pytest.approx(
        beside(moved, errors="newey-west").interval.low
    )


def test_swapping_the_series_turns_the_sign():
    other = beside(treated="B", comparison="A")
    assert other.estimate == pytest.approx(-beside().estimate)
    assert other.interval.low == pytest.approx(-beside().interval.high)


def test_other_series_in_the_table_are_not_used():
    more = pd.concat([two(), two(2).assign(area="C", value=np.nan)])
    assert beside(more).estimate == pytest.approx(beside().estimate)
    alone = segmented_regression(more, start=2010, group="area", treated="A", errors="ols", **ALONE)
    assert alone.estimate == pytest.approx(beside().terms["nivåskifte"].estimate)


def test_newey_west_is_that_of_statsmodels_for_one_series():
    found = fit(errors="newey-west", lags=2)
    place = np.arange(len(VALUES)) - 8.0
    after = (place >= 0) * 1.0
    design = np.column_stack([np.ones(len(VALUES)), place, after, after * place])
    plain = sm.OLS(VALUES, design).fit(
        cov_type="HAC", cov_kwds={"maxlags": 2, "use_correction": True}, use_t=True
    )
    assert (found.interval.low, found.interval.high) == pytest.approx(tuple(plain.conf_int()[2]))
    assert fit(errors=None).errors == "newey-west"


def test_newey_west_with_two_series_has_no_lag_across_them():
    table = two(4)
    found = beside(table, errors="newey-west", lags=1)
    place = np.tile(np.arange(20) - 10.0, 2)
    after, own = (place >= 0) * 1.0, np.repeat([1.0, 0.0], 20)
    base = np.column_stack([np.ones(40), place, after, after * place])
    design = np.column_stack([base, base * own[:, None]])
    inverse = np.linalg.inv(design.T @ design)
    numbers = inverse @ design.T @ table["value"].to_numpy()
    scores = design * (table["value"].to_numpy() - design @ numbers)[:, None]
    middle = scores.T @ scores
    for part in (scores[:20], scores[20:]):
        lagged = part[1:].T @ part[:-1]
        middle += 0.5 * (lagged + lagged.T)
    error = np.sqrt((inverse @ middle @ inverse)[6, 6] * 40 / 32)
    half = 2.0369333435 * error  # Student's t, 0.975, 32 degrees of freedom
    assert numbers[6] == pytest.approx(found.estimate)
    assert found.interval.high - found.estimate == pytest.approx(half)


@fewer
@given(st.integers(0, 10_000), st.booleans(), st.integers(0, 2))
def test_the_words_follow_the_printed_interval(seed, alone, decimals):
    table = two(seed)
    rows = table.loc[table["area"] == "A"]
    found = fit(rows, start=2010, decimals=decimals) if alone else beside(table, decimals=decimals)
    text = found.sentence()
    facts = {fact.id.split("|")[0]: float(fact.printed()) for fact in text.facts()}
    name = "nivåskifte" if alone else "skillnad i nivåskifte"
    holds_zero = facts[f"lägst {name}"] <= 0 <= facts[f"högst {name}"]
    first = str(text).split(". ")[0]
    assert ("det går inte att skilja från noll" in first) == holds_zero
    assert ("noll ligger utanför" in first) == (not holds_zero)
    assert not BANNED.search(str(text) + found.method)
    assert ("vad som skulle ha hänt ändå" in str(text)) == alone


def test_a_series_beside_another_is_told_with_the_slopes_before():
    text = str(beside().sentence())
    assert text.startswith(
        "Där linjerna bryts, vid 2010, ändras nivån i A, jämfört med ändringen i B, med "
    )
    assert "Redan före skilde sig takterna åt med " in text
    assert "Takten i A ändras vid 2010, jämfört med ändringen i B, med " in text
    assert "Linden 2015" in beside().method and "Linden" not in fit().method


def test_every_p_value_stands_beside_its_interval():
    table = beside().to_frame()
    assert len(table) == 8
    assert table[["estimate", "low", "high", "p"]].notna().all().all()
    assert ((table["low"] <= table["estimate"]) & (table["estimate"] <= table["high"])).all()
    outside = (table["low"] > 0) | (table["high"] < 0)
    assert (outside == (table["p"] < 0.05)).all()
    assert {"method", "n", "unit", "source", "level"} <= set(table.columns)


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
        (one(), {"errors": "quasi-poisson"}, "felen 'quasi-poisson' inte hör till"),
        (one(), {"family": "poisson"}, "felen 'ols' inte hör till modellen 'poisson'"),
        (one(), {"family": "binomial"}, "inte hör till modellen 'binomial'"),
        (one(), {"denominator": "value"}, "nämnaren används bara med Poisson"),
        (one(), {"season": (12, 6)}, "6 par av sinus och cosinus inte ryms i 12 perioder"),
        (one(), {"season": 12}, "season är 12; det ska vara två heltal"),
        (one(), {"season": (12,)}, "season är (12,); det ska vara två heltal"),
        (one(), {"season": (12, 2.5)}, "det ska vara två heltal"),
        (one(), {"season": "12"}, "season är '12'; det ska vara två heltal"),
        (one(), {"season": (0, 0)}, "0 par av sinus och cosinus inte ryms i 0 perioder"),
        (one(), {"origin": "först"}, "origin är 'först'"),
        (one(), {"season": (12, 4)}, "13 värden inte räcker till modellens 12 tal"),
        (one(), {"errors": "newey-west", "lags": 13}, "13 förskjutningar inte ryms i 13 perioder"),
        (one(), {"errors": "newey-west", "lags": -1}, "-1 förskjutningar inte ryms"),
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
        fit(table, family="poisson", errors="quasi-poisson", denominator="persons")
