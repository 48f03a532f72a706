"""What is hidden cannot be worked out, whatever the release looks like."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from releases import (
    GROUPS,
    RULE,
    all_numbers,
    assert_safe,
    calendar_wholes,
    county,
    cube,
    key,
    recorded,
    row_of,
    skewed,
    system,
)

from vgstats.disclosure import CannotProtect, HidingRule, Hierarchies, Ledger, apart
from vgstats.disclosure import choose as chooser
from vgstats.disclosure.attack import attack, unsafe
from vgstats.disclosure.choose import choose
from vgstats.disclosure.tables import System, build

QUARTERS = calendar_wholes([f"2008-{m:02d}" for m in range(1, 13)])


def test_the_order_of_the_rows_means_nothing():
    counts, made_of = county(8, years=1)
    whole = system(counts, made_of)
    again = system(counts.sample(frac=1, random_state=3), made_of)
    hidden = choose(whole, RULE)
    assert hidden.any() and (hidden == choose(again, RULE)).all()


@pytest.mark.parametrize("count", [10, pytest.param(200, marks=pytest.mark.long)])
def test_no_release_of_three_places_is_refused(count: int):
    for seed in range(count):
        counts = cube(["a", "b", "c"], ["2008"], GROUPS[:2], skewed((3, 1, 2, 2), seed, 5.0))
        choose(system(counts, Hierarchies(area={"lan:14": ("a", "b", "c")})), RULE)


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
        apart[rows] = choose(alone, RULE)
    assert len(unsafe(whole.statements(apart), np.flatnonzero(apart), RULE.width))
    assert_safe(whole, choose(whole, RULE))


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


def test_an_unknown_cell_beside_known_ones_is_no_way_to_fall(tmp_path):
    # The total was hidden at 3 and is 8 after a revision. Män, 8, are shown and kvinnor, 0, never were, so the
    # total can rise by kvinnor and not fall.
    rule, ledger = HidingRule(threshold=4, width=3, zeros_shown=False), Ledger(tmp_path / "ledger")
    counts = cube(["a"], ["2008"], ["g"], np.array([0, 3]))
    recorded(counts, counts.iloc[:1].assign(sex="alla"), Hierarchies(), rule, ledger)
    revised = counts.assign(value=[0, 8])
    for _ in range(2):
        release = recorded(revised, counts.iloc[1:], Hierarchies(), rule, ledger)
        assert release.shown() == {key("a", "män", "g"): 8}
        assert release.secret == {key("a", "alla", "g")}


# Whether there is any choice ---------------------------------------------------------------------


def cornered() -> System:
    """One count has become small since all numbers were shown, and its totals have not."""
    periods, groups = ["2008-01", "2008-02"], GROUPS[:2]
    counts = cube(["a", "b"], periods, groups, skewed((2, 2, 2, 2), 1, 9.0) + 9)
    counts.loc[0, "value"] = 3
    every = all_numbers(counts, Hierarchies())
    plain = build(counts, every, Hierarchies(), RULE)
    shown = np.where(plain.values == 3, 30, plain.values)
    earlier = plain.keys.assign(was=shown, width=None, floor=None)
    return build(counts, every, Hierarchies(), RULE, earlier)


def test_that_there_is_none_is_said_when_it_was_shown():
    with pytest.raises(CannotProtect, match="gives it away even when everything that may be") as e:
        choose(cornered(), RULE)
    assert e.value.key == key("a", "kvinnor", GROUPS[0], "2008-01")


def test_and_otherwise_that_the_search_gave_up(monkeypatch):
    def open_ended(*args):
        found = attack(*args)
        return replace(found, exact=np.zeros_like(found.exact))

    monkeypatch.setattr(chooser, "attack", open_ended)
    with pytest.raises(CannotProtect, match="gave up before it was clear") as e:
        choose(cornered(), RULE)
    assert "even when" not in str(e.value)


def test_the_error_names_what_to_merge():
    with pytest.raises(CannotProtect) as e:
        choose(cornered(), RULE)
    assert e.value.merge["area"] == ("a", "b") and set(e.value.merge) == {"group", "period", "area"}
    for labels in e.value.merge.values():
        assert all(repr(label) in str(e.value) for label in labels)


def test_where_the_greedy_way_gets_stuck_the_largest_choice_is_thinned_out(monkeypatch):
    counts = cube(["a", "b", "c"], ["2008"], GROUPS[:2], skewed((3, 1, 2, 2), 1, 5.0))
    whole = system(counts, Hierarchies(area={"lan:14": ("a", "b", "c")}))
    usual = choose(whole, RULE)
    most = chooser.widest(whole, RULE)
    monkeypatch.setattr(chooser, "greedy", lambda *_: None)
    hidden = choose(whole, RULE)
    assert_safe(whole, hidden)
    assert usual.sum() <= hidden.sum() < most.sum()


def test_blocks_are_decided_alike_in_one_process_and_in_several(monkeypatch):
    whole = system(*county(4, groups=2, years=2))
    found = []
    for worth in (10**9, 0):
        monkeypatch.setattr(apart, "_WORTH", worth)
        found.append(choose(whole, RULE))
    assert found[0].any() and np.array_equal(*found)
