"""Shares that published rates imply, and changes split by them."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from splits import rates

from vgstats.methods.implied import implied_share, kitagawa_by_sex
from vgstats.methods.result import NotComputable

BEFORE, AFTER = (42.9, 51.7, 34.3), (36.8, 44.0, 29.6)


def by_sex(alla, kvinnor, man):
    return pd.DataFrame({"sex": ["alla", "kvinnor", "män"], "value": [alla, kvinnor, man]})


def test_vastra_gotaland_by_sex():
    found = kitagawa_by_sex(by_sex(*BEFORE), by_sex(*AFTER), unit="dagar")
    rows = found.to_frame().set_index("sex")
    assert rows.loc["kvinnor", "rates"] == pytest.approx(-3.8279, abs=5e-5)
    assert rows.loc["män", "rates"] == pytest.approx(-2.3635, abs=5e-5)
    assert found.composition == pytest.approx(0.0914, abs=5e-5)
    assert found.composition + found.rates == pytest.approx(-6.1, abs=1e-12)
    assert (found.interval.low, found.interval.high) == (-6.2, -6.0)
    assert found.composition_band.holds(0)
    assert found.sentence().plain() == (
        "Ändringen är −6,1 dagar, räknemässigt −3,8 dagar från kvinnor, −2,4 dagar från män och "
        "+0,1 dagar från ändrad sammansättning. Eftersom talen är avrundade ligger sammansättningens "
        "del mellan −0,11 och +0,29 dagar; den kan inte skiljas från noll. Minskningen förklaras "
        "räknemässigt av färre dagar i varje grupp, inte av att gruppernas andelar har ändrats. Bara de här "
        "grupperna är prövade."
    )


def test_vastra_gotaland_is_what_the_seed_case_says(shared):
    expected = json.loads((shared / "cases" / "seeds" / "expected.json").read_text())
    level, parts = expected["ohalsotal"], expected["Kitagawa by sex"]
    before, after = (
        by_sex(level["total"][i], level["kvinnor"][i], level["man"][i]) for i in (0, 1)
    )
    found = kitagawa_by_sex(before, after)
    assert found.composition == pytest.approx(parts["mix"], abs=5e-5)
    assert found.to_frame()["rates"].tolist() == pytest.approx(
        [parts["kvinnor"], parts["man"]], abs=5e-5
    )
    for year, numbers in (("2005", before), ("2008", after)):
        share = implied_share(*numbers["value"], 0.1)
        assert [share.estimate, share.interval.low, share.interval.high] == pytest.approx(
            expected["implied share of women"][year], abs=5e-5
        )


def test_the_composition_band_holds_all_that_rounding_allows():
    band = kitagawa_by_sex(by_sex(*BEFORE), by_sex(*AFTER)).composition_band
    slack = np.random.default_rng(1).uniform(-0.05, 0.05, (2000, 6))
    for t0, f0, m0, t1, f1, m1 in np.array([*BEFORE, *AFTER]) + slack:
        mix = ((t1 - m1) / (f1 - m1) - (t0 - m0) / (f0 - m0)) * (f0 + f1 - m0 - m1) / 2
        assert band.holds(mix)


@pytest.mark.parametrize(
    ("numbers", "share", "low", "high"),
    [(BEFORE, 0.4943, 0.4885, 0.5), (AFTER, 0.5, 0.4931, 0.5069)],
)
def test_the_implied_share_of_women(numbers, share, low, high):
    found = implied_share(*numbers, 0.1, group="kvinnor")
    assert found.estimate == pytest.approx(share, abs=5e-5)
    assert (found.interval.low, found.interval.high) == pytest.approx((low, high), abs=5e-5)


def test_the_implied_share_in_words():
    assert implied_share(*BEFORE, 0.1, group="kvinnor").sentence().plain() == (
        "Andelen kvinnor är 49,4 procent, räknad ur de publicerade talen; avrundningen gör att den "
        "kan vara mellan 48,9 och 50,0 procent."
    )
    exact = implied_share(15, 20, 10, 0, group="kvinnor")
    assert exact.sentence().plain() == (
        "Andelen kvinnor är 50,0 procent, räknad ur de publicerade talen."
    )


def test_the_band_of_a_share_ends_at_all_and_none():
    assert implied_share(20, 20, 10, 0.1).interval.high == 1
    assert implied_share(10, 20, 10, 0.1).interval.low == 0


@given(st.floats(0, 1), rates, rates)
def test_a_share_is_found_again(share, first, second):
    if abs(first - second) < 1:
        return
    total = share * first + (1 - share) * second
    try:
        found = implied_share(round(total, 1), round(first, 1), round(second, 1), 0.1)
    except NotComputable:
        return
    assert found.interval.low - 1e-9 <= share <= found.interval.high + 1e-9


def test_rounding_weakens_the_words():
    lone = kitagawa_by_sex(by_sex(10.0, 12.0, 8.0), by_sex(9.9, 11.9, 7.9), unit="dagar")
    assert "Så liten skillnad kan avrundningen av talen ensam ge." in lone.sentence().plain()
    vague = kitagawa_by_sex(by_sex(10.0, 10.4, 9.6), by_sex(9.5, 9.9, 9.1), unit="dagar")
    text = vague.sentence().plain()
    assert "går inte att säga ur så avrundade tal." in text and "inte av att" not in text
    clear = kitagawa_by_sex(by_sex(10.0, 20.0, 0.0), by_sex(12.0, 20.0, 0.0), unit="dagar")
    assert "den är skild från noll" in clear.sentence().plain()


def test_no_causal_words_and_every_number_is_a_fact():
    found = kitagawa_by_sex(by_sex(*BEFORE), by_sex(*AFTER), unit="dagar")
    text = found.sentence()
    assert not any(w in text.plain() for w in ("effekt", "berodde", "ledde", "tack vare", "orsak"))
    assert [f.text("signed") for f in text.facts()] == [
        "−6,1",
        "−3,8",
        "−2,4",
        "+0,1",
        "−0,11",
        "+0,29",
    ]
    assert "Kitagawa 1955" in found.method and "avrundning" in found.method


@pytest.mark.parametrize(
    ("numbers", "because"),
    [
        ((10, 10, 10), "inte skiljer sig mer än talen är avrundade"),
        ((10, 10.1, 10), "inte skiljer sig mer än talen är avrundade"),
        ((25, 20, 10), "inte ligger mellan talen för de två grupperna"),
        ((float("nan"), 20, 10), "saknas eller är dolt"),
    ],
)
def test_an_implied_share_says_why_not(numbers, because):
    with pytest.raises(NotComputable, match=because):
        implied_share(*numbers, 0.1)
    with pytest.raises(NotComputable):
        kitagawa_by_sex(by_sex(*BEFORE), by_sex(*numbers))


def test_a_negative_rounding_is_refused():
    with pytest.raises(NotComputable, match="avrundningen"):
        implied_share(*BEFORE, -0.1)


def test_a_missing_row_by_sex_is_named():
    with pytest.raises(NotComputable, match="raden 'män' saknas"):
        kitagawa_by_sex(by_sex(*BEFORE).iloc[:2], by_sex(*AFTER).iloc[:2])


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("number", [None, pd.NA, "42.9", [1, 2], float("inf")])
def test_what_is_no_number_has_no_share(place, number):
    numbers = [*BEFORE, 0.1]
    numbers[place] = number
    with pytest.raises(NotComputable, match="ett av talen"):
        implied_share(*numbers)


def test_numbers_of_numpy_are_numbers():
    found = implied_share(*map(np.float64, (*BEFORE, 0.1)))
    assert found == implied_share(*BEFORE, 0.1)


@pytest.mark.parametrize("rounding", [None, pd.NA, "0.1"])
def test_a_rounding_by_sex_is_a_number(rounding):
    with pytest.raises(NotComputable, match="avrundningen"):
        kitagawa_by_sex(by_sex(*BEFORE), by_sex(*AFTER), rounding=rounding)


@pytest.mark.parametrize("name", ["rate", "weight", "share", 0])
def test_the_column_of_sex_may_have_any_free_name(name):
    frames = [by_sex(*ends).rename(columns={"sex": name}) for ends in (BEFORE, AFTER)]
    found = kitagawa_by_sex(*frames, sex=name)
    assert (
        found.sentence().plain()
        == kitagawa_by_sex(by_sex(*BEFORE), by_sex(*AFTER)).sentence().plain()
    )
    assert found.to_frame().columns[0] == name


def test_a_name_that_the_table_needs_is_refused():
    frames = [by_sex(*ends).rename(columns={"sex": "rates"}) for ends in (BEFORE, AFTER)]
    with pytest.raises(NotComputable, match="namnet 'rates' är upptaget"):
        kitagawa_by_sex(*frames, sex="rates")
