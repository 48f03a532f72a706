"""What is hidden cannot be worked out, whatever the release looks like."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, settings
from releases import GROUPS, RULE, county, cube, key, row_of, skewed, system

from vgstats.disclosure import CannotProtect, Hierarchies, Rule, calendar_wholes
from vgstats.disclosure.attack import attack, unsafe
from vgstats.disclosure.choose import choose
from vgstats.disclosure.statements import Mask
from vgstats.disclosure.tables import System, all_numbers, build

SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
QUARTERS = calendar_wholes([f"2008-{m:02d}" for m in range(1, 13)])


def assert_safe(whole: System, hidden: Mask, rule: Rule = RULE) -> None:
    """Attack with nothing but what is shown, in exact bounds."""
    small = (whole.values >= rule.hidden_from) & (whole.values < rule.threshold)
    assert not (small & ~hidden).any(), "a small number is shown"
    assert (whole.values[hidden] >= rule.hidden_from).all(), "a zero that is to be shown is hidden"
    rows = np.flatnonzero(hidden)
    bounds = attack(whole.statements(hidden), rows)
    assert (bounds.low <= whole.values[rows]).all() and (whole.values[rows] <= bounds.high).all()
    assert (bounds.widths >= rule.width).all(), "a hidden number can be worked out"


@pytest.mark.parametrize(("kommuner", "groups", "optimal"), [(8, 4, False), (5, 2, True)])
def test_the_order_of_the_rows_means_nothing(kommuner, groups, optimal):
    counts, made_of = county(kommuner, groups, years=1)
    whole = system(counts, made_of)
    again = system(counts.sample(frac=1, random_state=3), made_of)
    hidden = choose(whole, RULE, optimal=optimal)
    assert hidden.any() and (hidden == choose(again, RULE, optimal=optimal)).all()


def test_few_releases_are_refused():
    refused = 0
    for seed in range(60):
        counts = cube(["a", "b", "c"], ["2008"], GROUPS[:2], skewed((3, 1, 2, 2), seed, 5.0))
        try:
            choose(
                system(counts, Hierarchies(area={"lan:14": ("a", "b", "c")})), RULE, optimal=False
            )
        except CannotProtect:
            refused += 1
    assert refused == 0


def test_most_of_a_county_stays_readable():
    counts, made_of = county(20, years=1)
    whole = system(counts, made_of)
    hidden = choose(whole, RULE)
    assert whole.small(RULE).sum() >= 10, "the release tests nothing"
    assert hidden.mean() < 0.35
    assert not hidden[row_of(whole, key(period="2006"))]
    assert not hidden[row_of(whole, key(sex="kvinnor", period="2006"))]


def test_nothing_is_hidden_that_could_be_shown():
    counts, made_of = county(6, groups=2, years=1)
    whole = system(counts, made_of)
    hidden, primary = choose(whole, RULE), whole.small(RULE)
    extra = np.flatnonzero(hidden & ~primary)
    assert len(extra)
    for row in extra:
        fewer = hidden.copy()
        fewer[row] = False
        assert len(unsafe(whole.statements(fewer), np.flatnonzero(fewer), RULE.width))


def test_nothing_small_nothing_hidden():
    counts = cube(["a", "b"], ["2008"], ["g"], np.array([50, 60, 70, 80]))
    assert not choose(system(counts, Hierarchies()), RULE).any()


# The proof can fail ---------------------------------------------------------------------------


def test_without_the_secondary_choice_the_attack_gets_gotland_back():
    values = np.array([14, 3, 90, 80, 120, 130])  # men 3 of 17 in Gotland, counties' totals shown
    counts = cube(["lan:09", "lan:03", "lan:04"], ["2008"], ["g"], values)
    whole = system(counts, Hierarchies())
    small = whole.small(RULE)
    rows = np.flatnonzero(small)
    assert [whole.key(row)[1:4] for row in rows] == [("lan:09", "2008", "män")]
    bounds = attack(whole.statements(small), rows)
    assert (bounds.low[0], bounds.high[0]) == (3, 3)
    assert_safe(whole, choose(whole, RULE))


def test_without_it_most_small_cells_of_a_county_come_back():
    counts, made_of = county(20, groups=2, years=1)
    whole = system(counts, made_of)
    small = whole.small(RULE)
    bounds = attack(whole.statements(small), np.flatnonzero(small))
    assert (bounds.widths == 0).mean() > 0.5


def test_quarters_and_year_protected_apart_unlock_each_other():
    values = skewed((3, 12, 2, 1), 4, 2.0)
    counts = cube(
        ["a", "b", "c"], sorted({m for q in QUARTERS for m in QUARTERS[q]}), ["g"], values
    )
    made_of = Hierarchies(area={"lan:14": ("a", "b", "c")}, period=QUARTERS)
    published = all_numbers(counts, made_of)
    published = published[published["period"].isin(list(QUARTERS))]
    whole = build(counts, published, made_of, RULE)
    apart = np.zeros(len(whole.keys), dtype=bool)
    for period in QUARTERS:
        rows = (whole.keys["period"] == period).to_numpy()
        alone = build(counts, published[published["period"] == period], made_of, RULE)
        apart[rows] = choose(alone, RULE, optimal=False)
    assert len(unsafe(whole.statements(apart), np.flatnonzero(apart), RULE.width))
    assert_safe(whole, choose(whole, RULE, optimal=False))


# Golden cases -----------------------------------------------------------------------------------


def test_one_man_and_four_women_take_their_total_along():
    counts = cube(["a"], ["2008"], ["g"], np.array([4, 1]))
    whole = system(counts, Hierarchies())
    assert choose(whole, RULE).all()  # the total 5 with both parts hidden leaves 1 to 4
    assert_safe(whole, choose(whole, RULE))


def test_the_fifteen():
    # 15 = 10 + 3 + 1 + 1: hiding 3, 1 and 1 leaves 5 persons on three cells of at least 1.
    counts = cube(["a", "b", "c", "d"], ["2008"], ["g"], np.array([10, 0, 3, 0, 1, 0, 1, 0]))
    whole = system(counts, Hierarchies(area={"lan:14": ("a", "b", "c", "d")}))
    hidden = choose(whole, RULE)
    assert_safe(whole, hidden)
    women = row_of(whole, key("a", "kvinnor", "g")), row_of(whole, key("lan:14", "kvinnor", "g"))
    assert hidden[list(women)].any()


def test_an_unlucky_rate_cannot_be_protected():
    # 3 of 2 000, published as 1.5 per thousand: only the count 3 fits.
    counts = cube(["a", "b"], ["2008"], ["g"], np.array([30, 3, 40, 50]))
    published = all_numbers(counts, Hierarchies()).assign(known_low=pd.NA, known_high=pd.NA)
    rate = (published["area"] == "a") & (published["sex"] == "män")
    published.loc[rate, ["known_low", "known_high"]] = 3
    whole = build(counts, published, Hierarchies(), RULE)
    with pytest.raises(CannotProtect, match=r"pagaende_sjukfall a 2008 män g is too small") as e:
        choose(whole, RULE)
    assert e.value.key == key("a", "män", "g")
    assert e.value.merge["area"] == ("a", "b")


def test_the_error_names_what_to_merge():
    counts = cube(["a", "b"], ["2008-01", "2008-02"], GROUPS[:2], skewed((2, 2, 2, 2), 1, 9.0) + 1)
    counts.loc[0, "value"] = 2
    published = all_numbers(counts, Hierarchies(group={"": GROUPS[:2]})).assign(known_high=pd.NA)
    published.loc[(published["area"] == "a") & (published["sex"] == "kvinnor"), "known_high"] = 4
    counts["value"] = counts["value"].clip(upper=4).where(counts["area"] == "a", counts["value"])
    published["known_high"] = published["known_high"].where(published["group"] != "", pd.NA)
    whole = build(counts, published, Hierarchies(group={"": GROUPS[:2]}), RULE)
    with pytest.raises(CannotProtect) as e:
        choose(whole, RULE)
    assert set(e.value.merge) == {"group", "period", "area"}
    for labels in e.value.merge.values():
        assert all(repr(label) in str(e.value) for label in labels)
