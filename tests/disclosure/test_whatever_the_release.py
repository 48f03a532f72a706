"""What is hidden cannot be worked out, whatever the release looks like: random releases, here and in the long run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from releases import RULE, assert_safe, recorded, releases

from vgstats.disclosure import (
    CannotProtect,
    HidingRule,
    Hierarchies,
    Ledger,
    Protected,
    audit,
    protect,
)
from vgstats.disclosure.attack import attack
from vgstats.disclosure.choose import choose
from vgstats.disclosure.statements import UNBOUNDED, Statements
from vgstats.disclosure.tables import build
from vgstats.observations import Key

Check = Callable[[st.DataObject, Path], None]


def sweep(count: int, check: Check, folder: Path) -> None:
    """Check so many random releases."""

    @settings(max_examples=count, suppress_health_check=[HealthCheck.too_slow])
    @given(st.data())
    def each(data: st.DataObject) -> None:
        check(data, folder)

    each()


def of_one_month(data: st.DataObject, folder: Path) -> None:
    assert_protected(data, 1, RULE)


def of_months_that_make_a_quarter(data: st.DataObject, folder: Path) -> None:
    assert_protected(data, 3, RULE)


def with_zeros_hidden(data: st.DataObject, folder: Path) -> None:
    assert_protected(data, 1, HidingRule(zeros_shown=False, threshold=4, width=3))


def assert_protected(data: st.DataObject, most_months: int, rule: HidingRule) -> None:
    counts, made_of, published = data.draw(releases(most_months))
    whole = build(counts, published, made_of, rule)
    assert_safe(whole, choose(whole, rule), rule)


def in_two_steps(data: st.DataObject, folder: Path) -> None:
    """What two releases show together gives nothing of either away."""
    counts, made_of, published = data.draw(releases())
    ledger = new_ledger(folder)
    everything = as_a_whole(counts, published, made_of)
    try:
        part = published[published["area"] != "lan:14"]
        first = recorded(counts, part, made_of, RULE, ledger)
        second = recorded(counts, published, made_of, RULE, ledger)
    except CannotProtect:
        return  # how often: see test_ledger
    assert first.secret <= second.secret
    assert set(first.shown().items()) <= set(second.shown().items())
    assert not unlocked(first, second, everything)


def revised_in_between(data: st.DataObject, folder: Path) -> None:
    """Nor does a release of counts that were corrected since, beside what is known of the first."""
    counts, made_of, published = data.draw(releases())
    ledger = new_ledger(folder)
    at = data.draw(st.integers(0, len(counts) - 1))
    revised = counts.assign(
        value=counts["value"].where(counts.index != at, data.draw(st.integers(0, 9)))
    )
    try:
        first = recorded(counts, published.iloc[::2], made_of, RULE, ledger)
        second = recorded(revised, published, made_of, RULE, ledger)
    except CannotProtect:
        return
    zeros = {key for key, value in second.shown().items() if value == 0}
    assert first.secret <= second.secret | zeros
    assert audit(second, second.shown()) == []


RULES = st.builds(
    HidingRule,
    threshold=st.sampled_from([3, 5, 10]),
    width=st.sampled_from([1, 3, 5, 10]),
    zeros_shown=st.booleans(),
)


def by_one_rule_after_another(data: st.DataObject, folder: Path) -> None:
    """Each number stays hidden as well as the strictest rule promised that it was hidden by."""
    counts, made_of, published = data.draw(releases())
    ledger = new_ledger(folder)
    promised: dict[Key, tuple[int, int]] = {}
    known: dict[Key, int] = {}
    for rule in data.draw(st.lists(RULES, min_size=2, max_size=3)):
        asked = published.sample(frac=data.draw(st.sampled_from([0.5, 1.0])), random_state=1)
        try:
            release = recorded(counts, asked, made_of, rule, ledger)
        except CannotProtect:
            continue
        for key in release.secret:
            width, floor = promised.get(key, (0, rule.hidden_from))
            promised[key] = max(width, rule.width), floor
        known |= release.shown()
    assert not promised.keys() & known.keys()
    whole = build(counts, published, made_of, RULE)
    rows = {whole.key(row): row for row in range(len(whole.keys))}
    low, high = np.zeros_like(whole.values), np.full_like(whole.values, UNBOUNDED)
    for key, (_, floor) in promised.items():
        low[rows[key]] = floor
    for key, value in known.items():
        low[rows[key]] = high[rows[key]] = value
    secret = [rows[key] for key in promised]
    found = attack(Statements(whole.matrix, low, high), secret)
    assert (found.widths >= [width for width, _ in promised.values()]).all()


def new_ledger(folder: Path) -> Ledger:
    return Ledger(folder / str(len(list(folder.iterdir()))) / "ledger")


def as_a_whole(counts: pd.DataFrame, published: pd.DataFrame, made_of: Hierarchies) -> Protected:
    """How the numbers of several releases hang together; nothing need be chosen for that."""
    return replace(protect(counts, published, made_of, HidingRule(mode="off")), rule=RULE)


def unlocked(first: Protected, second: Protected, everything: Protected) -> list[Key]:
    """What a reader of both releases can work out of what either hides."""
    known: Mapping[Key, int] = {**first.shown(), **second.shown()}
    secret = (first.secret | second.secret) - set(known)
    both = replace(everything, secret=frozenset(secret))
    taken_back = sorted((first.secret | second.secret) & set(known))
    return taken_back + audit(both, known)


CHECKS = [
    of_one_month,
    of_months_that_make_a_quarter,
    with_zeros_hidden,
    in_two_steps,
    revised_in_between,
    by_one_rule_after_another,
]


@pytest.mark.parametrize("check", CHECKS)
def test_no_hidden_number_of_a_release_can_be_worked_out(check: Check, tmp_path: Path):
    sweep(8, check, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("check", CHECKS)
def test_nor_of_many_releases(check: Check, tmp_path: Path):
    sweep(150, check, tmp_path)
