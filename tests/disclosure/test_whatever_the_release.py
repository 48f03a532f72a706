"""What is hidden cannot be worked out in 500 random releases a run.

These take most of the time of this folder. They are in shares, and last by name, so that pytest-xdist, which hands
out tests in large lots at first and one by one at the end, keeps all its workers busy.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from releases import RULE, releases
from test_choose import SLOW, assert_safe

from vgstats.disclosure import Rule
from vgstats.disclosure.choose import choose
from vgstats.disclosure.tables import build


@pytest.mark.parametrize("share", range(5))
@settings(SLOW, max_examples=50)
@given(release=releases())
def test_no_hidden_number_of_a_release_can_be_worked_out(share, release):
    counts, made_of, published = release
    whole = build(counts, published, made_of, RULE)
    assert_safe(whole, choose(whole, RULE, optimal=False))


@pytest.mark.parametrize("share", range(3))
@settings(SLOW, max_examples=50)
@given(release=releases(most_months=3))
def test_nor_when_months_and_quarters_are_linked(share, release):
    counts, made_of, published = release
    whole = build(counts, published, made_of, RULE)
    assert_safe(whole, choose(whole, RULE, optimal=False))


@settings(SLOW, max_examples=50)
@given(releases())
def test_nor_when_zeros_are_hidden_too(release):
    counts, made_of, published = release
    rule = Rule(zeros_shown=False, threshold=4, width=3)
    whole = build(counts, published, made_of, rule)
    assert_safe(whole, choose(whole, rule, optimal=False), rule)


@settings(SLOW, max_examples=50)
@given(releases())
def test_nor_when_the_large_numbers_are_shown_rounded(release):
    counts, made_of, published = release
    exact = build(counts, published, made_of, RULE)
    low = exact.values // 5 * 5
    rounded = exact.keys.assign(low=low, high=low + 4)
    whole = build(counts, rounded, made_of, RULE)
    assert_safe(whole, choose(whole, RULE, optimal=False))
