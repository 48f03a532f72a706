"""Exchanges between places are moves that no shown number notices, and spare the linear problems."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
from releases import RULE, assert_safe, county, cube, key, row_of, system

from vgstats.disclosure import Hierarchies, explorer, moves, search
from vgstats.disclosure.attack import unsafe
from vgstats.disclosure.choose import blocks, choose
from vgstats.disclosure.evidence import Evidence
from vgstats.disclosure.statements import UNBOUNDED, solve
from vgstats.disclosure.swaps import Swaps
from vgstats.disclosure.tables import System

GROUPS = ("diagnos=F00-F99", "diagnos=M00-M99")


def three_places(values: list[int]) -> System:
    """By place (a, b, c), sex and two groups; the county's numbers are shown."""
    counts = cube(["a", "b", "c"], ["2008"], GROUPS, np.array(values))
    return system(counts, Hierarchies(area={"lan:14": ("a", "b", "c")}, group={"": GROUPS}))


def found(whole: System, row: int, change: int) -> list[np.ndarray]:
    """What exchanges there are where a base cell may be hidden at a price, and no sum."""
    sums = np.diff(whole.matrix.indptr) > 1
    down = np.concatenate([whole.values - whole.floor, whole.cells])
    swaps = Swaps(whole.matrix, whole.axes, down, np.full(len(down), UNBOUNDED))
    swaps.at_prices(np.where(sums, np.inf, 1.0))
    return swaps.find(row, change)


def test_what_one_place_gains_another_gives_in_both_sexes():
    whole = three_places([2, 50, 60, 70, 3, 9, 9, 8, 20, 21, 22, 23])
    row = row_of(whole, key("a", "kvinnor", GROUPS[0]))
    (best, *_) = found(whole, row, 5)
    moved = whole.matrix @ best
    assert moved[row] == 5 and not moved[np.diff(whole.matrix.indptr) > 1].any()
    assert best.reshape(3, 2, 2)[[0, 2]].tolist() == [[[5, -5], [-5, 5]], [[-5, 5], [5, -5]]]
    assert not best.reshape(3, 4)[1].any()  # who has too few to give


def test_two_places_give_together_what_neither_has():
    whole = three_places([2, 50, 60, 70, 4, 9, 9, 4, 4, 9, 9, 4])
    row = row_of(whole, key("a", "kvinnor", GROUPS[0]))
    moved = found(whole, row, 5)[0].reshape(3, 4)
    assert sorted(moved[1:, 0].tolist()) == [-3, -2] and moved[0, 0] == 5
    poor = three_places([2, 50, 60, 70, 2, 9, 9, 2, 2, 9, 9, 2])
    assert not [m for m in found(poor, row, 5) if (poor.cells + m >= 1).all()]


def counted(monkeypatch, *modules):
    asked = []

    def count(*args, **named):
        asked.append(1)
        return solve(*args, **named)

    for module in modules:
        monkeypatch.setattr(module, "solve", count)
    return asked


def test_a_hundred_places_with_three_cases_each_are_attacked_with_few_linear_problems(monkeypatch):
    places = [f"enhet:14-{n:03d}" for n in range(100)]
    values = np.array([[1, 2], [2, 1], [3, 0], [0, 3]] * 25)
    counts = cube(places, ["2008"], [""], values)
    whole = system(counts, Hierarchies(area={"lan:14": tuple(places)}))
    hidden = whole.small(RULE)
    asked = counted(monkeypatch, explorer)
    targets = np.flatnonzero(hidden)
    assert not len(unsafe(whole.statements(hidden), targets, RULE.width))
    assert len(targets) == 250 and len(asked) < 10


def test_what_to_hide_in_many_places_is_found_with_fewer_linear_problems_than_small_numbers(
    monkeypatch,
):
    whole = system(*county(40, years=1))
    asked = counted(monkeypatch, moves)
    hidden = choose(whole, RULE)
    small = int(whole.small(RULE).sum())
    assert small > 40 and hidden.sum() < 3 * small
    assert len(asked) < 8 * small
    assert_safe(whole, hidden)


def test_a_number_hidden_again_is_proved_by_what_proved_it_before():
    whole = system(*county(6, groups=2, years=1))
    (part,) = blocks(whole)
    primary = whole.small(RULE)[part.rows]
    tried = search._Search(part, primary)
    while len(still := tried.evidence.unsafe()):
        assert tried.secure(int(still[0]), np.isfinite(part.price) & ~tried.evidence.hidden)
    evidence: Evidence = tried.evidence
    before = evidence.down.copy(), evidence.up.copy()
    for row in np.flatnonzero(evidence.hidden).tolist():
        dropped = evidence.show(row)
        assert evidence.up[row] == 0 == evidence.down[row]
        evidence.hide_again(row, dropped)
        assert (evidence.down == before[0]).all() and (evidence.up == before[1]).all()


def test_prices_are_whole_so_that_the_same_is_chosen_on_every_machine():
    whole = system(*county(12, years=1))
    swaps = Swaps(whole.matrix, whole.axes, *np.full((2, sum(whole.matrix.shape)), 99))
    swaps.at_prices(np.random.default_rng(1).random(len(whole.keys)) * 9)
    assert (swaps._cost == np.rint(swaps._cost)).all() and swaps._cost.max() < 2**24


def test_places_are_told_apart_by_their_area_alone():
    counts, made_of = county(4, groups=2, years=2)
    axes = system(counts, made_of).axes
    cells = counts.sort_values(["measure", "area", "period", "sex", "group"])
    for column, name in enumerate(("area", "sex")):
        codes = pd.factorize(cells[name], sort=True)[0]
        assert (axes[:, column] == codes).all()
    assert len(set(map(tuple, axes[:, 1:]))) == len(list(product(range(2), range(2), range(2))))
