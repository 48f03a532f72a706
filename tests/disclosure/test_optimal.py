"""The proved choice is the cheapest there is, and the largest one says when there is none."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from releases import GROUPS, RULE, county, cube, releases, skewed, system
from test_choose import assert_safe

from vgstats.disclosure import (
    CannotProtect,
    Hierarchies,
    Rule,
    all_numbers,
    optimal,
    protect,
    widest,
)
from vgstats.disclosure import choose as chooser
from vgstats.disclosure.attack import attack, unsafe
from vgstats.disclosure.choose import blocks, choose, prices
from vgstats.disclosure.statements import Mask
from vgstats.disclosure.tables import System, build


def price(whole: System, hidden: Mask, rule: Rule = RULE) -> float:
    """What is paid for the numbers hidden for the sake of others."""
    return float(prices(whole, rule)[hidden & ~whole.small(rule)].sum())


def lowest_price(whole: System, rule: Rule) -> float:
    """The price of the cheapest safe choice, by trying them all, the cheapest first."""
    cost, primary = prices(whole, rule), whole.small(rule)
    free = np.flatnonzero(np.isfinite(cost) & ~primary)
    choices = np.array(list(product((False, True), repeat=len(free))))
    totals = choices @ cost[free]
    for number in np.argsort(totals, kind="stable"):
        hidden = primary.copy()
        hidden[free[choices[number]]] = True
        if not len(unsafe(whole.statements(hidden), np.flatnonzero(hidden), rule.width)):
            return float(totals[number])
    return np.inf


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("rule", [RULE, Rule(threshold=3, width=3, zeros_shown=False)])
def test_none_is_cheaper_of_all_choices(seed, rule):
    values = np.random.default_rng(seed).integers(0, 12, (3, 1, 2, 1))
    counts = cube(["a", "b", "c"], ["2008"], ["g"], values)
    whole = system(counts, Hierarchies(area={"lan:14": ("a", "b", "c")}), rule)
    lowest = lowest_price(whole, rule)
    if np.isinf(lowest):
        with pytest.raises(CannotProtect, match="even when everything"):
            choose(whole, rule)
    else:
        hidden = choose(whole, rule)
        assert_safe(whole, hidden, rule)
        assert price(whole, hidden, rule) == pytest.approx(lowest)


def test_nor_with_overlapping_areas_and_rounded_numbers():
    values = np.array([3, 9, 8, 2, 14, 6])
    counts = cube(["a", "b", "c"], ["2008"], ["g"], values)
    wholes = {"lan:14": ("a", "b", "c"), "hsn:14-01": ("a", "b")}
    exact = system(counts, Hierarchies(area=wholes))
    large = exact.values >= 15
    low = np.where(large, exact.values // 5 * 5, exact.values)
    rounded = exact.keys.assign(low=low, high=np.where(large, low + 4, exact.values))
    whole = build(counts, rounded, Hierarchies(area=wholes), RULE)
    hidden = choose(whole, RULE)
    assert_safe(whole, hidden)
    assert price(whole, hidden) == pytest.approx(lowest_price(whole, RULE))


@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(releases())
def test_it_is_safe_and_never_dearer_than_the_greedy_choice(release):
    counts, made_of, published = release
    whole = build(counts, published, made_of, RULE)
    hidden = choose(whole, RULE)
    assert_safe(whole, hidden)
    assert price(whole, hidden) <= price(whole, choose(whole, RULE, optimal=False)) + 1e-6


def test_a_small_county_gets_away_with_much_less():
    counts, made_of = county(5, groups=2, years=1)
    whole = system(counts, made_of)
    hidden, greedy = choose(whole, RULE), choose(whole, RULE, optimal=False)
    assert_safe(whole, hidden)
    assert hidden.sum() <= greedy.sum() // 2
    assert (choose(whole, RULE) == hidden).all()


def test_it_is_used_by_protect_unless_turned_off():
    counts, made_of = county(5, groups=2, years=1)
    every = all_numbers(counts, made_of)
    cheap = protect(counts, every, made_of, RULE)
    greedy = protect(counts, every, made_of, RULE, optimal=False)
    assert len(cheap.secret) < len(greedy.secret)


@pytest.mark.parametrize("limit", ["SECONDS", "_ROUNDS"])
def test_at_a_limit_it_is_the_greedy_choice_and_nothing_between(limit, monkeypatch):
    counts, made_of = county(5, groups=2, years=1)
    whole = system(counts, made_of)
    monkeypatch.setattr(optimal, limit, 1e-9 if limit == "SECONDS" else 3)
    assert (choose(whole, RULE) == choose(whole, RULE, optimal=False)).all()


# Whether there is any choice ---------------------------------------------------------------------


def unlucky() -> System:
    """3 of 2 000, published as 1.5 per thousand: only the count 3 fits."""
    counts = cube(["a", "b"], ["2008"], ["g"], np.array([30, 3, 40, 50]))
    published = all_numbers(counts, Hierarchies()).assign(known_low=pd.NA, known_high=pd.NA)
    rate = (published["area"] == "a") & (published["sex"] == "män")
    published.loc[rate, ["known_low", "known_high"]] = 3
    return build(counts, published, Hierarchies(), RULE)


def test_that_there_is_none_is_said_when_it_was_shown():
    with pytest.raises(CannotProtect, match="gives it away even when everything that may be"):
        choose(unlucky(), RULE)


def test_and_otherwise_that_the_search_gave_up(monkeypatch):
    def open_ended(*args):
        found = attack(*args)
        return replace(found, exact=np.zeros_like(found.exact))

    monkeypatch.setattr(widest, "attack", open_ended)
    with pytest.raises(CannotProtect, match="gave up before it was clear") as e:
        choose(unlucky(), RULE)
    assert "even when" not in str(e.value) and e.value.merge["area"] == ("a", "b")


def test_where_the_greedy_way_gets_stuck_the_largest_choice_is_thinned_out(monkeypatch):
    counts = cube(["a", "b", "c"], ["2008"], GROUPS[:2], skewed((3, 1, 2, 2), 1, 5.0))
    whole = system(counts, Hierarchies(area={"lan:14": ("a", "b", "c")}))
    usual = choose(whole, RULE, optimal=False)
    most = widest.widest(whole, RULE, np.isfinite(prices(whole, RULE)))
    monkeypatch.setattr(chooser, "_greedy", lambda *_: None)
    hidden = choose(whole, RULE, optimal=False)
    assert_safe(whole, hidden)
    assert usual.sum() <= hidden.sum() < most.sum()
    assert len(blocks(whole, RULE)) >= 1
