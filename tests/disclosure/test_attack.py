"""The attacker finds exactly what can be found: no more, no less."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from releases import GROUPS, RULE, all_numbers, cube, key, row_of
from scipy import sparse

from vgstats.disclosure.attack import attack, unsafe
from vgstats.disclosure.statements import (
    UNBOUNDED,
    ContradictionError,
    Problem,
    Statements,
    solve,
)
from vgstats.disclosure.tables import Hierarchies, build
from vgstats.observations import KEY

FREE = (1, UNBOUNDED)


def statements(matrix: list[list[int]], said: list[int | tuple[int, int]]) -> Statements:
    bounds = [(s, s) if isinstance(s, int) else s for s in said]
    low, high = (np.array(side, dtype=np.int64) for side in zip(*bounds, strict=True))
    return Statements(sparse.csr_array(np.array(matrix, dtype=np.int64)), low, high)


def enumerated(known: Statements, targets: list[int], most: int) -> list[tuple[int, int]]:
    """The bounds by trying every combination of whole numbers up to `most`: no solver."""
    points = np.array(list(product(range(most + 1), repeat=known.matrix.shape[1])))
    rows = points @ known.matrix.toarray().T
    agree = ((rows >= known.low) & (rows <= known.high)).all(axis=1)
    values = rows[agree][:, targets]
    return list(zip(values.min(axis=0).tolist(), values.max(axis=0).tolist(), strict=True))


def random_statements(random: np.random.Generator) -> tuple[Statements, list[int], int]:
    """Some cells and random sums of them: some shown, some rounded, some hidden, the total shown."""
    cells = int(random.integers(3, 6))
    sums = random.integers(0, 2, (int(random.integers(2, 6)), cells))
    sums = sums[sums.sum(axis=1) > 0]
    matrix = np.vstack([np.eye(cells, dtype=int), sums, np.ones((1, cells), dtype=int)])
    truth = matrix @ random.integers(0, 4, cells)
    kind = random.choice(["shown", "rounded", "hidden"], p=[0.35, 0.15, 0.5], size=len(truth))
    kind[-1] = "shown"
    kind[(truth == 0) & (kind == "hidden")] = "shown"
    said = {"shown": lambda v: (v, v), "rounded": lambda v: (max(v - 1, 0), v + 2)}
    bounds = [said[k](v) if k in said else FREE for k, v in zip(kind, truth.tolist(), strict=True)]
    targets = np.flatnonzero(kind == "hidden").tolist()
    return statements(matrix.tolist(), bounds), targets, int(truth[-1])


def test_agrees_with_trying_every_combination():
    random = np.random.default_rng(6)
    compared = 0
    while compared < 400:
        known, targets, total = random_statements(random)
        if not targets or total > 9:
            continue
        truth = enumerated(known, targets, total)
        bounds = attack(known, targets)
        assert list(zip(bounds.low.tolist(), bounds.high.tolist(), strict=True)) == truth
        assert bounds.exact.all()
        narrow = [t for t, (low, high) in zip(targets, truth, strict=True) if high - low < 3]
        assert unsafe(known, targets, 3).tolist() == narrow
        compared += len(targets)


def test_whole_numbers_bound_tighter_than_real_ones():
    # Three kommuner, each two together hold an odd number: in real numbers each could be 1.5; and with a fourth
    # number that takes up what is left, real numbers reach a half further than whole ones.
    matrix = [[1, 0, 0, 0, 0], [1, 1, 0, 1, 0], [1, 0, 1, 0, 1], [0, 1, 1, 0, 0], [0, 0, 0, 1, 1]]
    known = statements(matrix, [(0, UNBOUNDED), (3, 4), (3, 4), 3, 0])
    linear = solve(
        -np.array(matrix[0], dtype=float),
        Problem(
            known.matrix,
            known.low,
            known.high,
            np.zeros(5, dtype=np.int64),
            np.full(5, UNBOUNDED),
        ),
    )
    assert -linear.bound == pytest.approx(2.5)
    bounds = attack(known, [0])
    assert bounds.high.tolist() == [2] and bounds.exact.all()
    assert enumerated(known, [0], 5) == [(bounds.low[0], 2)]


def test_a_cube_where_real_numbers_say_safe_and_whole_ones_do_not():
    # Found by search: kommun x quarter x group, 28 numbers hidden, for kvinnor and the same again for män. One number
    # can be 1 to 3 persons, in real numbers up to 3.5; of both sexes 2 to 6, in real numbers up to 7: width 5.
    cells = "614212464623236622333265224"
    rows = "5 6 7 9 10 11 13 14 15 21 22 23 26 27 30 31 33 34 37 38 41 43 45 46 47 53 55 59"
    values = np.repeat(np.array([int(c) for c in cells]).reshape(3, 3, 1, 3), 2, axis=2)
    quarters = ("2008-Q1", "2008-Q2", "2008-Q3")
    counts = cube(["a", "b", "c"], quarters, GROUPS[:3], values)
    wholes = {"area": {"lan:14": ("a", "b", "c")}, "group": {"": GROUPS[:3]}}
    made_of = Hierarchies(**wholes, period={"2008": quarters})
    both = key("b", "alla", "diagnos=M00-M99", "2008-Q1")
    every = all_numbers(counts, made_of)
    whole = build(
        counts,
        every[(every["sex"] != "alla") | (every[KEY] == list(both)).all(axis=1)],
        made_of,
        RULE,
    )
    target = row_of(whole, both)
    hidden = np.zeros(len(whole.values), dtype=bool)
    hidden[target] = True
    for sex in ("kvinnor", "män"):
        mine = np.flatnonzero(whole.keys["sex"] == sex)
        hidden[mine[[int(row) for row in rows.split()]]] = True
    known = whole.statements(hidden)
    goal = known.matrix[[target]].toarray()[0].astype(float)
    nothing = 0 * whole.cells
    asked = Problem(known.matrix, known.low, known.high, nothing, nothing + UNBOUNDED)
    lowest, highest = solve(goal, asked).bound, -solve(-goal, asked).bound
    assert highest - lowest == pytest.approx(RULE.width)
    bounds = attack(known, [target])
    assert bounds.exact.all() and (bounds.low[0], bounds.high[0]) == (2, 6)
    assert unsafe(known, [target], RULE.width).tolist() == [target]


def test_the_fifteen_that_gives_two_ones_away():
    # 15 = 10 + 3 + x + x with hidden numbers of at least 1 (sdcTools/UserSupport#194).
    matrix = [[1, 1, 1, 1], *np.eye(4, dtype=int).tolist()]
    known = statements(matrix, [15, 10, 3, FREE, FREE])
    bounds = attack(known, [3, 4])
    assert bounds.low.tolist() == [1, 1] and bounds.high.tolist() == [1, 1]
    with_zeros_hidden = statements(matrix, [15, 10, 3, (0, UNBOUNDED), (0, UNBOUNDED)])
    assert attack(with_zeros_hidden, [3, 4]).high.tolist() == [2, 2]


def test_one_man_and_four_women_beside_their_total():
    # Inera's mode "on total": 5 is shown, and split by sex. Even with both parts hidden they are 1 to 4.
    known = statements([[1, 1], [1, 0], [0, 1]], [5, FREE, FREE])
    bounds = attack(known, [1, 2])
    assert bounds.low.tolist() == [1, 1] and bounds.high.tolist() == [4, 4]
    assert unsafe(known, [1, 2], 5).tolist() == [1, 2]


def test_a_total_over_shown_cells_leaks_beside_the_true_one():
    # ACRO shows kvinnor All = 221, without Gotland's 3; another table has the true 224.
    matrix = [[1, 0, 0], [0, 1, 1], [1, 1, 1]]
    bounds = attack(statements(matrix, [FREE, 221, 224]), [0])
    assert bounds.low.tolist() == bounds.high.tolist() == [3]


def test_what_nothing_bounds_has_no_highest_value():
    known = statements([[1, 0], [1, 1]], [FREE, FREE])
    bounds = attack(known, [0, 1])
    assert bounds.high.tolist() == [UNBOUNDED, UNBOUNDED]
    assert (bounds.widths >= UNBOUNDED).all() and not len(unsafe(known, [0, 1], 5))


def test_a_sum_over_unlinked_parts_is_as_wide_as_the_parts_together():
    matrix = [[1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0]]
    known = statements(matrix, [3, 4, FREE])
    assert attack(known, [2]).widths.tolist() == [6]  # 1..7
    assert unsafe(known, [2], 6).tolist() == [] and unsafe(known, [2], 7).tolist() == [2]


def test_numbers_that_do_not_add_up_are_refused():
    with pytest.raises(ContradictionError, match="contradict each other"):
        unsafe(statements([[1, 1], [1, 0], [0, 1]], [5, 3, 3]), [], 5)
    # each pair sums to an odd number: possible in halves, not in whole persons
    odd = statements([[1, 1, 0], [1, 0, 1], [0, 1, 1], [1, 1, 1]], [3, 3, 3, FREE])
    with pytest.raises(ContradictionError):
        attack(odd, [3])


def test_a_point_that_does_not_hold_proves_nothing():
    known = statements([[1, 1], [1, 0]], [5, FREE])
    far = np.array([900, 900])
    assert attack(known, [1], [far]).high.tolist() == [5]
    assert unsafe(known, [1], 5, [far]).tolist() == [1]
