"""Changes and the bands that rounding leaves."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vgstats import VgstatsError, change, changes, published
from vgstats.methods.before_after import Change
from vgstats.methods.observed import period_pair, sex_gap
from vgstats.methods.shares import ShareChange
from vgstats.observations import Value

positive = st.floats(min_value=20, max_value=1e6)
units = st.sampled_from([0.1, 1.0, 10.0])


def published_as(truth: float, unit: float) -> Value:
    """A true number as a source would print it."""
    return Value(
        "ohalsotal", "lan:14", "2008", "alla", "", round(truth / unit) * unit, unit, "ok", ""
    )


@given(positive, positive, units, units)
def test_the_bands_always_hold_the_true_change(before, after, unit_before, unit_after):
    seen = Change(published_as(before, unit_before), published_as(after, unit_after))
    band, percents = seen.difference_band, seen.percent_band
    slack = 1e-6 * max(before, after)
    assert band.low - slack <= after - before <= band.high + slack
    assert percents.low - 1e-6 <= 100 * (after / before - 1) <= percents.high + 1e-6
    assert band.low <= seen.difference <= band.high
    assert percents.low <= seen.percent <= percents.high


@given(positive, positive, st.floats(1, 99), st.floats(1, 99))
def test_the_band_of_a_count_behind_a_share_holds_the_true_change(total0, total1, share0, share1):
    measures = {"measure": "sjukfall_60_dagar_andel", "group": "grad=hel"}
    ends = (replace(published_as(number, 1.0), **measures) for number in (share0, share1))
    share = Change(*ends)
    if share.before.value < 1:
        return
    ends = (published_as(number, 1.0) for number in (total0, total1))
    total = Change(*(replace(end, measure="sjukfall_60_dagar") for end in ends))
    truth = 100 * (total1 * share1 / (total0 * share0) - 1)
    band = ShareChange(share, total).percent_band
    assert band.low - 1e-6 * abs(truth) - 1e-6 <= truth <= band.high + 1e-6 * abs(truth) + 1e-6


def test_the_band_of_a_value_that_may_be_zero_has_no_per_cent():
    seen = Change(published_as(0, 1.0), published_as(30, 1.0))
    assert math.isnan(seen.percent)
    assert math.isnan(seen.percent_band.low)


def test_the_psychiatric_cases_fell_by_between_40_and_44_per_cent():
    figures = published()
    share = change(
        figures, "sjukfall_60_dagar_andel", "lan:14", "2005", "2008", group="diagnos=F00-F99"
    )
    cases = ShareChange(share, change(figures, "sjukfall_60_dagar", "lan:14", "2005-12", "2008-12"))
    assert (cases.before.value, cases.after.value) == (11476, 6615)
    assert cases.percent == pytest.approx(-42.4, abs=0.05)
    assert cases.percent_band.low == pytest.approx(-44.16, abs=0.005)
    assert cases.percent_band.high == pytest.approx(-40.5, abs=0.005)


def test_the_gap_between_the_sexes_adds_both_roundings():
    gaps = [sex_gap(published(), "ohalsotal", "lan:14", p) for p in ("2005-12", "2008-12")]
    seen = Change(*gaps)
    assert (round(seen.before.value, 9), round(seen.after.value, 9)) == (17.4, 14.4)
    assert seen.difference_band.low == pytest.approx(-3.2)
    assert seen.difference_band.high == pytest.approx(-2.8)


def test_a_month_without_figures_is_answered_by_its_year():
    figures = published()
    pair = period_pair(figures, "sa_mottagare", "lan:14", "2005-12", "2008-12")
    assert pair == ("2005", "2008")
    pair = period_pair(figures, "ohalsotal", "lan:14", "2005-12", "2008-12")
    assert pair == ("2005-12", "2008-12")


def test_a_year_is_answered_by_its_december_for_rolling_measures_only():
    figures = published()
    assert period_pair(figures, "ohalsotal", "lan:14", "2005", "2008") == ("2005-12", "2008-12")
    assert period_pair(figures, "sjukfall_60_dagar", "lan:14", "2005", "2008") is None


def test_a_missing_value_is_named_with_the_periods_that_there_are():
    with pytest.raises(VgstatsError, match=r"ohalsotal for lan:01.*figures: 2011-12"):
        change(published(), "ohalsotal", "lan:01", "2005-12", "2008-12")


def test_all_changes_of_a_period_come_as_one_tidy_frame():
    table = changes(published(), "2005-12", "2008-12")
    vg = table[(table["area"] == "lan:14") & (table["measure"] == "ohalsotal")]
    assert sorted(vg["sex"]) == ["alla", "kvinnor", "män"]
    assert len(table[table["area"].str.startswith("kommun")]) == 10


def test_both_values_of_a_change_have_the_same_form():
    figures = published()
    # Recipients stand as 2005 and as December 2018: a year is not set against a month.
    assert period_pair(figures, "sa_mottagare", "lan:14", "2005", "2018-12") is None
    pair = period_pair(figures, "ohalsotal", "lan:14", "2005-12", "2008")
    assert pair == ("2005-12", "2008-12")


@pytest.mark.parametrize(
    "other", [{"area": "riket"}, {"sex": "män"}, {"measure": "sjukpenningtal"}]
)
def test_a_change_is_of_one_thing(other):
    value = published_as(40, 0.1)
    with pytest.raises(VgstatsError, match="There is no change from"):
        Change(value, replace(value, **other))


def a_value(measure: str, period: str, value: float, **other: str) -> Value:
    key = {"area": "lan:14", "sex": "alla", "group": ""} | other
    return Value(measure, key["area"], period, key["sex"], key["group"], value, 1.0, "ok", "x")


def from_to(measure: str, before: str, after: str, **other: str) -> Change:
    return Change(a_value(measure, before, 990, **other), a_value(measure, after, 50, **other))


SHARE = from_to("sjukfall_60_dagar_andel", "2005", "2008", group="diagnos=F00-F99")
OF = "sjukfall_60_dagar"


@pytest.mark.parametrize("total", [from_to(OF, "2005", "2008"), from_to(OF, "2005-12", "2008-12")])
def test_a_share_stands_beside_the_counts_it_is_of(total):
    assert ShareChange(SHARE, total).share is SHARE
    by_sex = from_to("sjukfall_60_dagar_andel", "2005", "2008", sex="kvinnor")
    assert ShareChange(by_sex, total), "a share of one sex is of the cases of both"
    inner = from_to("sjukfall_60_dagar_andel", "2005", "2008", group="diagnos=F00-F99;grad=hel")
    assert ShareChange(inner, from_to(OF, "2005", "2008", group="grad=hel"))  # of all such cases


@pytest.mark.parametrize(
    ("share", "total", "because"),
    [
        (SHARE, from_to(OF, "2005", "2008", area="lan:12"), "its area is 'lan:12'"),
        (SHARE, from_to(OF, "2006", "2008"), "the periods differ"),
        (SHARE, from_to(OF, "2005", "2009"), "the periods differ"),
        (SHARE, from_to(OF, "2005", "2008", sex="män"), "its sex is 'män'"),
        (SHARE, from_to("pagaende_sjukfall", "2005", "2008"), "its measure is 'pagaende_sjukfall'"),
        (SHARE, SHARE, "its measure is 'sjukfall_60_dagar_andel'"),
        (SHARE, from_to(OF, "2005", "2008", group="diagnos=F00-F99"), "does not hold"),
        (SHARE, from_to(OF, "2005", "2008", group="grad=hel"), "does not hold"),
        (from_to(OF, "2005", "2008"), from_to(OF, "2005", "2008"), "a measure of shares"),
        (
            from_to("sjukfall_60_dagar_andel", "2005", "2008", sex="kvinnor", group="grad=hel"),
            from_to(OF, "2005", "2008"),
            "Take counts with the sex 'kvinnor'",
        ),
    ],
)
def test_a_share_never_stands_beside_the_counts_of_something_else(share, total, because):
    with pytest.raises(VgstatsError, match=because):
        ShareChange(share, total)


@pytest.mark.parametrize(
    ("before", "after"), [("2008", "2005"), ("2008-12", "2008-06"), ("2008-12", "2008")]
)
def test_a_change_goes_forward_in_time(before, after):
    with pytest.raises(VgstatsError, match="must lie before"):
        from_to("ohalsotal", before, after)


def test_values_of_twelve_months_that_share_some_say_so():
    found = from_to("ohalsotal", "2008-06", "2008-12")
    assert found.shared_months == 6
    assert found.to_frame()["shared_months"].tolist() == [6]
    assert "räknar delvis samma månader, 6 av 12" in str(found.sentence())
    for measure, before in (("ohalsotal", "2007-12"), ("pagaende_sjukfall", "2008-06")):
        apart = from_to(measure, before, "2008-12")
        assert apart.shared_months == 0
        assert "samma månader" not in str(apart.sentence())
